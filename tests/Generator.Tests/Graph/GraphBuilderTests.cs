using NetGen.Generator.Graph;
using NetGen.Generator.Model;
using static NetGen.Generator.Tests.Graph.Declare;

namespace NetGen.Generator.Tests.Graph;

/// <summary>Shapes, parameters and their places.</summary>
public class GraphBuilderTests
{
    public static TheoryData<Init> Inits => new(Enum.GetValues<Init>());

    [Fact]
    public void Shapes_follow_the_layers()
    {
        BuiltGraph built = GraphBuilder.Build(
            Network([2, 3], Dense(8), Layer("ReLU"), Layer("Flatten"), Dense(5), Layer("Softmax")), GraphPurpose.Prediction);

        Assert.Equal(["[2, 8]", "[2, 8]", "[16]", "[5]", "[5]"], built.Layers.Select(layer => layer.OutputShape.ToString()));
        Assert.Equal([2 * 3 * 8, 0, 0, 16 * 5, 0], built.Layers.Select(layer => layer.MultiplyAdds));
        Assert.Equal([(3 * 8) + 8, 0, 0, (16 * 5) + 5, 0], built.Layers.Select(layer => layer.ParameterCount));
        Assert.Equal("[2, 3]", built.Graph!.Input.Shape.ToString());
        Assert.Equal("[5]", built.Graph.Output.Shape.ToString());
    }

    [Fact]
    public void Summaries_say_what_the_user_wrote()
    {
        LayerDecl[] layers =
        [
            Layer("Reshape", ("shape", new EquatableArray<int>([1, 4, -1]))),
            Layer("Conv2D", ("filters", 2), ("kernelHeight", 3), ("kernelWidth", 3), ("Padding", Padding.Same), ("Name", "head")),
            Layer("Conv2D", ("filters", 2), ("kernelHeight", 1), ("kernelWidth", 1), ("Padding", Padding.Valid)),
            Layer("Flatten"),
            Dense(8, ("Bias", false), ("Init", (int)Init.LeCunUniform)),
            Dense(2, ("Init", (int)Init.Auto), ("L2", 0.5f)),
        ];

        string[] expected =
        [
            "Reshape(1, 4, -1)", "Conv2D(2, 3, 3, Padding = Same)", "Conv2D(2, 1, 1, Padding = 0)", "Flatten",
            "Dense(8, Bias = false, Init = LeCunUniform)", "Dense(2, Init = Auto, L2 = 0.5)",
        ];
        Assert.Equal(expected, GraphBuilder.Build(Network([16], layers), GraphPurpose.Prediction).Layers.Select(layer => layer.Kind));
    }

    [Fact]
    public void Parameters_lie_back_to_back_in_the_order_of_the_layers()
    {
        IReadOnlyList<Parameter> parameters = GraphBuilder.Build(
            Network([3], Dense(8), Dense(4, ("Bias", false)), Dense(2, ("Name", "head"))), GraphPurpose.Prediction).Parameters;

        Assert.Equal(
            ["dense1.weight [8, 3] at 0", "dense1.bias [8] at 24", "dense2.weight [4, 8] at 32", "head.weight [2, 4] at 64", "head.bias [2] at 72"],
            parameters.Select(parameter => $"{parameter.Name} {parameter.Shape} at {parameter.Offset}"));
        Assert.Equal([true, false, true, true, false], parameters.Select(parameter => parameter.Transposed));
        Assert.Equal([true, false, true, true, false], parameters.Select(parameter => parameter.Decays));
        Assert.All(parameters, parameter => Assert.True(parameter.Trainable));
        Assert.Equal([(3, 8), (3, 8), (8, 4), (4, 2), (4, 2)], parameters.Select(parameter => (parameter.FanIn, parameter.FanOut)));
    }

    [Theory]
    [InlineData(nameof(GraphPurpose.Prediction))]
    [InlineData(nameof(GraphPurpose.Evaluation))]
    [InlineData(nameof(GraphPurpose.Training))]
    [InlineData(nameof(GraphPurpose.Backward))]
    public void Every_purpose_has_the_same_parameters(string name)
    {
        GraphPurpose purpose = Enum.Parse<GraphPurpose>(name);
        NetworkDecl declaration = Network([3], Dense(8), Layer("Tanh"), Dense(2), Layer("Softmax"), Layer("CrossEntropy"));

        BuiltGraph built = GraphBuilder.Build(declaration, purpose);

        Assert.Equal(GraphBuilder.Build(declaration, GraphPurpose.Prediction).Parameters, built.Parameters);
        Assert.Equal(purpose, built.Graph!.Purpose);
        Assert.Equal(purpose is GraphPurpose.Evaluation or GraphPurpose.Training, built.Graph.Losses is not null);
        Assert.Equal(purpose is GraphPurpose.Backward, built.Graph.InputGradient is not null);
    }

    [Fact]
    public void Layers_take_what_they_do_not_say_from_the_network()
    {
        LayerDecl network = Layer(
            "Network", ("inputShape", new EquatableArray<int>([3])), ("Init", (int)Init.Normal), ("Bias", false), ("TrainBias", false),
            ("Trainable", false));

        IReadOnlyList<Parameter> parameters = GraphBuilder.Build(
            Network(
                network, Dense(8), Dense(4, ("Bias", true), ("Trainable", true), ("Init", (int)Init.Uniform)),
                Dense(2, ("Bias", true), ("Trainable", true), ("TrainBias", true))),
            GraphPurpose.Prediction).Parameters;

        Assert.Equal(
            [
                "dense1.weight Normal frozen", "dense2.weight Uniform trained", "dense2.bias Zeros frozen",
                "dense3.weight Normal trained", "dense3.bias Zeros trained",
            ],
            parameters.Select(parameter => $"{parameter.Name} {parameter.Start} {(parameter.Trainable ? "trained" : "frozen")}"));
    }

    /// <summary>The generator knows the public enum only by its numbers: here the two are held together.</summary>
    [Theory, MemberData(nameof(Inits))]
    public void Init_means_the_same_to_the_generator(Init init)
    {
        Initialization before(string activation) => Assert.Single(GraphBuilder.Build(
            Network([3], Dense(8, ("Init", (int)init), ("Bias", false)), Layer(activation)), GraphPurpose.Prediction).Parameters).Start;

        Assert.Equal(init == Init.Auto ? "He" : init.ToString(), before("ReLU").ToString());
        Assert.Equal(init == Init.Auto ? "He" : init.ToString(), before("LeakyReLU").ToString());
        Assert.Equal(init == Init.Auto ? "Xavier" : init.ToString(), before("Tanh").ToString());
    }

    [Fact]
    public void Init_that_does_not_exist_is_a_problem()
    {
        int unknown = Enum.GetValues<Init>().Max(init => (int)init) + 1;

        Assert.Equal(
            ["NG0108"],
            GraphBuilder.Check(Network([3], Dense(8, ("Init", unknown)))).Problems.Select(problem => problem.Id));
    }
}
