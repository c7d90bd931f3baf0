using System.Collections;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NetGen.Generator.Model;

namespace NetGen.Generator.Tests.Incremental;

/// <summary>What the parser hands on: its content, its equality, and that it keeps nothing of the compiler alive.</summary>
public class ModelTests
{
    private const string Source = """
        namespace Demo.@class;

        [Network(2, 3, Init = Init.He)]
        [Dense(8, Name = "body", Bias = false), ReLU]
        [Flatten] [LeakyReLU, LeakyReLU(0.5f)]
        [Dense(units: 3)]
        [Softmax]
        [CrossEntropy]
        public sealed partial class @record { }
        """;

    [Fact]
    public void Declaration_holds_what_was_written()
    {
        NetworkDecl declaration = Declaration(Source);

        Assert.Equal(new TypeDecl("Demo.@class", "@record", "public"), declaration.Type);
        Assert.Equal("Demo.class.record", declaration.Type.FullName);
        Assert.Equal("Network(inputShape: [2, 3], Init: 5)", Describe(declaration.Network));
        Assert.Equal(
            [
                "Dense(units: 8, Name: body, Bias: False)", "ReLU()", "Flatten()", "LeakyReLU(slope: 0.01)", "LeakyReLU(slope: 0.5)",
                "Dense(units: 3)", "Softmax()", "CrossEntropy()",
            ],
            declaration.Layers.Select(Describe));
    }

    [Theory]
    [InlineData("[Network(4)] [Dense(2)] partial class Mlp;", "", "Mlp", "internal")]
    [InlineData("namespace A { namespace B { [Network(4)] [Dense(2)] public partial class Größe; } }", "A.B", "Größe", "public")]
    [InlineData("[Dense(2)] [Network(4)] public partial class Mlp;", "", "Mlp", "public")]
    public void Type_is_read(string source, string scope, string name, string accessibility) =>
        Assert.Equal(new TypeDecl(scope, name, accessibility), Declaration(source).Type);

    [Fact]
    public void Names_that_differ_in_case_give_files_that_differ() => Assert.Equal(
        ["Demo.MLP", "Demo.Mlp-2"],
        GeneratorHarness.Run("namespace Demo; [Network(4)] [Dense(2)] partial class Mlp; [Network(4)] [Dense(2)] partial class MLP;")
            .ExpectSound().ValuesOf<NetworkDecl>(StepNames.Declaration).Select(declaration => declaration.Type.FullName).Order());

    [Fact]
    public void Null_stands_for_the_default() =>
        Assert.Equal("Dense(units: 2)", Describe(Declaration("[Network(4)] [Dense(2, Name = null)] partial class Mlp;").Layers[0]));

    [Fact]
    public void Names_count_every_layer_of_a_kind() => Assert.Equal(
        ["body", "relu1", "flatten1", "leakyrelu1", "leakyrelu2", "dense2", "softmax1", "crossentropy1"],
        LayerNames.Of(Declaration(Source).Layers));

    [Theory]
    [InlineData("head", true)]
    [InlineData("Encoder.0.fc_1", true)]
    [InlineData("", false)]
    [InlineData(".a", false)]
    [InlineData("a.", false)]
    [InlineData("a..b", false)]
    [InlineData("a b", false)]
    [InlineData("größe", false)]
    public void Name_is_valid(string name, bool valid) => Assert.Equal(valid, LayerNames.IsValid(name));

    [Fact]
    public void Same_text_parsed_twice_gives_equal_declarations()
    {
        NetworkDecl first = Declaration(Source), second = Declaration(Source);

        Assert.NotSame(first, second);
        Assert.Equal(first, second);
        Assert.Equal(first.GetHashCode(), second.GetHashCode());
    }

    [Theory]
    [InlineData("Dense(8", "Dense(9")]
    [InlineData("\"body\"", "\"trunk\"")]
    [InlineData("Bias = false", "Bias = true")]
    [InlineData("Init.He", "Init.Xavier")]
    [InlineData("0.5f", "0.25f")]
    [InlineData("Network(2, 3,", "Network(3, 2,")]
    [InlineData("[Flatten] [LeakyReLU", "[LeakyReLU, Flatten")]
    [InlineData("public sealed", "internal sealed")]
    [InlineData("@record", "@event")]
    [InlineData("Demo.", "Other.")]
    public void Any_difference_that_matters_makes_declarations_differ(string old, string replacement)
    {
        string changed = Source.Replace(old, replacement, StringComparison.Ordinal);

        Assert.NotEqual(Source, changed);
        Assert.NotEqual(Declaration(Source), Declaration(changed));
    }

    [Theory]
    [InlineData(Source)]
    [InlineData("[Network(4)] [Dense(0)] public class Mlp { public int Info; }")]
    [InlineData("[Network(4)] [Dense(2)] public partial class Mlp; [ReLU] partial class Mlp;")]
    public void Models_hold_no_roslyn_objects(string source)
    {
        ParsedNetwork parsed = Assert.Single(GeneratorHarness.Run(source).ValuesOf<ParsedNetwork>(StepNames.Parse));

        Assert.Equal([], RoslynObjectsIn(parsed));
    }

    [Fact]
    public void Search_for_roslyn_objects_finds_one()
    {
        SyntaxTree tree = CSharpSyntaxTree.ParseText("class C;");

        Assert.NotEmpty(RoslynObjectsIn(new EquatableArray<Holder>([new Holder([tree])])));
    }

    private static NetworkDecl Declaration(string source) =>
        Assert.Single(GeneratorHarness.Run(source).ValuesOf<NetworkDecl>(StepNames.Declaration));

    private static string Describe(LayerDecl layer) => $"{layer.Kind}({string.Join(", ", layer.Arguments.Select(Describe))})";

    private static string Describe(ArgumentDecl argument) => argument.Value is EquatableArray<int> values
        ? $"{argument.Name}: [{string.Join(", ", values)}]"
        : FormattableString.Invariant($"{argument.Name}: {argument.Value}");

    /// <summary>Types of the compiler's objects that can be reached through fields and elements.</summary>
    private static HashSet<string> RoslynObjectsIn(object root)
    {
        HashSet<string> found = [];
        HashSet<object> seen = new(ReferenceEqualityComparer.Instance);
        Stack<object?> open = new([root]);
        while (open.TryPop(out object? value))
        {
            if (value is null or string or Pointer || value.GetType().IsPrimitive || !seen.Add(value))
                continue;
            if (value.GetType().Assembly.GetName().Name!.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal))
            {
                found.Add(value.GetType().FullName!);
                continue;
            }

            if (value is Array array)
            {
                foreach (object? item in (IEnumerable)array)
                    open.Push(item);
            }

            for (Type? type = value.GetType(); type is not null; type = type.BaseType)
            {
                foreach (FieldInfo field in type.GetFields(
                    BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                {
                    open.Push(field.GetValue(value));
                }
            }
        }

        return found;
    }

    private sealed record Holder(object?[] Items);
}
