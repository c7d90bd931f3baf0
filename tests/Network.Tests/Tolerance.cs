using System.Globalization;

namespace NetGen.Network.Tests;

/// <summary>Every comparison of generated float32 results, and how far they may be off.</summary>
/// <remarks>
/// Wherever the reference implementation knows the network, the tolerance is its running error bound (<see cref="Bounded"/>), without any
/// factor: per number, about 2⁻²⁴ · (terms + 1) · Σ|terms| for each sum, carried through the layers, the gradients and the optimizer.
/// Where it does not know a layer, <see cref="Coarse"/> stands in.
/// </remarks>
internal static class Tolerance
{
    /// <summary>Every number lies within its own bound.</summary>
    public static void Check(string what, ReadOnlySpan<float> actual, IReadOnlyList<Bounded> expected)
    {
        Assert.True(actual.Length == expected.Count, $"{what}: {actual.Length} numbers, expected {expected.Count}");
        for (int i = 0; i < actual.Length; i++)
        {
            double off = Math.Abs(actual[i] - expected[i].Value);
            Assert.True(off <= expected[i].Error && double.IsFinite(expected[i].Error), string.Create(CultureInfo.InvariantCulture,
                $"{what}[{i}] is {actual[i]:G9}, expected {expected[i].Value:G17}: off by {off:G3}, allowed {expected[i].Error:G3}"));
        }
    }

    public static void Check(string what, float actual, Bounded expected) => Check(what, [actual], [expected]);

    /// <summary>The bounds are of use: none of them exceeds a share of the largest number.</summary>
    public static void CheckTight(string what, IReadOnlyList<Bounded> expected, double share)
    {
        double largest = expected.Max(value => Math.Abs(value.Value)), loosest = expected.Max(value => value.Error);
        Assert.True(loosest <= share * largest, string.Create(CultureInfo.InvariantCulture,
            $"{what}: numbers up to {largest:G3} with a bound of {loosest:G3} say nothing"));
    }

    /// <summary>Bounds of the reference implementation, or the coarse ones where those say more: over several steps, and through the many
    /// terms of convolutions, worst cases multiply until they say nothing.</summary>
    public static Bounded[] Sharper(NetworkInfo info, Bounded[] sharp, Bounded[] coarse, int steps = 1) =>
        steps > 1 || HasConvolutions(info)
        ? [.. sharp.Zip(coarse, (one, rough) => one.Error <= rough.Error ? one : one with { Error = rough.Error })]
        : sharp;

    /// <summary>Share of the largest number that a bound may be, given the one for dense networks: convolutions have more terms.</summary>
    public static double Share(NetworkInfo info, double ofDense) => HasConvolutions(info) ? 6 * ofDense : ofDense;

    private static bool HasConvolutions(NetworkInfo info) =>
        info.Layers.Any(layer => layer.Kind.Contains("Conv", StringComparison.Ordinal));

    /// <summary>Bounds for a layer that the reference implementation does not know: 8 · N · 2⁻²⁴ of the largest number, with N the number
    /// of terms that the layers sum one after the other (multiply-adds per output) and of samples in the batch, times the steps
    /// taken.</summary>
    public static Bounded[] Coarse(NetworkInfo info, double[] expected, int samples = 1, int steps = 1)
    {
        double terms = info.Layers.Sum(layer =>
            1 + ((double)layer.MultiplyAdds / layer.OutputShape.Aggregate(1, (product, extent) => product * extent)));
        double error = 8 * Bounded.Unit * (terms + samples) * steps * Math.Max(expected.Max(Math.Abs), 1e-3);
        return Array.ConvertAll(expected, value => new Bounded(value, error));
    }
}
