namespace NetGen.Network.Tests;

/// <summary>Where units lie: the features of a vector or of a sequence's rows, the channels of an image or of what Conv1D gives.</summary>
internal readonly record struct DoubleUnits(int Count, int Inner)
{
    public static DoubleUnits Of(int[] shape, bool isConvolved) => shape.Length < 2 || (shape.Length == 2 && !isConvolved)
        ? new(shape[^1], 1)
        : new(shape[0], shape.Skip(1).Aggregate(1, (product, extent) => product * extent));

    /// <summary>The unit of one of a sample's floats.</summary>
    public int this[int position] => position / Inner % Count;
}

/// <summary>x where x > 0, else a · x with a slope a for each unit.</summary>
internal sealed class DoublePReLU(DoubleParameter slopes, DoubleUnits units) : DoubleLayer
{
    public override IReadOnlyList<DoubleParameter> Parameters => [slopes];

    public override Bounded[] Forward(Bounded[] x) => [.. x.Select((value, i) =>
    {
        Bounded a = slopes.Values[units[i]], y = value.Value > 0 ? value : value * a;
        return IsAtStep(value) ? y with { Error = y.Error + (Math.Max(1, Math.Abs(a.Value)) * value.Error) } : y;
    })];

    public override Bounded[] Backward(Bounded[] x, Bounded[] y, Bounded[] dy)
    {
        Bounded[] dx = new Bounded[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            Bounded a = slopes.Values[units[i]], share = x[i].Value > 0 ? default : dy[i] * x[i];
            dx[i] = x[i].Value > 0 ? dy[i] : dy[i] * a;
            if (IsAtStep(x[i]))
            {
                double step = Math.Abs(1 - a.Value) * Math.Abs(dy[i].Value);
                dx[i] = dx[i] with { Error = dx[i].Error + (Math.Max(1, Math.Abs(a.Value)) * dy[i].Error) + step };
                share = share with { Error = share.Error + (2 * x[i].Error * (Math.Abs(dy[i].Value) + dy[i].Error)) };
            }

            slopes.Gradient[units[i]].Add(share);
        }

        return dx;
    }

    private static bool IsAtStep(Bounded x) => x.Error > 0 && Math.Abs(x.Value) <= x.Error;
}
