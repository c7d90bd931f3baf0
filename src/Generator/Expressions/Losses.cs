namespace NetGen.Generator.Expressions;

/// <summary>The built-in losses that are a sum over the outputs, one formula each.</summary>
internal static class Losses
{
    /// <summary>|x - t|; the derivative is 0 where they are equal.</summary>
    public static FormulaLoss AbsoluteError { get; } = new(
        "AbsoluteError", "|x - t|", "sign(x - t)", (e, x, t) => e.Abs(e.Subtract(x, t)));

    /// <summary>Huber, Robust Estimation of a Location Parameter, 1964, with δ = 1.</summary>
    /// <remarks>Both branches are q (|d| - q / 2) with q = min(|d|, 1): no choice is needed.</remarks>
    public static FormulaLoss Huber { get; } = new(
        "Huber", "½ (x - t)² where |x - t| < 1, else |x - t| - ½", "min(max(x - t, -1), 1)",
        (e, x, t) =>
        {
            Expression size = e.Abs(e.Subtract(x, t)), inner = e.Min(size, e.Constant(1));
            return e.Multiply(inner, e.Subtract(size, e.Multiply(e.Constant(0.5), inner)));
        },
        Slope: (e, x, t) => e.Min(e.Max(e.Subtract(x, t), e.Constant(-1)), e.Constant(1)));

    /// <summary>ln cosh(x - t).</summary>
    /// <remarks>
    /// With p = exp(|d|) - 1, cosh d is 1 + p² / (2 (1 + p)): only positive terms, so nothing cancels near 0, where
    /// |d| + ln(1 + exp(-2|d|)) - ln 2 has no digits left. Beyond 20 it is |d| - ln 2 to a float, so p takes no more than that and cannot
    /// overflow.
    /// </remarks>
    public static FormulaLoss LogCosh { get; } = new(
        "LogCosh", "ln cosh(x - t)", "tanh(x - t)",
        (e, x, t) =>
        {
            Expression size = e.Abs(e.Subtract(x, t)), inner = e.Min(size, e.Constant(20)), p = e.Expm1(inner);
            Expression quotient = e.Divide(p, e.Add(e.Constant(1), p));
            return e.Add(e.Subtract(size, inner), e.Log1P(e.Multiply(e.Multiply(e.Constant(0.5), p), quotient)));
        },
        Slope: (e, x, t) => e.Tanh(e.Subtract(x, t)));

    /// <summary>Cortes and Vapnik, Support-Vector Networks, 1995: targets are -1 and 1.</summary>
    public static FormulaLoss Hinge { get; } = new(
        "Hinge", "max(1 - t x, 0)", "-t where t x < 1, else 0", Margin);

    /// <summary>The square of <see cref="Hinge"/>: targets are -1 and 1.</summary>
    public static FormulaLoss SquaredHinge { get; } = new(
        "SquaredHinge", "max(1 - t x, 0)²", "-2 t max(1 - t x, 0)",
        (e, x, t) => e.Multiply(Margin(e, x, t), Margin(e, x, t)),
        Slope: (e, x, t) => e.Multiply(e.Multiply(e.Constant(-2), t), Margin(e, x, t)));

    /// <summary>By how much t x falls short of 1.</summary>
    private static Expression Margin(ExpressionPool e, Expression x, Expression t) =>
        e.Max(e.Subtract(e.Constant(1), e.Multiply(t, x)), e.Constant(0));
}
