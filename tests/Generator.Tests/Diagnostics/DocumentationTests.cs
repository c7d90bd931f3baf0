using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using NetGen.Generator.Diagnostics;

namespace NetGen.Generator.Tests.Diagnostics;

/// <summary>Every diagnostic has its page, a row in the index and one in the release tracking; the examples are true.</summary>
public partial class DocumentationTests
{
    public static readonly TheoryData<string> Ids = [.. Descriptors.All.Select(descriptor => descriptor.Id)];

    /// <summary>Ids whose pages show C#: NG0007 is a matter of the project file, and NG0900 has no known cause.</summary>
    public static readonly TheoryData<string> IdsWithExamples =
        [.. Descriptors.All.Select(descriptor => descriptor.Id).Except(["NG0007", "NG0900"])];

    private static readonly string Root = FindRoot();

    [Theory, MemberData(nameof(Ids))]
    public void Page_states_title_severity_and_cause(string id)
    {
        DiagnosticDescriptor descriptor = Descriptors.Find(id);
        string page = ReadPage(id);

        string severity = descriptor.DefaultSeverity.ToString().ToLowerInvariant();
        Assert.StartsWith($"# {id}: {descriptor.Title}\n\nSeverity: {severity}\n\n## Cause\n\n", page, StringComparison.Ordinal);
        Assert.EndsWith($"docs/diagnostics/{id}.md", descriptor.HelpLinkUri, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(IdsWithExamples))]
    public async Task Wrong_example_is_reported_and_right_one_is_not(string id)
    {
        MatchCollection blocks = CodeBlock().Matches(ReadPage(id));
        Assert.Equal(["Wrong", "Right"], blocks.Select(block => block.Groups["heading"].Value));

        Assert.Equal([id], await ReportedOn(blocks[0].Groups["code"].Value));
        Assert.Equal([], await ReportedOn(blocks[1].Groups["code"].Value));
    }

    [Theory, MemberData(nameof(IdsWithExamples))]
    public void Right_example_compiles_without_a_warning(string id) =>
        GeneratorHarness.Run(CodeBlock().Matches(ReadPage(id))[1].Groups["code"].Value).ExpectSound();

    [Fact]
    public void Index_lists_every_diagnostic()
    {
        string index = File.ReadAllText(Path.Combine(Root, "docs", "diagnostics", "README.md"));
        IEnumerable<string> expected = Descriptors.All.Select(descriptor =>
            $"| [{descriptor.Id}]({descriptor.Id}.md) | {descriptor.DefaultSeverity.ToString().ToLowerInvariant()} | {descriptor.Title} |");

        Assert.Equal(expected, index.Split('\n').Where(line => line.StartsWith("| [NG", StringComparison.Ordinal)));
    }

    [Fact]
    public void No_page_is_left_over() => Assert.Equal(
        Descriptors.All.Select(descriptor => descriptor.Id + ".md").Append("README.md").Order(StringComparer.Ordinal),
        Directory.GetFiles(Path.Combine(Root, "docs", "diagnostics"))
            .Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal));

    [Fact]
    public void Release_tracking_lists_every_diagnostic()
    {
        IEnumerable<string> rows = new[] { "AnalyzerReleases.Unshipped.md", "AnalyzerReleases.Shipped.md" }
            .SelectMany(file => File.ReadAllLines(Path.Combine(Root, "src", "Generator", file)))
            .Where(line => line.StartsWith("NG", StringComparison.Ordinal));

        Assert.Equal(
            Descriptors.All.Select(descriptor => $"{descriptor.Id} {descriptor.Category} {descriptor.DefaultSeverity} {descriptor.Title}"),
            rows.Select(row => string.Join(' ', row.Split('|').Select(cell => cell.Trim()))));
    }

    [Fact]
    public void Ids_are_unique_and_lie_in_their_blocks()
    {
        Assert.Equal(Descriptors.All.Count, Descriptors.All.Select(descriptor => descriptor.Id).Distinct().Count());
        Assert.All(Descriptors.All, descriptor => Assert.Matches("^NG0[0-69][0-9][0-9]$", descriptor.Id));
        Assert.Equal(
            typeof(Descriptors).GetFields().Count(field => field.FieldType == typeof(DiagnosticDescriptor)), Descriptors.All.Count);
    }

    private static async Task<IEnumerable<string>> ReportedOn(string code)
    {
        GeneratorHarness run = GeneratorHarness.Run(code);
        return run.Diagnostics.Concat(await run.Analyze(new LayerUsageAnalyzer())).Concat(await run.Analyze(new DecayAnalyzer()))
            .Select(diagnostic => diagnostic.Id);
    }

    private static string ReadPage(string id) =>
        File.ReadAllText(Path.Combine(Root, "docs", "diagnostics", id + ".md")).Replace("\r\n", "\n", StringComparison.Ordinal);

    private static string FindRoot()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "NetGen.sln")))
            directory = directory.Parent;
        return directory?.FullName ?? throw new DirectoryNotFoundException($"No NetGen.sln above {AppContext.BaseDirectory}.");
    }

    [GeneratedRegex("## (?<heading>[A-Za-z]+)\n\n```csharp\n(?<code>.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
