namespace NetGen.Network.Tests;

/// <summary>Layers that work on planes, (C, H, W) or (C, L).</summary>
internal static class DoublePlanes
{
    /// <summary>The layer of an attribute, and the shape behind it; null for one of another kind.</summary>
    public static DoubleLayer? TryCreate(DeclaredAttribute attribute, ref int[] shape)
    {
        switch (attribute.Kind)
        {
            case "MaxPool2D" or "MaxPool1D" or "AveragePool2D" or "AveragePool1D":
                int size = attribute.Int(0), stride = attribute.NamedInt("Stride", 0), padding = attribute.NamedInt("Padding", 0);
                return Pool(attribute.Kind, ref shape, size, stride == 0 ? size : stride, padding);
            case "GlobalMaxPool" or "GlobalAveragePool":
                int channels = shape[0], plane = shape.Skip(1).Aggregate(1, (product, extent) => product * extent);
                shape = [channels, plane];
                DoubleLayer pool = Pool(attribute.Kind["Global".Length..], ref shape, plane, plane, 0);
                shape = [channels];
                return pool;
            case "Upsample":
                DoubleUpsample upsample = new(shape, attribute.Int(0));
                shape = [shape[0], .. shape[1..].Select(extent => extent * attribute.Int(0))];
                return upsample;
            case "ZeroPad":
                int[] sides = attribute.Values.Count == 1
                    ? [.. Enumerable.Repeat(attribute.Int(0), 4)]
                    : [.. Enumerable.Range(0, 4).Select(attribute.Int)];
                DoubleZeroPad pad = new(shape, sides);
                shape = shape.Length == 3
                    ? [shape[0], shape[1] + sides[0] + sides[1], shape[2] + sides[2] + sides[3]]
                    : [shape[0], shape[1] + sides[2] + sides[3]];
                return pad;
            case "Reshape":
                int length = shape.Aggregate(1, (product, extent) => product * extent);
                int[] extents = [.. Enumerable.Range(0, attribute.Values.Count).Select(attribute.Int)];
                int known = extents.Where(extent => extent > 0).Aggregate(1, (product, extent) => product * extent);
                shape = Array.ConvertAll(extents, extent => extent > 0 ? extent : length / known);
                return new DoubleFlatten();
            default:
                return null;
        }
    }

    private static DoublePool Pool(string kind, ref int[] shape, int size, int stride, int padding)
    {
        DoublePool pool = new(shape, size, stride, padding, kind.StartsWith("Max", StringComparison.Ordinal));
        shape = [shape[0], .. shape[1..].Select(extent => ((extent + (2 * padding) - size) / stride) + 1)];
        return pool;
    }
}

/// <summary>Maximum or mean over windows, plane by plane. Where rounding may make another value the maximum, the errors hold the
/// difference.</summary>
internal sealed class DoublePool : DoubleLayer
{
    private readonly bool isMax;
    private readonly int area, outputs;
    private readonly List<int[]> windows = [];

    public DoublePool(int[] shape, int size, int stride, int padding, bool isMax)
    {
        this.isMax = isMax;
        bool isImage = shape.Length == 3;
        int height = isImage ? shape[1] : 1, width = shape[^1];
        area = isImage ? size * size : size;
        for (int c = 0; c < shape[0]; c++)
        {
            for (int top = isImage ? -padding : 0; top + (isImage ? size : 1) <= height + (isImage ? padding : 0); top += isImage ? stride : 1)
            {
                for (int left = -padding; left + size <= width + padding; left += stride)
                {
                    windows.Add([
                        .. from row in Enumerable.Range(top, isImage ? size : 1)
                           where row >= 0 && row < height
                           from column in Enumerable.Range(left, size)
                           where column >= 0 && column < width
                           select (((c * height) + row) * width) + column,
                    ]);
                }
            }
        }

        outputs = windows.Count;
    }

    public override Bounded[] Forward(Bounded[] x)
    {
        Bounded[] y = new Bounded[outputs];
        for (int i = 0; i < outputs; i++)
        {
            y[i] = isMax
                ? windows[i].Select(k => x[k]).Aggregate(Bounded.Max)
                : Bounded.Sum(windows[i].Select(k => x[k])) * Bounded.Rounded(1.0 / area);
        }

        return y;
    }

    public override Bounded[] Backward(Bounded[] x, Bounded[] y, Bounded[] dy)
    {
        BoundedSum[] sums = new BoundedSum[x.Length];
        double[] steps = new double[x.Length];
        for (int i = 0; i < outputs; i++)
        {
            if (!isMax)
            {
                foreach (int k in windows[i])
                    sums[k].Add(dy[i] * Bounded.Rounded(1.0 / area));
                continue;
            }

            int first = windows[i].MaxBy(k => x[k].Value);
            sums[first].Add(dy[i]);
            foreach (int k in windows[i].Where(k => k != first && IsRival(x[first], x[k])))
            {
                double step = Math.Abs(dy[i].Value) + dy[i].Error;
                steps[first] += step;
                steps[k] += step;
            }
        }

        return [.. sums.Select((sum, k) => sum.Result with { Error = sum.Result.Error + steps[k] })];
    }

    /// <summary>Errors of underflow alone do not make a rival: the zeros behind a rectifier are exact.</summary>
    private static bool IsRival(Bounded max, Bounded other) =>
        max.Error + other.Error > 1e-30 && max.Value - other.Value <= max.Error + other.Error;
}

/// <summary>Nearest neighbour.</summary>
internal sealed class DoubleUpsample(int[] shape, int factor) : DoubleLayer
{
    private readonly int height = shape.Length == 3 ? shape[1] : 1, width = shape[^1], vertical = shape.Length == 3 ? factor : 1;

    public override Bounded[] Forward(Bounded[] x)
    {
        Bounded[] y = new Bounded[x.Length * vertical * factor];
        for (int k = 0; k < y.Length; k++)
            y[k] = x[Source(k)];
        return y;
    }

    public override Bounded[] Backward(Bounded[] x, Bounded[] y, Bounded[] dy)
    {
        BoundedSum[] dx = new BoundedSum[x.Length];
        for (int k = 0; k < dy.Length; k++)
            dx[Source(k)].Add(dy[k]);
        return Array.ConvertAll(dx, sum => sum.Result);
    }

    private int Source(int k)
    {
        int column = k % (width * factor);
        int row = k / (width * factor) % (height * vertical);
        int channel = k / (width * factor * height * vertical);
        return (((channel * height) + (row / vertical)) * width) + (column / factor);
    }
}

/// <summary>Zeros at the top, the bottom, the left and the right.</summary>
internal sealed class DoubleZeroPad(int[] shape, int[] sides) : DoubleLayer
{
    private readonly int height = shape.Length == 3 ? shape[1] : 1, width = shape[^1], top = shape.Length == 3 ? sides[0] : 0,
        bottom = shape.Length == 3 ? sides[1] : 0;

    public override Bounded[] Forward(Bounded[] x)
    {
        Bounded[] y = new Bounded[shape[0] * (height + top + bottom) * (width + sides[2] + sides[3])];
        for (int k = 0; k < x.Length; k++)
            y[Target(k)] = x[k];
        return y;
    }

    public override Bounded[] Backward(Bounded[] x, Bounded[] y, Bounded[] dy) => [.. x.Select((_, k) => dy[Target(k)])];

    private int Target(int k) =>
        ((((k / (width * height) * (height + top + bottom)) + (k / width % height) + top) * (width + sides[2] + sides[3])) + (k % width)) + sides[2];
}
