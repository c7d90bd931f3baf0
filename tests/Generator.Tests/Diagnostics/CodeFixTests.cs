using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using NetGen.CodeFixes;

namespace NetGen.Generator.Tests.Diagnostics;

/// <summary>Each fix, from the generator's own diagnostic to the text it leaves, which is then sound.</summary>
public class CodeFixTests
{
    [Theory]
    [InlineData(
        "[Network(4)]\n[Dense(2)]\npublic class Mlp;",
        "[Network(4)]\n[Dense(2)]\npublic partial class Mlp;")]
    [InlineData(
        "[Network(4)]\n[Dense(2)]\npublic sealed /* one */ class Mlp\n{\n}\n",
        "[Network(4)]\n[Dense(2)]\npublic sealed /* one */ partial class Mlp\n{\n}\n")]
    [InlineData(
        "/// <summary>Doc.</summary>\n[Network(4), Dense(2)]\nclass Mlp;",
        "/// <summary>Doc.</summary>\n[Network(4), Dense(2)]\npartial class Mlp;")]
    public async Task Make_partial(string before, string after) =>
        await Fixes(new MakePartialFix(), "NG0001", "Make 'Mlp' partial", before, after);

    [Theory]
    [InlineData(
        "[Network(4)]\n[Dense(3)]\n[CrossEntropy]\npublic partial class Mlp;",
        "[Network(4)]\n[Dense(3), Softmax]\n[CrossEntropy]\npublic partial class Mlp;")]
    [InlineData(
        "[Network(4)]\r\n[Dense(3), ReLU] // hidden\r\n[CrossEntropy]\r\npublic partial class Mlp;",
        "[Network(4)]\r\n[Dense(3), ReLU, Softmax] // hidden\r\n[CrossEntropy]\r\npublic partial class Mlp;")]
    [InlineData(
        "[Network(4)]\n[Dense(3), CrossEntropy]\npublic partial class Mlp;",
        "[Network(4)]\n[Dense(3), Softmax, CrossEntropy]\npublic partial class Mlp;")]
    [InlineData(
        "[Network(4)]\n[Dense(3),\n CrossEntropy]\npublic partial class Mlp;",
        "[Network(4)]\n[Dense(3),\n Softmax, CrossEntropy]\npublic partial class Mlp;")]
    [InlineData(
        "[Network(4)]\n[Dense(3),]\n[CrossEntropy]\npublic partial class Mlp;",
        "[Network(4)]\n[Dense(3), Softmax,]\n[CrossEntropy]\npublic partial class Mlp;")]
    [InlineData(
        "[Network(4), Dense(3)] [CrossEntropy] public partial class Mlp;",
        "[Network(4), Dense(3), Softmax] [CrossEntropy] public partial class Mlp;")]
    [InlineData(
        "[NetGen.Network(4)]\n[NetGen.Dense(3)]\n[NetGen.CrossEntropy]\npublic partial class Mlp;",
        "[NetGen.Network(4)]\n[NetGen.Dense(3), NetGen.Softmax]\n[NetGen.CrossEntropy]\npublic partial class Mlp;")]
    [InlineData(
        "[Dense(3)]\n[Network(4)]\n[CrossEntropy]\npublic partial class Mlp;",
        "[Dense(3)]\n[Network(4)]\n[Softmax, CrossEntropy]\npublic partial class Mlp;")]
    public async Task Insert_softmax(string before, string after) =>
        await Fixes(new InsertLayerFix(), "NG0201", "Insert Softmax before CrossEntropy", before, after);

    [Theory]
    [InlineData(
        "[Network(4)]\n[Dense(3), LogSoftmax]\n[CrossEntropy]\npublic partial class Mlp;",
        "[Network(4)]\n[Dense(3), Softmax]\n[CrossEntropy]\npublic partial class Mlp;")]
    [InlineData(
        "[Network(4)]\n[NetGen.Dense(3), NetGen.LogSoftmaxAttribute, CrossEntropy]\npublic partial class Mlp;",
        "[Network(4)]\n[NetGen.Dense(3), NetGen.Softmax, CrossEntropy]\npublic partial class Mlp;")]
    public async Task Softmax_in_the_place_of_its_logarithm(string before, string after) =>
        await Fixes(new InsertLayerFix(), "NG0201", "Put Softmax in the place of LogSoftmax", before, after);

    [Fact]
    public async Task Insert_softmax_before_a_divergence() => await Fixes(
        new InsertLayerFix(), "NG0205", "Insert Softmax before KLDivergence",
        "[Network(4)]\n[Dense(3)]\n[KLDivergence]\npublic partial class Mlp;",
        "[Network(4)]\n[Dense(3), Softmax]\n[KLDivergence]\npublic partial class Mlp;");

    [Theory]
    [InlineData(
        "[Network(4)]\n[Dense(1)]\n[BinaryCrossEntropy]\npublic partial class Mlp;",
        "[Network(4)]\n[Dense(1), Sigmoid]\n[BinaryCrossEntropy]\npublic partial class Mlp;")]
    public async Task Insert_sigmoid(string before, string after) =>
        await Fixes(new InsertLayerFix(), "NG0202", "Insert Sigmoid before BinaryCrossEntropy", before, after);

    [Theory]
    [InlineData(
        "[Network(1, 28, 28)]\n[Dense(10)]\npublic partial class Mlp;",
        "[Network(1, 28, 28)]\n[Flatten, Dense(10)]\npublic partial class Mlp;")]
    [InlineData(
        "[Network(1, 28, 28)]\n[ReLU, Dense(10)]\npublic partial class Mlp;",
        "[Network(1, 28, 28)]\n[ReLU, Flatten, Dense(10)]\npublic partial class Mlp;")]
    public async Task Insert_flatten(string before, string after) =>
        await Fixes(new InsertLayerFix(), "NG0105", "Insert Flatten before Dense", before, after);

    [Theory]
    [InlineData(
        "[Network(4)]\n[Dense(1), Sigmoid]\n[MeanSquaredError]\npublic partial class Mlp;",
        "[Network(4)]\n[Dense(1), Sigmoid]\n[BinaryCrossEntropy]\npublic partial class Mlp;", "BinaryCrossEntropy")]
    [InlineData(
        "[NetGen.Network(4)]\n[NetGen.Dense(5), NetGen.SoftmaxAttribute] // two\n[NetGen.MeanSquaredErrorAttribute()]\npublic partial class Mlp;",
        "[NetGen.Network(4)]\n[NetGen.Dense(5), NetGen.SoftmaxAttribute] // two\n[NetGen.CrossEntropy()]\npublic partial class Mlp;", "CrossEntropy")]
    public async Task Replace_the_loss(string before, string after, string loss) =>
        await Fixes(new ReplaceLossFix(), "NG0302", $"Replace MeanSquaredError by {loss}", before, after);

    [Theory]
    [InlineData(
        "[Network(4)]\n[Dense(1), Dropout(0.5f)]\n[MeanSquaredError]\npublic partial class Mlp;",
        "[Network(4)]\n[Dense(1)]\n[MeanSquaredError]\npublic partial class Mlp;")]
    [InlineData(
        "[Network(4)]\n[Dense(1)]\n[Dropout(0.5f)]\n[MeanSquaredError]\npublic partial class Mlp;",
        "[Network(4)]\n[Dense(1)]\n[MeanSquaredError]\npublic partial class Mlp;")]
    [InlineData(
        "[Network(4)]\n[Dense(1)]\n[Dropout(0.5f), Sigmoid]\n[BinaryCrossEntropy]\npublic partial class Mlp;",
        "[Network(4)]\n[Dense(1)]\n[Sigmoid]\n[BinaryCrossEntropy]\npublic partial class Mlp;")]
    public async Task Remove_dropout(string before, string after) =>
        await Fixes(new RemoveLayerFix(), "NG0306", "Remove Dropout", before, after);

    [Theory]
    [InlineData("Xavier", "ReLU", "He")]
    [InlineData("He", "Tanh", "Xavier")]
    [InlineData("HeNormal", "Tanh", "XavierNormal")]
    public async Task Replace_the_initialisation(string found, string activation, string better) => await Fixes(
        new ReplaceInitFix(), "NG0308", $"Replace Init.{found} by Init.{better}",
        $"[Network(4)]\n[Dense(8, Init = Init.{found}, Bias = false), {activation}]\n[Dense(1)]\npublic partial class Mlp;",
        $"[Network(4)]\n[Dense(8, Init = Init.{better}, Bias = false), {activation}]\n[Dense(1)]\npublic partial class Mlp;");

    [Theory]
    [InlineData("Dense(8)", "Dense(8, Bias = false)")]
    [InlineData("Dense(8, Bias = true, Name = \"a\")", "Dense(8, Bias = false, Name = \"a\")")]
    public async Task Remove_the_bias(string before, string after) => await Fixes(
        new RemoveBiasFix(), "NG0310", "Set Bias = false",
        $"[Network(4)]\n[{before}, BatchNorm, ReLU]\n[Dense(1)]\n[MeanSquaredError]\npublic partial class Mlp;",
        $"[Network(4)]\n[{after}, BatchNorm, ReLU]\n[Dense(1)]\n[MeanSquaredError]\npublic partial class Mlp;");

    [Fact]
    public void Each_fix_can_mend_a_whole_solution()
    {
        Assert.Equal(WellKnownFixAllProviders.BatchFixer, new MakePartialFix().GetFixAllProvider());
        Assert.Equal(WellKnownFixAllProviders.BatchFixer, new InsertLayerFix().GetFixAllProvider());
        Assert.Equal(WellKnownFixAllProviders.BatchFixer, new RemoveLayerFix().GetFixAllProvider());
    }

    private static async Task Fixes(CodeFixProvider provider, string id, string title, string before, string after)
    {
        GeneratorHarness run = GeneratorHarness.Run(before);
        Diagnostic reported = Assert.Single(run.Diagnostics);
        Assert.Equal(id, reported.Id);
        Assert.Contains(id, provider.FixableDiagnosticIds);

        using AdhocWorkspace workspace = new();
        Document document = workspace.AddProject("Consumer", LanguageNames.CSharp).AddDocument(GeneratorHarness.MainFile, before);
        SyntaxTree tree = (await document.GetSyntaxTreeAsync())!;
        Diagnostic moved = Diagnostic.Create(reported.Descriptor, Location.Create(tree, reported.Location.SourceSpan));

        List<CodeAction> actions = [];
        await provider.RegisterCodeFixesAsync(
            new CodeFixContext(document, moved, (action, _) => actions.Add(action), CancellationToken.None));
        CodeAction fix = Assert.Single(actions);
        Assert.Equal(title, fix.Title);

        ImmutableArray<CodeActionOperation> operations = await fix.GetOperationsAsync(CancellationToken.None);
        Solution solution = Assert.IsType<ApplyChangesOperation>(Assert.Single(operations)).ChangedSolution;
        string text = (await solution.GetDocument(document.Id)!.GetTextAsync()).ToString();
        Assert.Equal(after, text);
        GeneratorHarness.Run(text).ExpectSound();
    }
}
