using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace NetGen.Generator.Tests;

/// <summary>Runs the generator on source text, edits the text and runs it again. Immutable: every run gives a new harness.</summary>
internal sealed class GeneratorHarness
{
    /// <summary>Path of the file that <see cref="Run(string, LanguageVersion)"/> makes.</summary>
    public const string MainFile = "Main.cs";

    /// <summary>What every project with implicit usings sees.</summary>
    private const string GlobalUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using NetGen;
        """;

    private static readonly ImmutableArray<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is { } name && (name.StartsWith("System.", StringComparison.Ordinal)
                || name is "mscorlib.dll" or "netstandard.dll"))
            .Append(typeof(NetworkAttribute).Assembly.Location)
            .Append(typeof(INetwork).Assembly.Location)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    private readonly CSharpCompilation input;
    private readonly GeneratorDriver driver;
    private readonly Compilation output;
    private readonly ImmutableArray<Diagnostic> generatorDiagnostics;

    private GeneratorHarness(CSharpCompilation input, GeneratorDriver driver)
    {
        this.input = input;
        this.driver = driver.RunGeneratorsAndUpdateCompilation(input, out output, out generatorDiagnostics);
    }

    /// <summary>The compilation without generated files.</summary>
    public CSharpCompilation Input => input;

    /// <summary>The compilation with the generated files.</summary>
    public Compilation Output => output;

    /// <summary>What the generator reported, in order of place; #pragma has been applied.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics =>
        [.. generatorDiagnostics.Where(diagnostic => !diagnostic.IsSuppressed).OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start)];

    /// <summary>Generated text by hint name.</summary>
    public IReadOnlyDictionary<string, string> Sources =>
        Result.GeneratedSources.ToDictionary(source => source.HintName, source => source.SourceText.ToString());

    /// <summary>The generator's exception, or null.</summary>
    public Exception? Exception => Result.Exception;

    /// <summary>Errors and warnings of the compiler on the whole, generated files included.</summary>
    public IReadOnlyList<Diagnostic> CompilerDiagnostics =>
        [.. output.GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)];

    private GeneratorRunResult Result => driver.GetRunResult().Results.Single();

    /// <summary>Compiles one file.</summary>
    public static GeneratorHarness Run(string source, LanguageVersion version = LanguageVersion.CSharp12) =>
        Run([(MainFile, source)], version);

    /// <summary>Compiles several files; global usings as a project with implicit usings has them.</summary>
    public static GeneratorHarness Run(
        (string Path, string Text)[] files, LanguageVersion version = LanguageVersion.CSharp12, params MetadataReference[] references) =>
        Run(files, version, OutputKind.DynamicallyLinkedLibrary, references);

    /// <summary>Compiles one file with top-level statements.</summary>
    public static GeneratorHarness RunProgram(string source) =>
        Run([(MainFile, source)], LanguageVersion.CSharp12, OutputKind.ConsoleApplication, []);

    private static GeneratorHarness Run(
        (string Path, string Text)[] files, LanguageVersion version, OutputKind kind, MetadataReference[] references)
    {
        CSharpParseOptions options = CSharpParseOptions.Default.WithLanguageVersion(version);
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Consumer",
            files.Append(("GlobalUsings.cs", GlobalUsings))
                .Select(file => CSharpSyntaxTree.ParseText(file.Item2, options, file.Item1, System.Text.Encoding.UTF8)),
            References.AddRange(references),
            new CSharpCompilationOptions(kind, nullableContextOptions: NullableContextOptions.Enable));
        GeneratorDriver driver = CSharpGeneratorDriver.Create(
            [new NetGenGenerator().AsSourceGenerator()],
            parseOptions: options,
            driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
        return new GeneratorHarness(compilation, driver);
    }

    /// <summary>Replaces a file's text and runs the same driver again, as an editor does.</summary>
    public GeneratorHarness ThenEdit(string text, string path = MainFile)
    {
        SyntaxTree old = input.SyntaxTrees.Single(tree => tree.FilePath == path);
        SyntaxTree edited = old.WithChangedText(Microsoft.CodeAnalysis.Text.SourceText.From(text, System.Text.Encoding.UTF8));
        return new GeneratorHarness(input.ReplaceSyntaxTree(old, edited), driver);
    }

    /// <summary>Why each output of a named step is as it is in the last run.</summary>
    public IReadOnlyList<IncrementalStepRunReason> ReasonsOf(string step) =>
        Result.TrackedSteps.TryGetValue(step, out ImmutableArray<IncrementalGeneratorRunStep> steps)
            ? [.. steps.SelectMany(run => run.Outputs).Select(output => output.Reason)]
            : [];

    /// <summary>Why each generated output is as it is in the last run.</summary>
    public IReadOnlyList<IncrementalStepRunReason> ReasonsOfOutputs() =>
        [.. Result.TrackedOutputSteps.SelectMany(pair => pair.Value).SelectMany(run => run.Outputs).Select(output => output.Reason)];

    /// <summary>The values a named step gave in the last run.</summary>
    public IReadOnlyList<T> ValuesOf<T>(string step) =>
        [.. Result.TrackedSteps[step].SelectMany(run => run.Outputs).Select(output => (T)output.Value)];

    /// <summary>Every output of the step has this reason, and there is at least one.</summary>
    public GeneratorHarness Expect(string step, IncrementalStepRunReason reason)
    {
        IReadOnlyList<IncrementalStepRunReason> found = ReasonsOf(step);
        Assert.NotEmpty(found);
        Assert.All(found, one => Assert.Equal(reason, one));
        return this;
    }

    /// <summary>Every generated output has this reason, and there is at least one.</summary>
    public GeneratorHarness ExpectOutput(IncrementalStepRunReason reason)
    {
        IReadOnlyList<IncrementalStepRunReason> found = ReasonsOfOutputs();
        Assert.NotEmpty(found);
        Assert.All(found, one => Assert.Equal(reason, one));
        return this;
    }

    /// <summary>The generator reported nothing, and the whole compiles without error or warning.</summary>
    public GeneratorHarness ExpectSound()
    {
        Assert.Null(Exception);
        Assert.Equal([], Diagnostics.Select(Describe));
        Assert.Equal([], CompilerDiagnostics.Select(Describe));
        return this;
    }

    /// <summary>Compiles the whole to an assembly in memory, after <see cref="ExpectSound"/>.</summary>
    public byte[] Emit()
    {
        using MemoryStream stream = new();
        Microsoft.CodeAnalysis.Emit.EmitResult result = ExpectSound().Output.Emit(stream);
        Assert.True(result.Success);
        return stream.ToArray();
    }

    /// <summary>Diagnostics of an analyzer on the whole compilation, generated files included.</summary>
    public async Task<IReadOnlyList<Diagnostic>> Analyze(DiagnosticAnalyzer analyzer) =>
        await Output.WithAnalyzers([analyzer]).GetAnalyzerDiagnosticsAsync();

    /// <summary>One line: id, the text it marks, the message.</summary>
    public static string Describe(Diagnostic diagnostic) =>
        $"{diagnostic.Id} [{MarkedText(diagnostic)}] {diagnostic.GetMessage(CultureInfo.InvariantCulture)}";

    /// <summary>The text a diagnostic marks; empty where it has no place in a source file.</summary>
    public static string MarkedText(Diagnostic diagnostic) =>
        diagnostic.Location.SourceTree?.GetText().ToString(diagnostic.Location.SourceSpan) ?? "";
}
