using System.Globalization;

namespace NetGen;

/// <summary>How losses are written.</summary>
internal static class LossText
{
    /// <summary>As <see cref="FormatOf"/> says, in the invariant culture.</summary>
    public static string Of(double loss) => loss.ToString(FormatOf(loss), CultureInfo.InvariantCulture);

    /// <summary>Four decimals; four digits and an exponent where these would hide them: <c>0.0812</c>, <c>3.907e-05</c>.</summary>
    public static string FormatOf(double loss) => loss != 0 && Math.Abs(loss) < 1e-3 ? "0.000e+00" : "0.0000";
}
