using Microsoft.CodeAnalysis;
using NetGen.Generator.Diagnostics;

namespace NetGen.Generator.Tests.Diagnostics;

/// <summary>Advice: what it says and where, and the declarations next to it of which it says nothing.</summary>
public class LintTests
{
    /// <summary>Id, layers and loss of a network with four inputs, marked text, message.</summary>
    public static readonly TheoryData<string, string, string, string> Cases = new()
    {
        {
            "NG0301", "[Dense(8), Sigmoid, Dense(8), Sigmoid, Dense(8), Sigmoid, Dense(8), Sigmoid, Dense(1)] [MeanSquaredError]",
            "Sigmoid",
            "Layer 8 of 'Mlp' is the last of 4 saturating activations: a sigmoid's slope is at most 0.25, so what reaches the first layer is "
                + "at most 0.25^4 = 0.003906 of the gradient; take ReLU for hidden layers, or normalise between them"
        },
        {
            "NG0301", "[Dense(8), Tanh, Dense(8), Sigmoid, Dense(8), Tanh, Dense(8), Tanh, Dense(8), Sigmoid, Dense(1)] [MeanSquaredError]",
            "Sigmoid",
            "Layer 10 of 'Mlp' is the last of 5 saturating activations: a sigmoid's slope is at most 0.25, so what reaches the first layer is "
                + "at most 0.25^2 = 0.0625 of the gradient; take ReLU for hidden layers, or normalise between them"
        },
        {
            "NG0301", "[Dense(8), Tanh, Dense(8), Tanh, Dense(8), Tanh, Dense(8), Tanh, Dense(1)] [MeanSquaredError]", "Tanh",
            "Layer 8 of 'Mlp' is the last of 4 saturating activations: tanh has a slope of 1 only at 0, and below 0.42 beyond ±1, so the "
                + "gradient shrinks with each; take ReLU for hidden layers, or normalise between them"
        },
        {
            "NG0302", "[Dense(1), Sigmoid] [MeanSquaredError]", "MeanSquaredError",
            "MeanSquaredError of 'Mlp' follows Sigmoid, whose slope vanishes where it is sure: a sure mistake is hardly corrected; "
                + "BinaryCrossEntropy has no such flat parts"
        },
        {
            "NG0302", "[Dense(3), Softmax] [HalfSquaredError]", "HalfSquaredError",
            "HalfSquaredError of 'Mlp' follows Softmax, whose slope vanishes where it is sure: a sure mistake is hardly corrected; "
                + "CrossEntropy has no such flat parts"
        },
        {
            "NG0303", "[Dense(8), Softmax, Dense(3)] [MeanSquaredError]", "Softmax",
            "Softmax, layer 2 of 'Mlp', is followed by Dense: its outputs sum to 1 and compete with each other; take it as the last layer only"
        },
        {
            "NG0304", "[Dense(8), Dense(3)] [MeanSquaredError]", "Dense(3)",
            "Layers 1 and 2 of 'Mlp' have no activation between them: together they are one linear map from 4 to 3 values; put an activation "
                + "between them, or leave one out"
        },
        {
            "NG0304", "[Dense(8), Dropout(0.5f), Dense(3)] [MeanSquaredError]", "Dense(3)",
            "Layers 1 and 3 of 'Mlp' have no activation between them: together they are one linear map from 4 to 3 values; put an activation "
                + "between them, or leave one out"
        },
        {
            "NG0305", "[Dense(3), Softmax, Flatten, ReLU] [MeanAbsoluteError]", "ReLU",
            "ReLU, layer 4 of 'Mlp', follows Softmax: the outputs are probabilities before it and no longer after it; remove one of the two"
        },
        {
            "NG0306", "[Dense(3), Dropout(0.5f), Softmax] [CrossEntropy]", "Dropout(0.5f)",
            "Dropout, layer 2 of 'Mlp', stands behind the last layer with weights: it sets predictions to 0 in training, not features; put it before"
        },
        {
            "NG0308", "[Dense(8, Init = Init.He), Tanh, Dense(3)] [MeanSquaredError]", "Dense(8, Init = Init.He)",
            "Layer 1 of 'Mlp' starts with Init.He before Tanh; Init.Xavier is made for it"
        },
        {
            "NG0308", "[Dense(8, Init = Init.Xavier), GELU, Dense(3)] [MeanSquaredError]", "Dense(8, Init = Init.Xavier)",
            "Layer 1 of 'Mlp' starts with Init.Xavier before GELU; Init.He is made for it"
        },
        {
            "NG0308", "[Dense(8, Init = Init.HeNormal), Sigmoid, Dense(3)] [MeanSquaredError]", "Dense(8, Init = Init.HeNormal)",
            "Layer 1 of 'Mlp' starts with Init.HeNormal before Sigmoid; Init.XavierNormal is made for it"
        },
        {
            "NG0308", "[Dense(8, Init = Init.XavierNormal), ReLU, Dense(3)] [MeanSquaredError]", "Dense(8, Init = Init.XavierNormal)",
            "Layer 1 of 'Mlp' starts with Init.XavierNormal before ReLU; Init.HeNormal is made for it"
        },
        {
            "NG0309", "[Dense(1), Sigmoid] [SquaredHinge]", "SquaredHinge",
            "SquaredHinge of 'Mlp' compares with -1 and 1, but Sigmoid gives values from 0 to 1; end in Dense, or in Tanh"
        },
        {
            "NG0310", "[Dense(8), BatchNorm, ReLU, Dense(3)] [MeanSquaredError]", "Dense(8)",
            "BatchNorm subtracts the bias of Dense, layer 1 of 'Mlp', together with the mean; set Bias = false"
        },
    };

    [Theory, MemberData(nameof(Cases))]
    public void Advice_stands_at_its_place(string id, string layers, string marked, string message)
    {
        GeneratorHarness run = GeneratorHarness.Run($"[Network(4)] {layers} public partial class Mlp;");

        Diagnostic diagnostic = Assert.Single(run.Diagnostics);
        Assert.Equal($"{id} [{marked}] {message}", GeneratorHarness.Describe(diagnostic));
        Assert.NotEqual(DiagnosticSeverity.Error, diagnostic.Severity);
        Assert.NotEmpty(run.Sources);
    }

    [Theory]
    [InlineData("[Dense(8), Sigmoid, Dense(8), Sigmoid, Dense(8), Sigmoid, Dense(1)] [MeanSquaredError]")]
    [InlineData("[Dense(8), Tanh, Dense(8), Tanh, Dense(8), Tanh, Dense(1), Sigmoid] [BinaryCrossEntropy]")]
    [InlineData("[Dense(8), Tanh, Dense(8), Tanh, Dense(8), ReLU, Dense(8), Tanh, Dense(8), Tanh, Dense(1)] [MeanSquaredError]")]
    [InlineData("[Dense(1), Tanh] [MeanSquaredError]")]
    [InlineData("[Dense(1), Sigmoid] [MeanAbsoluteError]")]
    [InlineData("[Dense(3), Softmax, Flatten] [MeanAbsoluteError]")]
    [InlineData("[Dense(3), Dense(4)] [MeanSquaredError]")]
    [InlineData("[Dense(8), ReLU, Dropout(0.5f), Dense(3)] [MeanSquaredError]")]
    [InlineData("[Dense(8), Dropout(0.5f), ReLU, Dense(3)] [MeanSquaredError]")]
    [InlineData("[Dense(8, Init = Init.He), ReLU, Dense(3)] [MeanSquaredError]")]
    [InlineData("[Dense(8, Init = Init.Xavier), Tanh, Dense(3, Init = Init.He)] [MeanSquaredError]")]
    [InlineData("[Dense(1), Tanh] [Hinge]")]
    [InlineData("[Dense(8, Bias = false), BatchNorm, ReLU, Dense(3)] [MeanSquaredError]")]
    [InlineData("[Dense(8), ReLU, BatchNorm, Dense(3)] [MeanSquaredError]")]
    public void Sound_neighbours_are_left_alone(string layers) =>
        Assert.Empty(GeneratorHarness.Run($"[Network(4)] {layers} public partial class Mlp;").Diagnostics);

    /// <summary>Three linear values that pass through one: a rank, not a mistake.</summary>
    [Fact]
    public void Narrow_factor_is_no_collapse()
    {
        Assert.Empty(GeneratorHarness.Run("[Network(4)] [Dense(3), Dense(4)] public partial class Mlp;").Diagnostics);
        Assert.Equal(
            "NG0304", Assert.Single(GeneratorHarness.Run("[Network(4)] [Dense(4), Dense(4)] public partial class Mlp;").Diagnostics).Id);
    }

    [Fact]
    public void Network_default_sets_no_initialisation_by_hand() =>
        Assert.Empty(GeneratorHarness.Run("[Network(4, Init = Init.He)] [Dense(8), Tanh, Dense(3)] public partial class Mlp;").Diagnostics);

    [Fact]
    public void Inputs_and_several_losses_are_no_layers()
    {
        GeneratorHarness run = GeneratorHarness.Run("""
            [Network(4)] [Input("b", 3)] [Concat("b"), Dense(8), Dense(5), ReLU, Mark("trunk")]
            [Dense(1), Sigmoid, Output("value"), From("trunk"), Dense(3), Softmax, Output("policy")]
            [MeanSquaredError(Output = "value"), CrossEntropy(Output = "policy")] public partial class Mlp;
            """);

        Assert.Equal(
            "NG0304 [Dense(5)] Layers 3 and 4 of 'Mlp' have no activation between them: together they are one linear map from 7 to 5 values; "
                + "put an activation between them, or leave one out",
            GeneratorHarness.Describe(Assert.Single(run.Diagnostics)));
    }

    [Fact]
    public void The_first_input_may_be_an_attribute()
    {
        GeneratorHarness run = GeneratorHarness.Run(
            "[Network] [Input(\"a\", 4), Input(\"b\", 3)] [Dense(8), Dense(5), Concat(\"b\")] [MeanSquaredError] public partial class Mlp;");

        Assert.Equal(
            "NG0304 [Dense(5)] Layers 3 and 4 of 'Mlp' have no activation between them: together they are one linear map from 4 to 5 values; "
                + "put an activation between them, or leave one out",
            GeneratorHarness.Describe(Assert.Single(run.Diagnostics)));
    }

    [Fact]
    public void Errors_come_alone()
    {
        GeneratorHarness run = GeneratorHarness.Run("[Network(4)] [Dense(8), Dense(0)] [MeanSquaredError] public partial class Mlp;");

        Assert.Equal("NG0104", Assert.Single(run.Diagnostics).Id);
    }

    [Fact]
    public void Pragma_silences_advice() => Assert.Empty(
        GeneratorHarness.Run("#pragma warning disable NG0304\n[Network(4)] [Dense(8), Dense(3)] public partial class Mlp;").Diagnostics);

    [Theory]
    [InlineData("network.Train(x, y, [|new AdamW()|])")]
    [InlineData("network.Train(data, new TrainingOptions { Epochs = 2, Optimizer = [|new AdamW(1e-3f)|] })")]
    [InlineData("var optimizer = [|new AdamW()|]; network.Train(x, y, optimizer)")]
    [InlineData("Optimizer optimizer = [|new AdamW()|]; network.Train(x, y, optimizer)")]
    [InlineData("var options = new TrainingOptions { Optimizer = [|new AdamW()|] }; network.Train(data, options)")]
    public async Task Two_decays_are_reported_where_the_optimizer_is_made(string statements)
    {
        string marked = statements.Split("[|")[1].Split("|]")[0];
        IReadOnlyList<Diagnostic> found = await AnalyzeTraining("Dense(1, L2 = 1e-4f)", statements);

        Assert.Equal(
            $"NG0307 [{marked}] 'Mlp' has an L2 penalty and is trained with AdamW, which decays weights itself; "
                + "keep one: L2 with Adam, or AdamW without L2",
            GeneratorHarness.Describe(Assert.Single(found)));
    }

    [Theory]
    [InlineData("Dense(1)", "network.Train(x, y, new AdamW())")]
    [InlineData("Dense(1, L2 = 0f)", "network.Train(x, y, new AdamW())")]
    [InlineData("Dense(1, L1 = 1e-4f)", "network.Train(x, y, new AdamW())")]
    [InlineData("Dense(1, L2 = 1e-4f)", "network.Train(x, y, new Adam())")]
    [InlineData("Dense(1, L2 = 1e-4f)", "network.Train(x, y, new AdamW(weightDecay: 0f))")]
    [InlineData("Dense(1, L2 = 1e-4f)", "_ = new AdamW()")]
    public async Task One_decay_is_right(string layer, string statements) => Assert.Empty(await AnalyzeTraining(layer, statements));

    private static async Task<IReadOnlyList<Diagnostic>> AnalyzeTraining(string layer, string statements) => await GeneratorHarness.Run($$"""
        [Network(4)] [{{layer}}] [MeanSquaredError] public partial class Mlp;
        static class Trainer
        {
            static void Run(Mlp network, Dataset data, float[] x, float[] y) { {{statements.Replace("[|", "").Replace("|]", "")}}; }
        }
        """).Analyze(new DecayAnalyzer());
}
