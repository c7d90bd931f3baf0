namespace NetGen.Network.Tests;

/// <summary>Functions whose parameters are trained per unit: what tests declare as methods of the network's class, and the same in double
/// precision.</summary>
/// <param name="parameters">In the method's order.</param>
/// <param name="units">Where the units lie.</param>
/// <param name="value">y from x and the unit's parameters.</param>
/// <param name="slopes">The derivatives by x and by each parameter.</param>
internal sealed class DoubleLearned(
    DoubleParameter[] parameters, DoubleUnits units, Func<Bounded, Bounded[], Bounded> value, Func<Bounded, Bounded[], Bounded[]> slopes)
    : DoubleLayer
{
    /// <summary>The methods.</summary>
    public const string Members = """
        static float Swish(float x, float beta) => x / (1f + MathF.Exp(-beta * x));
        static float Wave(float x, float height, float rate) => height * MathF.Tanh(rate * x);
        """;

    public override IReadOnlyList<DoubleParameter> Parameters => parameters;

    /// <summary>The layer of a learnable function.</summary>
    /// <exception cref="NotSupportedException">It is none of <see cref="Members"/>.</exception>
    public static DoubleLearned Create(string function, string name, DoubleUnits units, bool trainable)
    {
        return function switch
        {
            "nameof(Swish)" => new(Named("beta"), units, (x, a) => x * Bounded.Sigmoid(a[0] * x), (x, a) =>
            {
                Bounded s = Bounded.Sigmoid(a[0] * x), bend = x * (s * (1f - s));
                return [s + (bend * a[0]), bend * x];
            }),
            "nameof(Wave)" => new(Named("height", "rate"), units, (x, a) => a[0] * Bounded.Tanh(a[1] * x), (x, a) =>
            {
                Bounded t = Bounded.Tanh(a[1] * x), bend = a[0] * (1f - (t * t));
                return [bend * a[1], t, bend * x];
            }),
            _ => throw new NotSupportedException($"The reference implementation does not know {function}."),
        };

        DoubleParameter[] Named(params string[] names) =>
            [.. names.Select(one => new DoubleParameter($"{name}.{one}", units.Count, trainable))];
    }

    public override Bounded[] Forward(Bounded[] x) => [.. x.Select((one, i) => value(one, Of(units[i])))];

    public override Bounded[] Backward(Bounded[] x, Bounded[] y, Bounded[] dy)
    {
        Bounded[] dx = new Bounded[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            Bounded[] partials = slopes(x[i], Of(units[i]));
            dx[i] = dy[i] * partials[0];
            for (int k = 0; k < parameters.Length; k++)
                parameters[k].Gradient[units[i]].Add(dy[i] * partials[k + 1]);
        }

        return dx;
    }

    private Bounded[] Of(int unit) => Array.ConvertAll(parameters, parameter => parameter.Values[unit]);
}
