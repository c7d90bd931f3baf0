using System.Globalization;

namespace NetGen.Generator.Emission;

/// <summary>C# literals: invariant, round-tripping, NaN and infinities by name.</summary>
internal static class Literal
{
    /// <summary>A float literal. An integral value prints without a fraction: <c>2f</c>.</summary>
    public static string Of(float value)
    {
        if (float.IsNaN(value))
            return "float.NaN";
        if (float.IsInfinity(value))
            return value > 0 ? "float.PositiveInfinity" : "float.NegativeInfinity";
        return value.ToString("R", CultureInfo.InvariantCulture) + "f";
    }

    /// <summary>A string literal.</summary>
    public static string Of(string value) => Microsoft.CodeAnalysis.CSharp.SymbolDisplay.FormatLiteral(value, quote: true);

    /// <summary>A float array in collection-expression form: <c>[0.5f, 2f]</c>.</summary>
    public static string Of(IEnumerable<float> values) => "[" + string.Join(", ", values.Select(value => Of(value))) + "]";

    /// <summary>An int array in collection-expression form: <c>[1, 28, 28]</c>.</summary>
    public static string Of(IEnumerable<int> values) =>
        "[" + string.Join(", ", values.Select(value => value.ToString(CultureInfo.InvariantCulture))) + "]";
}
