namespace NetGen.Network.Tests;

/// <summary>An activation as its paper writes it, element by element.</summary>
/// <param name="value">y from x.</param>
/// <param name="slope">The derivative from x and y.</param>
/// <param name="kinks">Where the derivative jumps, or branches meet.</param>
/// <param name="jump">How far the derivative jumps at most.</param>
internal sealed class DoubleActivation(
    Func<Bounded, Bounded> value, Func<Bounded, Bounded, Bounded> slope, double[] kinks, double jump) : DoubleLayer
{
    /// <summary>The activation of that name, or null.</summary>
    public static DoubleActivation? TryCreate(DeclaredAttribute attribute) => attribute.Kind switch
    {
        "ELU" => Elu(1, attribute.Number(0, 1)),
        "SELU" => Elu(1.0507009873554804934193349852946, 1.6732632423543772848170429916717),
        "ReLU6" => new(x => Clamp(x, 0, 6), (x, _) => x.Value is > 0 and < 6 ? 1f : 0f, [0, 6], 1),
        "GELU" => new(
            x => x * Phi(x),
            (x, _) => Phi(x) + (x * (Bounded.Rounded(1 / Math.Sqrt(2 * Math.PI)) * Bounded.Exp(-(x * x) * 0.5f))), [], 0),
        "SiLU" => new(x => x * Bounded.Sigmoid(x), (x, _) =>
        {
            Bounded s = Bounded.Sigmoid(x);
            return s + (x * (s * (1f - s)));
        }, [], 0),
        "Mish" => new(x =>
        {
            Bounded e = Bounded.Exp(x), w = e * (e + 2f);
            return x * (w / (w + 2f));
        }, (x, _) =>
        {
            Bounded e = Bounded.Exp(x), root = (e * (e + 2f)) + 2f;
            Bounded omega = (4f * (x + 1f)) + (e * ((4f * x) + (6f + (e * (e + 4f)))));
            return e / root * (omega / root);
        }, [], 0),
        // PyTorch's derivative is the float 1/6, in double precision too.
        "HardSigmoid" => new(x => HardStep(x), (x, _) => Math.Abs(x.Value) < 3 ? 1f / 6f : 0f, [-3, 3], 1.0 / 6),
        "HardSwish" => new(
            x => x * HardStep(x),
            (x, _) => x.Value <= -3 ? 0f : x.Value >= 3 ? 1f : (x * Bounded.Rounded(1.0 / 3)) + 0.5f, [-3, 3], 1.5),
        "Softplus" => new(
            x => new Bounded(Math.Max(x.Value, 0), x.Error) + Bounded.Log1P(Bounded.Exp(x.Value > 0 ? -x : x)),
            (_, y) => -Bounded.Expm1(-y), [], 0),
        "Softsign" => new(x => x / (1f + Abs(x)), (x, _) => (1f / (1f + Abs(x))) * (1f / (1f + Abs(x))), [], 0),
        _ => null,
    };

    public override Bounded[] Forward(Bounded[] x) => Array.ConvertAll(x, one =>
    {
        Bounded y = value(one);
        return IsAtKink(one) ? y with { Error = y.Error + (jump * one.Error) + (jump * 8 * Bounded.Unit) } : y;
    });

    public override Bounded[] Backward(Bounded[] x, Bounded[] y, Bounded[] dy)
    {
        Bounded[] dx = new Bounded[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            dx[i] = dy[i] * slope(x[i], y[i]);
            if (IsAtKink(x[i]))
                dx[i] = dx[i] with { Error = dx[i].Error + (jump * (Math.Abs(dy[i].Value) + dy[i].Error)) };
        }

        return dx;
    }

    private static DoubleActivation Elu(double scale, double alpha)
    {
        Bounded factor = scale == 1 ? (Bounded)1f : Bounded.Rounded(scale), depth = Bounded.Rounded(scale * alpha);
        return new(
            x => x.Value > 0 ? factor * x : depth * Bounded.Expm1(x),
            (x, y) => x.Value > 0 ? factor : alpha > 0 ? y + depth : depth * Bounded.Exp(x), [0], Math.Abs(scale * (1 - alpha)) + 1e-6);
    }

    private static Bounded Clamp(Bounded x, double low, double high) => x with { Value = Math.Clamp(x.Value, low, high) };

    private static Bounded HardStep(Bounded x) => Clamp(x + 3f, 0, 6) * Bounded.Rounded(1.0 / 6);

    private static Bounded Abs(Bounded x) => x with { Value = Math.Abs(x.Value) };

    /// <summary>Distribution of the standard normal: its slope is at most 0.4.</summary>
    private static Bounded Phi(Bounded x)
    {
        double p = 0.5 * ErrorFunction.Complement(-x.Value * Math.Sqrt(0.5));
        return new(p, (0.4 * x.Error) + ((14 + (x.Value * x.Value)) * Bounded.Unit * p) + Bounded.Tiny);
    }

    private bool IsAtKink(Bounded x) =>
        Array.Exists(kinks, kink => x.Error > 0 && Math.Abs(x.Value - kink) <= x.Error + (4 * Bounded.Unit));
}
