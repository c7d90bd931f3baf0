using Microsoft.CodeAnalysis;

namespace NetGen.Generator.Tests.Incremental;

/// <summary>What an edit makes run again.</summary>
public class CachingTests
{
    private const string Source = """
        namespace Demo;

        [Network(4)]
        [Dense(8), ReLU]
        [Dense(3, Name = "head"), Softmax]
        [CrossEntropy]
        public sealed partial class Mlp;
        """;

    [Fact]
    public void A_sound_network_compiles_without_a_warning() => GeneratorHarness.Run(Source).ExpectSound();

    [Fact]
    public void Comment_above_the_class_reuses_the_output() => GeneratorHarness.Run(Source)
        .ThenEdit("// note\n" + Source)
        .Expect(StepNames.Parse, IncrementalStepRunReason.Unchanged)
        .Expect(StepNames.Declaration, IncrementalStepRunReason.Cached)
        .ExpectOutput(IncrementalStepRunReason.Cached);

    [Fact]
    public void Other_formatting_of_the_attributes_reuses_the_output() => GeneratorHarness.Run(Source)
        .ThenEdit(Source.Replace("[Dense(8), ReLU]", "[Dense(8)]\n[  ReLU ]", StringComparison.Ordinal))
        .Expect(StepNames.Parse, IncrementalStepRunReason.Unchanged)
        .Expect(StepNames.Declaration, IncrementalStepRunReason.Cached)
        .ExpectOutput(IncrementalStepRunReason.Cached);

    [Fact]
    public void Moved_warning_is_reported_anew_but_generates_nothing()
    {
        string source = Source.Replace("4)]", "4, Trainable = false)]", StringComparison.Ordinal);
        GeneratorHarness first = GeneratorHarness.Run(source), moved = first.ThenEdit("// note\n" + source);

        moved.Expect(StepNames.Parse, IncrementalStepRunReason.Modified)
            .Expect(StepNames.Declaration, IncrementalStepRunReason.Unchanged);
        Assert.Contains(IncrementalStepRunReason.Cached, moved.ReasonsOfOutputs());
        Diagnostic warning = Assert.Single(moved.Diagnostics);
        Assert.Equal("CrossEntropy", GeneratorHarness.MarkedText(warning));
        Assert.Equal(Assert.Single(first.Diagnostics).Location.SourceSpan.Start + "// note\n".Length, warning.Location.SourceSpan.Start);
    }

    [Fact]
    public void Edit_in_another_file_changes_nothing()
    {
        GeneratorHarness edited = GeneratorHarness.Run([(GeneratorHarness.MainFile, Source), ("Other.cs", "class Other;")])
            .ThenEdit("class Other { int x; }", "Other.cs");

        Assert.All(
            edited.ReasonsOf(StepNames.Parse).Concat(edited.ReasonsOf(StepNames.Declaration)),
            reason => Assert.True(reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, reason.ToString()));
        Assert.Single(edited.ReasonsOf(StepNames.Declaration));
        edited.ExpectOutput(IncrementalStepRunReason.Cached);
    }

    [Fact]
    public void Changed_function_generates_anew_and_its_formatting_does_not()
    {
        const string Function = """
            [Network(4)]
            [Dense(2), Activation(nameof(Bump))]
            public sealed partial class Mlp { private static float Bump(float x) => MathF.Exp(-x * x); }
            """;
        GeneratorHarness first = GeneratorHarness.Run(Function).ExpectSound();

        first.ThenEdit(Function.Replace("-x * x", "-x*x /* squared */", StringComparison.Ordinal))
            .Expect(StepNames.Declaration, IncrementalStepRunReason.Cached).ExpectOutput(IncrementalStepRunReason.Cached);
        first.ThenEdit(Function.Replace("-x * x", "-x * x * 2f", StringComparison.Ordinal))
            .Expect(StepNames.Declaration, IncrementalStepRunReason.Modified).ExpectSound();
    }

    [Fact]
    public void Changed_units_generate_anew() => GeneratorHarness.Run(Source)
        .ThenEdit(Source.Replace("Dense(8)", "Dense(9)", StringComparison.Ordinal))
        .Expect(StepNames.Parse, IncrementalStepRunReason.Modified)
        .Expect(StepNames.Declaration, IncrementalStepRunReason.Modified);

    [Fact]
    public void Changed_network_leaves_its_neighbour_cached()
    {
        const string Neighbour = "[Network(2)] [Dense(2)] public partial class Neighbour;";
        GeneratorHarness edited = GeneratorHarness.Run([(GeneratorHarness.MainFile, Source), ("Neighbour.cs", Neighbour)])
            .ThenEdit(Neighbour.Replace("Dense(2)", "Dense(3)", StringComparison.Ordinal), "Neighbour.cs");

        Assert.Single(edited.ReasonsOf(StepNames.Declaration), IncrementalStepRunReason.Modified);
        Assert.Equal(2, edited.ReasonsOf(StepNames.Declaration).Count);
        Assert.Contains(IncrementalStepRunReason.Cached, edited.ReasonsOfOutputs());
    }
}
