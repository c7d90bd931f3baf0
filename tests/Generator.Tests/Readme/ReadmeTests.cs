using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace NetGen.Generator.Tests.Readme;

/// <summary>What README.md shows is true: its code compiles, its error is the error, its generated lines are generated.</summary>
/// <remarks>
/// A csharp block is code of the user, a cs block is an excerpt of generated code, and a text block that holds an error is what the
/// compiler says of the csharp block before it.
/// </remarks>
public partial class ReadmeTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(FindRoot(), "README.md")).ReplaceLineEndings("\n");

    private static readonly IReadOnlyList<(string Language, string Code)> Blocks =
        [.. Fence().Matches(Text).Select(match => (match.Groups["language"].Value, match.Groups["code"].Value))];

    /// <summary>The code that is shown as right, compiled together: one block declares what another one uses.</summary>
    private static readonly GeneratorHarness Right = GeneratorHarness.Run(
        [.. Blocks.Where((block, i) => block.Language == "csharp" && !IsWrong(i)).Select((block, i) => ($"Block{i}.cs", Wrap(block.Code, i)))]);

    [Fact]
    public void Code_compiles()
    {
        Assert.True(Right.Input.SyntaxTrees.Count() >= 3, "a declaration, its use and the global usings");
        Right.ExpectSound();
    }

    [Fact]
    public void Error_is_what_the_compiler_says()
    {
        int[] wrong = [.. Enumerable.Range(0, Blocks.Count).Where(IsWrong)];

        Assert.NotEmpty(wrong);
        foreach (int i in wrong)
        {
            string file = Blocks[i + 1].Code.Split('(')[0];
            Diagnostic found = Assert.Single(GeneratorHarness.Run([(file, Blocks[i].Code)]).Diagnostics);
            LinePosition start = found.Location.GetLineSpan().StartLinePosition;
            string place = string.Create(CultureInfo.InvariantCulture, $"{file}({start.Line + 1},{start.Character + 1})");
            Assert.Equal($"{place}: error {found.Id}: {found.GetMessage(CultureInfo.InvariantCulture)}\n", Blocks[i + 1].Code);
        }
    }

    [Fact]
    public void Excerpts_are_generated()
    {
        string[] excerpts = [.. Blocks.Where(block => block.Language == "cs").Select(block => Unindented(block.Code))];
        string[] generated = [.. Right.Sources.Values.Select(Unindented)];

        Assert.NotEmpty(excerpts);
        Assert.All(excerpts, excerpt => Assert.Contains(generated, text => text.Contains(excerpt, StringComparison.Ordinal)));
    }

    [Fact]
    public void Tables_name_every_layer_loss_and_optimizer()
    {
        IEnumerable<string> attributes = typeof(NetworkAttribute).Assembly.GetExportedTypes()
            .Where(type => !type.IsAbstract && (type.IsSubclassOf(typeof(LayerAttribute)) || type.IsAssignableTo(typeof(LossAttribute))))
            .Select(type => type.Name.Split('`')[0][..^"Attribute".Length]);
        IEnumerable<string> optimizers = typeof(Optimizer).Assembly.GetExportedTypes()
            .Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(Optimizer)))
            .Select(type => type.Name);
        string tables = string.Join('\n', Text.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)));

        string[] named = [.. Entry().Matches(tables).Select(match => match.Groups["name"].Value).Order(StringComparer.Ordinal)];

        Assert.Equal(attributes.Concat(optimizers).Order(StringComparer.Ordinal), named);
    }

    [Fact]
    public void Links_lead_somewhere()
    {
        string[] targets = [.. Link().Matches(Text).Select(match => match.Groups["target"].Value)];

        Assert.NotEmpty(targets);
        Assert.All(targets, target => Assert.True(File.Exists(Path.Combine(FindRoot(), target)), target));
    }

    private static bool IsWrong(int block) =>
        block + 1 < Blocks.Count && Blocks[block].Language == "csharp" && Blocks[block + 1] is { Language: "text", Code: { } says }
        && says.Contains("error NG", StringComparison.Ordinal);

    /// <summary>Puts a block's statements into a method of their own: only one file of a program may have them bare.</summary>
    private static string Wrap(string code, int number)
    {
        CompilationUnitSyntax root = CSharpSyntaxTree.ParseText(code).GetCompilationUnitRoot();
        string statements = string.Concat(root.Members.OfType<GlobalStatementSyntax>().Select(statement => statement.ToFullString()));
        string types = string.Concat(
            root.Members.Where(member => member is not GlobalStatementSyntax).Select(member => member.ToFullString()));
        return $"{root.Usings.ToFullString()}\ninternal static class Block{number} {{ public static void Run() {{\n{statements}}} }}\n{types}";
    }

    private static string Unindented(string code) =>
        string.Join('\n', code.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim()));

    private static string FindRoot()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "NetGen.sln"))) directory = directory.Parent;
        return directory?.FullName ?? throw new DirectoryNotFoundException($"no NetGen.sln above {AppContext.BaseDirectory}");
    }

    [GeneratedRegex(@"^```(?<language>\w*)\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    /// <summary>A name in the first column of a table, with or without its arguments.</summary>
    [GeneratedRegex(@"(?<=^\| [^|]*)`(?<name>\w+)(<\w+>)?(\([^`]*\))?`", RegexOptions.Multiline)]
    private static partial Regex Entry();

    [GeneratedRegex(@"\]\((?<target>[^)#]+)\)")]
    private static partial Regex Link();
}
