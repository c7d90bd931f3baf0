using System.Globalization;

namespace NetGen.Generator.Tests.Emission;

/// <summary>Cultures that write numbers as no C# compiler reads them.</summary>
/// <remarks>Made by hand, for the machine's own are absent where globalization is invariant.</remarks>
internal static class Cultures
{
    /// <summary>As Swedish: a comma, and a minus sign that is no hyphen.</summary>
    public static CultureInfo Swedish => Create(format =>
    {
        format.NumberDecimalSeparator = ",";
        format.NumberGroupSeparator = "\u00A0";
        format.NegativeSign = "\u2212";
        format.NaNSymbol = "¤¤¤";
        format.PositiveInfinitySymbol = "∞";
        format.NegativeInfinitySymbol = "\u2212∞";
    });

    /// <summary>Other separators, and groups of four digits.</summary>
    public static CultureInfo Other => Create(format =>
    {
        format.NumberDecimalSeparator = "٫";
        format.NumberGroupSeparator = ".";
        format.NumberGroupSizes = [4];
        format.PositiveSign = "plus";
        format.NegativeSign = "minus";
    });

    /// <summary>Does something under a culture.</summary>
    public static T Under<T>(CultureInfo culture, Func<T> function)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = culture;
        try
        {
            return function();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static CultureInfo Create(Action<NumberFormatInfo> change)
    {
        CultureInfo culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        change(culture.NumberFormat);
        return culture;
    }
}
