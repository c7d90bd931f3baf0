using NetGen.Generator.Emission;

namespace NetGen.Generator.Expressions;

/// <summary>The built-in activations, one formula each.</summary>
internal static class Activations
{
    /// <summary>Clevert et al., Fast and Accurate Deep Network Learning by Exponential Linear Units, 2016.</summary>
    public static FormulaActivation ELU(float alpha) => new(
        "ELU" + (alpha == 1f ? "" : Identifier.Of(alpha)),
        $"x where x > 0, else {Literal.Of(alpha)} · (exp(x) - 1)", $"dy where y > 0, else dy · (y + {Literal.Of(alpha)})",
        (e, x) => e.Select(e.Greater(x, e.Constant(0)), x, e.Multiply(e.Constant(alpha), e.Expm1(e.Min(x, e.Constant(0))))),
        // The sign of y is that of x while alpha is positive.
        SlopeOfValue: alpha > 0f
            ? (e, y) => e.Select(e.Greater(y, e.Constant(0)), e.Constant(1), e.Add(y, e.Constant(alpha)))
            : null);

    /// <summary>Klambauer et al., Self-Normalizing Neural Networks, 2017: mean 0 and variance 1 are a fixed point.</summary>
    public static FormulaActivation SELU { get; } = new(
        "SELU", "1.0507 · (x where x > 0, else 1.67326 · (exp(x) - 1))", "dy · (1.0507 where y > 0, else y + 1.7581)",
        (e, x) => e.Select(
            e.Greater(x, e.Constant(0)),
            e.Multiply(e.Constant(SeluScale), x),
            e.Multiply(e.Constant(SeluScale * SeluAlpha), e.Expm1(e.Min(x, e.Constant(0))))),
        SlopeOfValue: (e, y) => e.Select(
            e.Greater(y, e.Constant(0)), e.Constant(SeluScale), e.Add(y, e.Constant(SeluScale * SeluAlpha))));

    /// <summary>Howard et al., MobileNets, 2017.</summary>
    public static FormulaActivation ReLU6 { get; } = new(
        "ReLU6", "min(max(x, 0), 6)", "dy where 0 < y < 6, else 0",
        (e, x) => e.Min(e.Max(x, e.Constant(0)), e.Constant(6)),
        SlopeOfValue: (e, y) => Inside(e, y, 0, 6, e.Constant(1)));

    /// <summary>Hendrycks and Gimpel, Gaussian Error Linear Units, 2016, exact: x · Φ(x). NaN at -∞.</summary>
    /// <remarks>½ erfc(-x / √2) instead of ½ (1 + erf(x / √2)) keeps the digits of the left tail.</remarks>
    public static FormulaActivation GELU { get; } = new(
        "GELU", "x · Φ(x)", "dy · (Φ(x) + x φ(x))",
        (e, x) => e.Multiply(x, Phi(e, x)),
        // φ from x² as it is, and not from the square of x / √2, rounded twice.
        Slope: (e, x) => e.Add(Phi(e, x), e.Multiply(
            e.Multiply(e.Constant(1 / Math.Sqrt(2 * Math.PI)), x), e.Exp(e.Multiply(e.Constant(-0.5), e.Multiply(x, x))))));

    /// <summary>Ramachandran et al., Searching for Activation Functions (Swish), 2017. NaN at -∞.</summary>
    public static FormulaActivation SiLU { get; } = new(
        "SiLU", "x / (1 + exp(-x))", "dy · (s + x s (1 - s)) with s = 1 / (1 + exp(-x))", (e, x) => e.Multiply(x, e.Sigmoid(x)));

    /// <summary>Misra, Mish: A Self Regularized Non-Monotonic Activation Function, 2020. NaN at -∞.</summary>
    /// <remarks>
    /// With e = exp(x), tanh(ln(1 + e)) is w / (w + 2) for w = e (e + 2): one exponential. It is 1 to a float from x = 10 on; 20 keeps e⁴
    /// finite. The given slope has positive terms only where the derived one subtracts almost equal ones.
    /// </remarks>
    public static FormulaActivation Mish { get; } = new(
        "Mish", "x · tanh(ln(1 + exp(x)))", "dy · e (4 (x + 1) + e (4 x + 6 + e (4 + e))) / (e (e + 2) + 2)² with e = exp(x)",
        (e, x) =>
        {
            Expression power = e.Exp(e.Min(x, e.Constant(20))), w = e.Multiply(power, e.Add(power, e.Constant(2)));
            return e.Multiply(x, e.Divide(w, e.Add(w, e.Constant(2))));
        },
        Slope: (e, x) =>
        {
            Expression z = e.Min(x, e.Constant(20)), power = e.Exp(z), four = e.Constant(4);
            Expression inner = e.Add(e.Multiply(four, z), e.Add(e.Constant(6), e.Multiply(power, e.Add(power, four))));
            Expression numerator = e.Add(e.Multiply(four, e.Add(z, e.Constant(1))), e.Multiply(power, inner));
            Expression root = e.Add(e.Multiply(power, e.Add(power, e.Constant(2))), e.Constant(2));
            return e.Multiply(e.Divide(power, root), e.Divide(numerator, root));
        });

    /// <summary>Howard et al., Searching for MobileNetV3, 2019.</summary>
    public static FormulaActivation HardSigmoid { get; } = new(
        "HardSigmoid", "min(max(x + 3, 0), 6) / 6", "dy / 6 where 0 < y < 1, else 0",
        (e, x) => e.Multiply(HardStep(e, x), e.Constant(1.0 / 6)),
        SlopeOfValue: (e, y) => Inside(e, y, 0, 1, e.Constant(1.0 / 6)));

    /// <summary>Howard et al., Searching for MobileNetV3, 2019.</summary>
    public static FormulaActivation HardSwish { get; } = new(
        "HardSwish", "x · min(max(x + 3, 0), 6) / 6", "dy · (0 where x <= -3, x / 3 + ½ below 3, else 1)",
        (e, x) => e.Multiply(x, e.Multiply(HardStep(e, x), e.Constant(1.0 / 6))),
        Slope: (e, x) => e.Select(
            e.Greater(x, e.Constant(-3)),
            e.Select(e.Less(x, e.Constant(3)), e.Add(e.Multiply(x, e.Constant(1.0 / 3)), e.Constant(0.5)), e.Constant(1)),
            e.Constant(0)));

    /// <summary>Dugas et al., Incorporating Second-Order Functional Knowledge for Better Option Pricing, 2000.</summary>
    /// <remarks>ln(1 + exp(x)) without overflow; the slope 1 / (1 + exp(-x)) is 1 - exp(-y).</remarks>
    public static FormulaActivation Softplus { get; } = new(
        "Softplus", "max(x, 0) + ln(1 + exp(-|x|))", "dy · (1 - exp(-y))",
        (e, x) => e.Add(e.Max(x, e.Constant(0)), e.Log1P(e.Exp(e.Negate(e.Abs(x))))),
        SlopeOfValue: (e, y) => e.Negate(e.Expm1(e.Negate(y))));

    /// <summary>Turian et al., Quadratic Features and Deep Architectures for Chunking, 2009. NaN at ±∞.</summary>
    public static FormulaActivation Softsign { get; } = new(
        "Softsign", "x / (1 + |x|)", "dy / (1 + |x|)²",
        (e, x) => e.Divide(x, e.Add(e.Constant(1), e.Abs(x))),
        Slope: (e, x) =>
        {
            Expression reciprocal = e.Divide(e.Constant(1), e.Add(e.Constant(1), e.Abs(x)));
            return e.Multiply(reciprocal, reciprocal);
        });

    /// <summary>Rosenblatt, The Perceptron, 1958. The derivative is 0 wherever there is one.</summary>
    public static FormulaActivation Step { get; } = new(
        "Step", "1 where x >= 0, else 0", "0",
        (e, x) => e.Select(e.Less(x, e.Constant(0)), e.Constant(0), e.Select(e.LessOrEqual(e.Constant(0), x), e.Constant(1), x)),
        SlopeOfValue: (e, _) => e.Constant(0));

    private const double SeluScale = 1.0507009873554804934193349852946;
    private const double SeluAlpha = 1.6732632423543772848170429916717;

    /// <summary>min(max(x + 3, 0), 6).</summary>
    private static Expression HardStep(ExpressionPool e, Expression x) =>
        e.Min(e.Max(e.Add(x, e.Constant(3)), e.Constant(0)), e.Constant(6));

    /// <summary>The slope where low &lt; y &lt; high, else 0.</summary>
    private static Expression Inside(ExpressionPool e, Expression y, float low, float high, Expression slope) =>
        e.Select(e.And(e.Greater(y, e.Constant(low)), e.Less(y, e.Constant(high))), slope, e.Constant(0));

    /// <summary>Distribution of the standard normal.</summary>
    private static Expression Phi(ExpressionPool e, Expression x) =>
        e.Multiply(e.Constant(0.5), e.Erfc(e.Multiply(x, e.Constant(-Math.Sqrt(0.5)))));
}
