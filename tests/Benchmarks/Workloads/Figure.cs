using System.Globalization;

namespace NetGen.Benchmarks.Workloads;

/// <summary>A measured quantity: median, smallest and largest of its repeats.</summary>
/// <param name="Median">Of an odd number of repeats, so that it was measured itself.</param>
/// <param name="Least">The smallest.</param>
/// <param name="Most">The largest.</param>
public readonly record struct Figure(double Median, double Least, double Most)
{
    /// <param name="repeats">At least one; sorted in place.</param>
    public static Figure Of(double[] repeats)
    {
        Array.Sort(repeats);
        return new Figure(repeats[repeats.Length / 2], repeats[0], repeats[^1]);
    }

    /// <summary>"median least most", with the decimals that the smallest of them needs.</summary>
    public override string ToString()
    {
        string format = Least < 1000 ? "F2" : "F0";
        return string.Join(' ', new[] { Median, Least, Most }.Select(value => value.ToString(format, CultureInfo.InvariantCulture)));
    }
}
