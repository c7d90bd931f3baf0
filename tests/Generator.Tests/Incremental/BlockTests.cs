using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Model;

namespace NetGen.Generator.Tests.Incremental;

/// <summary>Blocks of another file, or of another assembly.</summary>
public class BlockTests
{
    private const string Network = """
        [Network(4)]
        [Use<Body>(Repeat = 2), Dense(2)]
        [MeanSquaredError]
        public sealed partial class Net;
        """;

    private const string Body = """
        [Block]
        [Dense(4), ReLU]
        public sealed class Body { public int Unrelated; }
        """;

    [Fact]
    public void Changed_block_in_another_file_generates_anew()
    {
        GeneratorHarness run = Run();

        run.ThenEdit(Body.Replace("ReLU", "Tanh", StringComparison.Ordinal), "Body.cs")
            .Expect(StepNames.Declaration, IncrementalStepRunReason.Modified).ExpectSound();
    }

    [Fact]
    public void Unrelated_edit_of_the_blocks_file_reuses_the_output()
    {
        GeneratorHarness run = Run();

        run.ThenEdit(Body.Replace("public int Unrelated;", "// nothing", StringComparison.Ordinal), "Body.cs")
            .Expect(StepNames.Declaration, IncrementalStepRunReason.Cached).ExpectOutput(IncrementalStepRunReason.Cached);
        run.ThenEdit("// moved\n" + Body.Replace("[Dense(4), ReLU]", "[Dense(4)]\n[ReLU]", StringComparison.Ordinal), "Body.cs")
            .Expect(StepNames.Declaration, IncrementalStepRunReason.Cached).ExpectOutput(IncrementalStepRunReason.Cached);
    }

    [Fact]
    public void Problem_of_a_block_is_reported_once_in_its_file()
    {
        Diagnostic problem = Assert.Single(
            Run().ThenEdit(Body.Replace("Dense(4)", "Dense(0)", StringComparison.Ordinal), "Body.cs").Diagnostics);

        Assert.Equal("Body.cs", problem.Location.SourceTree?.FilePath);
        Assert.Equal("NG0104 [Dense(0)] Layer 1 of 'Net' has 0 units; a layer needs at least 1", GeneratorHarness.Describe(problem));
    }

    [Fact]
    public void Layers_of_a_block_are_part_of_the_declaration()
    {
        NetworkDecl declaration = Assert.Single(Run().ValuesOf<NetworkDecl>(StepNames.Declaration));

        Assert.Equal(
            ["body1.dense1", "body1.relu1", "body2.dense1", "body2.relu1", "dense1", "meansquarederror1"],
            LayerNames.Of(declaration.Layers));
        Assert.Equal([1, 1, 2, 2, null, null], declaration.Layers.Select(layer => layer.Block?.Instance));
    }

    [Fact]
    public void Block_of_another_assembly_is_inserted_and_its_problems_stand_at_the_use()
    {
        MetadataReference library = Library("""
            [Block] [Dense(6), Mark("a"), Tanh, Dense(6), Add("a")] public sealed class Body;
            [Block] [Dense(-1)] public sealed class Broken;
            """);

        GeneratorHarness run = GeneratorHarness.Run([("Main.cs", Network)], references: [library]).ExpectSound();
        NetworkDecl declaration = Assert.Single(run.ValuesOf<NetworkDecl>(StepNames.Declaration));
        Assert.Equal(["Dense", "Mark", "Tanh", "Dense", "Add"], declaration.Layers.Take(5).Select(layer => layer.Kind));

        GeneratorHarness broken = GeneratorHarness.Run(
            [("Main.cs", Network.Replace("Use<Body>", "Use<Broken>", StringComparison.Ordinal))], references: [library]);
        Assert.Equal(
            "NG0104 [Use<Broken>(Repeat = 2)] Layer 1 of 'Net' has -1 units; a layer needs at least 1",
            GeneratorHarness.Describe(Assert.Single(broken.Diagnostics)));
    }

    [Theory]
    [InlineData("[Block] [Dense(] class Body;")]
    [InlineData("[Block] [Dense(4, Bias = 3)] class Body;")]
    [InlineData("[Block] [Dens(4)] class Body;")]
    [InlineData("[Block] [Use<>] class Body;")]
    [InlineData("[Block] [Use<Nothing>] class Body;")]
    [InlineData("[Block] [Use<int>] class Body;")]
    [InlineData("[Block] [Use<")]
    public void Half_typed_block_gives_no_second_error(string block)
    {
        GeneratorHarness run = GeneratorHarness.Run([("Main.cs", Network), ("Body.cs", block)]);

        Assert.Null(run.Exception);
        Assert.Equal([], run.Diagnostics.Select(GeneratorHarness.Describe));
        Assert.Contains(run.Output.GetDiagnostics(), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
    }

    [Fact]
    public async Task Layers_of_a_block_are_no_layers_without_a_network() =>
        Assert.Empty(await GeneratorHarness.Run(Body).Analyze(new LayerUsageAnalyzer()));

    private static GeneratorHarness Run() => GeneratorHarness.Run([("Main.cs", Network), ("Body.cs", Body)]).ExpectSound();

    private static MetadataReference Library(string source)
    {
        using MemoryStream stream = new();
        CSharpCompilation library = GeneratorHarness.Run(source).ExpectSound().Input.WithAssemblyName("Library");
        Assert.True(library.Emit(stream).Success);
        return MetadataReference.CreateFromImage(stream.ToArray());
    }
}
