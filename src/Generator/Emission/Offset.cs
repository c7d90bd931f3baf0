using System.Globalization;

namespace NetGen.Generator.Emission;

/// <summary>Arithmetic on offsets in generated text: what is constant is computed here, what changes nothing is left out.</summary>
internal static class Offset
{
    /// <summary>The sum of an offset, a number or a name, and a constant.</summary>
    public static string Plus(string offset, int summand)
    {
        if (Number(offset) is int number)
            return Identifier.Text(number + summand);
        return summand switch
        {
            0 => offset,
            > 0 => $"{offset} + {summand}",
            _ => $"{offset} - {-summand}",
        };
    }

    /// <summary>The product of an offset, a number or a name, and a constant.</summary>
    public static string Times(string offset, int factor)
    {
        if (Number(offset) is int number)
            return Identifier.Text(number * factor);
        return factor switch
        {
            0 => "0",
            1 => offset,
            _ => $"{offset} * {factor}",
        };
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number : null;
}
