namespace NetGen.Network.Tests;

/// <summary>A layer that reads a second value besides the current one.</summary>
/// <param name="other">Number of that value: 0 is the input, i the output of layer i.</param>
internal abstract class DoubleJoin(int other) : DoubleLayer
{
    public int Other { get; } = other;

    public abstract Bounded[] Join(Bounded[] x, Bounded[] other);

    /// <summary>Gradients of both values; null where none flows.</summary>
    public abstract (Bounded[]? X, Bounded[]? Other) Split(Bounded[] x, Bounded[] other, Bounded[] dy);

    public override Bounded[] Forward(Bounded[] x) => throw new NotSupportedException("A join has two inputs.");

    public override Bounded[] Backward(Bounded[] x, Bounded[] y, Bounded[] dy) => throw new NotSupportedException("A join has two inputs.");
}

/// <summary>y = x + other.</summary>
internal sealed class DoubleAdd(int other) : DoubleJoin(other)
{
    public override Bounded[] Join(Bounded[] x, Bounded[] other) => [.. x.Zip(other, (a, b) => a + b)];

    public override (Bounded[]? X, Bounded[]? Other) Split(Bounded[] x, Bounded[] other, Bounded[] dy) => (dy, dy);
}

/// <summary>y = x · other; the shorter of the two has one factor for each of equally many neighbours.</summary>
internal sealed class DoubleMultiply(int other) : DoubleJoin(other)
{
    public override Bounded[] Join(Bounded[] x, Bounded[] other)
    {
        int length = Math.Max(x.Length, other.Length);
        return [.. Enumerable.Range(0, length).Select(i => x[i / (length / x.Length)] * other[i / (length / other.Length)])];
    }

    public override (Bounded[]? X, Bounded[]? Other) Split(Bounded[] x, Bounded[] other, Bounded[] dy) =>
        (Gradient(x, other, dy), Gradient(other, x, dy));

    private static Bounded[] Gradient(Bounded[] of, Bounded[] factor, Bounded[] dy)
    {
        BoundedSum[] sums = new BoundedSum[of.Length];
        for (int i = 0; i < dy.Length; i++)
            sums[i / (dy.Length / of.Length)].AddProduct(dy[i], factor[i / (dy.Length / factor.Length)]);
        return Array.ConvertAll(sums, sum => sum.Result);
    }
}

/// <summary>y = x, then other, in each row.</summary>
/// <param name="other">Number of the second value.</param>
/// <param name="rows">1, or the steps of a sequence.</param>
internal sealed class DoubleConcat(int other, int rows) : DoubleJoin(other)
{
    public override Bounded[] Join(Bounded[] x, Bounded[] other) =>
        [.. x.Chunk(x.Length / rows).Zip(other.Chunk(other.Length / rows), (left, right) => (Bounded[])[.. left, .. right]).SelectMany(row => row)];

    public override (Bounded[]? X, Bounded[]? Other) Split(Bounded[] x, Bounded[] other, Bounded[] dy)
    {
        int width = x.Length / rows;
        return (
            [.. dy.Chunk(dy.Length / rows).SelectMany(row => row.Take(width))],
            [.. dy.Chunk(dy.Length / rows).SelectMany(row => row.Skip(width))]);
    }
}

/// <summary>Another value becomes the current one.</summary>
internal sealed class DoubleFrom(int other) : DoubleJoin(other)
{
    public override Bounded[] Join(Bounded[] x, Bounded[] other) => other;

    public override (Bounded[]? X, Bounded[]? Other) Split(Bounded[] x, Bounded[] other, Bounded[] dy) => (null, dy);
}

/// <summary>One of several inputs: a part of the sample.</summary>
internal sealed class DoublePart(int first, int length) : DoubleJoin(0)
{
    public override Bounded[] Join(Bounded[] x, Bounded[] other) => other[first..(first + length)];

    public override (Bounded[]? X, Bounded[]? Other) Split(Bounded[] x, Bounded[] other, Bounded[] dy)
    {
        Bounded[] gradient = new Bounded[other.Length];
        dy.CopyTo(gradient, first);
        return (null, gradient);
    }
}

/// <summary>Σ wᵢ · lossᵢ, each on a part of the outputs. It reads the outputs themselves, also where a loss is else fused with the last
/// layer.</summary>
internal sealed class DoubleWeightedSum(IReadOnlyList<(int First, int Length, double Weight, DoubleLoss Loss)> parts) : DoubleLoss
{
    public override Bounded Value(Bounded[] x, Bounded[] targets) => Bounded.Sum(parts.Select(part =>
        Bounded.Rounded(part.Weight) * part.Loss.OutputValue(Cut(x, part.First, part.Length), Cut(targets, part.First, part.Length))));

    public override Bounded[] Gradient(Bounded[] x, Bounded[] targets)
    {
        Bounded[] gradient = new Bounded[x.Length];
        foreach ((int first, int length, double weight, DoubleLoss loss) in parts)
        {
            Bounded[] part = loss.OutputGradient(Cut(x, first, length), Cut(targets, first, length));
            for (int i = 0; i < length; i++)
                gradient[first + i] = part[i] * Bounded.Rounded(weight);
        }

        return gradient;
    }

    private static Bounded[] Cut(Bounded[] values, int first, int length) => values[first..(first + length)];
}
