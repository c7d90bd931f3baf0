using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NetGen.Generator.Emission;

namespace NetGen.Generator.Tests.Emission;

/// <summary>Literals are read by the compiler as the very bits they were made of, whatever the machine's culture.</summary>
public class LiteralTests
{
    private static readonly float[] Values =
    [
        0f, -0f, 1f, -1f, 0.1f, -1.5f, 0.01f, 1f / 3f, 1e10f, 1e-10f, 123456.79f, 16777216f, float.MaxValue, float.MinValue, float.Epsilon,
        -float.Epsilon, 1.1754942e-38f, 1.17549435e-38f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, MathF.PI,
        .. RandomFloats(),
    ];

    public static TheoryData<string> CultureNames => ["Invariant", "Swedish", "Other"];

    [Theory, MemberData(nameof(CultureNames))]
    public void Floats_round_trip(string culture)
    {
        string[] literals = Cultures.Under(Find(culture), () => Values.Select(Literal.Of).ToArray());

        Assert.Equal(Values.Select(Bits), Compile(literals).Select(Bits));
    }

    [Theory, MemberData(nameof(CultureNames))]
    public void Special_values_have_their_names(string culture) => Assert.Equal(
        ["float.NaN", "float.PositiveInfinity", "float.NegativeInfinity", "2f", "-2f", "0.5f"],
        Cultures.Under(Find(culture), () => new[] { float.NaN, 1f / 0f, -1f / 0f, 2f, -2f, 0.5f }.Select(Literal.Of).ToArray()));

    [Theory, MemberData(nameof(CultureNames))]
    public void Integers_are_plain(string culture) => Assert.Equal(
        "[1, -28, 1234567]", Cultures.Under(Find(culture), () => Literal.Of([1, -28, 1234567])));

    [Theory]
    [InlineData("a\"b")]
    [InlineData("back\\slash")]
    [InlineData("line\nbreak\t\0")]
    [InlineData("größe ∂ \u2028")]
    [InlineData("")]
    public void Strings_round_trip(string text) =>
        Assert.Equal(text, ((Microsoft.CodeAnalysis.CSharp.Syntax.LiteralExpressionSyntax)SyntaxFactory.ParseExpression(Literal.Of(text))).Token.ValueText);

    private static CultureInfo Find(string name) => name switch
    {
        "Swedish" => Cultures.Swedish,
        "Other" => Cultures.Other,
        _ => CultureInfo.InvariantCulture,
    };

    private static int Bits(float value) => BitConverter.SingleToInt32Bits(value);

    private static IEnumerable<float> RandomFloats()
    {
        Random random = new(1);
        return Enumerable.Range(0, 500).Select(_ => BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue)))
            .Where(value => !float.IsNaN(value));
    }

    /// <summary>What the compiler makes of constants.</summary>
    private static IEnumerable<float> Compile(string[] literals)
    {
        string fields = string.Concat(literals.Select((literal, i) => $"public const float V{i} = {literal};\n"));
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Literals", [CSharpSyntaxTree.ParseText($"public static class Constants {{\n{fields}}}")],
            [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        Assert.Equal([], compilation.GetDiagnostics());
        INamedTypeSymbol type = compilation.GetTypeByMetadataName("Constants")!;
        return literals.Select((_, i) => (float)((IFieldSymbol)type.GetMembers($"V{i}").Single()).ConstantValue!);
    }
}
