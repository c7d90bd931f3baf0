namespace NetGen.Network.Tests;

/// <summary>The largest of each group of neighbouring units. Where rounding may make another one largest, the errors hold the
/// step.</summary>
/// <param name="pieces">Units of a group.</param>
/// <param name="inner">Floats from a unit to the next.</param>
internal sealed class DoubleMaxout(int pieces, int inner) : DoubleLayer
{
    public override Bounded[] Forward(Bounded[] x) => [.. Enumerable.Range(0, x.Length / pieces).Select(g =>
    {
        Bounded[] group = Array.ConvertAll(Group(g), i => x[i]);
        return new Bounded(group.Max(one => one.Value), group.Max(one => one.Error));
    })];

    public override Bounded[] Backward(Bounded[] x, Bounded[] y, Bounded[] dy)
    {
        Bounded[] dx = new Bounded[x.Length];
        for (int g = 0; g < y.Length; g++)
        {
            int[] group = Group(g);
            int first = group.MaxBy(i => x[i].Value); // of equal ones the first
            double rival = group.Where(i => i != first).Max(i => x[i].Value + x[i].Error);
            foreach (int i in group)
            {
                dx[i] = i == first ? dy[g] : default;
                bool unsure = i == first ? rival >= x[i].Value - x[i].Error : x[i].Value + x[i].Error >= x[first].Value - x[first].Error;
                // Exact numbers leave no doubt.
                if (unsure && x[i].Error + x[first].Error > 0)
                    dx[i] = dx[i] with { Error = Math.Abs(dy[g].Value) + dy[g].Error };
            }
        }

        return dx;
    }

    private int[] Group(int g)
    {
        int first = ((g / inner) * pieces * inner) + (g % inner);
        return [.. Enumerable.Range(0, pieces).Select(j => first + (j * inner))];
    }
}

/// <summary>xᵢ − ln Σⱼ exp(xⱼ) over the last axis.</summary>
internal sealed class DoubleLogSoftmax(int classes) : DoubleLayer
{
    public override Bounded[] Forward(Bounded[] x) => [.. x.Chunk(classes).SelectMany(row =>
    {
        Bounded max = row.MaxBy(value => value.Value);
        Bounded log = Bounded.Log(Bounded.Sum(row.Select(value => Share(value - max))));
        // The sum is from 1 to the number of classes.
        log = log with { Error = Math.Min(log.Error, Math.Log(classes) + Bounded.Unit) };
        return row.Select(value => value - max - log);
    })];

    public override Bounded[] Backward(Bounded[] x, Bounded[] y, Bounded[] dy)
    {
        Bounded[] sums = [.. dy.Chunk(classes).Select(row => Bounded.Sum(row))];
        return [.. dy.Select((one, i) => one - (Share(y[i]) * sums[i / classes]))];
    }

    /// <summary>The exponential of what is at most 0, computed too, but for rounding: it is from 0 to 1.</summary>
    private static Bounded Share(Bounded x)
    {
        Bounded e = Bounded.Exp(x);
        return e.Error < 1 ? e : e with { Error = 1 + (8 * Bounded.Unit) };
    }
}

/// <summary>1 where x ≥ 0, else 0; the derivative is 0.</summary>
internal sealed class DoubleStep : DoubleLayer
{
    public override Bounded[] Forward(Bounded[] x) =>
        Array.ConvertAll(x, one => new Bounded(one.Value >= 0 ? 1 : 0, one.Error > 0 && Math.Abs(one.Value) <= one.Error ? 1 : 0));

    public override Bounded[] Backward(Bounded[] x, Bounded[] y, Bounded[] dy) => new Bounded[x.Length];
}
