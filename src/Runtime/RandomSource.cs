using System.Numerics;

namespace NetGen;

/// <summary>A deterministic random generator: xoshiro256** seeded through SplitMix64. The same seed gives the same bits on every
/// machine.</summary>
/// <remarks>
/// Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021. Not for cryptography; not safe from several threads at
/// once.
/// Everything here is built from exactly rounded operations, the logarithm of <see cref="NextGaussian"/> included.
/// </remarks>
public sealed class RandomSource
{
    private ulong s0, s1, s2, s3;
    private double spareGaussian;
    private bool hasSpareGaussian;

    /// <param name="seed">Any value; near seeds give unrelated sequences.</param>
    public RandomSource(ulong seed) => Restart(seed);

    /// <summary>Starts the sequence of another seed.</summary>
    internal void Restart(ulong seed)
    {
        hasSpareGaussian = false;
        s0 = SplitMix64(ref seed);
        s1 = SplitMix64(ref seed);
        s2 = SplitMix64(ref seed);
        s3 = SplitMix64(ref seed);
    }

    /// <summary>64 random bits.</summary>
    public ulong NextUInt64()
    {
        ulong result = BitOperations.RotateLeft(s1 * 5, 7) * 9;
        ulong shifted = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= shifted;
        s3 = BitOperations.RotateLeft(s3, 45);
        return result;
    }

    /// <summary>Uniform in [0, 1): one of 2²⁴ equally spaced values.</summary>
    public float NextFloat() => (NextUInt64() >> 40) * (1f / (1 << 24));

    /// <summary>Uniform in [0, 1): one of 2⁵³ equally spaced values.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1L << 53));

    /// <summary>Normal with mean 0 and variance 1, by Marsaglia's polar method.</summary>
    public float NextGaussian()
    {
        if (hasSpareGaussian)
        {
            hasSpareGaussian = false;
            return (float)spareGaussian;
        }

        double x, y, square;
        do
        {
            x = (2 * NextDouble()) - 1;
            y = (2 * NextDouble()) - 1;
            square = (x * x) + (y * y);
        }
        while (square >= 1 || square == 0);

        double factor = Math.Sqrt(-2 * Log(square) / square);
        spareGaussian = y * factor;
        hasSpareGaussian = true;
        return (float)(x * factor);
    }

    /// <summary>Uniform in 0..<paramref name="exclusiveMaximum"/>-1, without bias (Lemire's method).</summary>
    /// <param name="exclusiveMaximum">At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The maximum is below 1.</exception>
    public int NextInt(int exclusiveMaximum)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(exclusiveMaximum, 1);
        uint range = (uint)exclusiveMaximum;
        ulong product = (NextUInt64() >> 32) * range;
        if ((uint)product < range)
        {
            uint threshold = (0u - range) % range;
            while ((uint)product < threshold)
                product = (NextUInt64() >> 32) * range;
        }

        return (int)(product >> 32);
    }

    /// <summary>Puts the values into random order (Fisher and Yates); every order is equally likely.</summary>
    public void Shuffle(Span<int> values)
    {
        for (int last = values.Length - 1; last > 0; last--)
        {
            int other = NextInt(last + 1);
            (values[last], values[other]) = (values[other], values[last]);
        }
    }

    /// <summary>A seed for each pair of numbers: near ones give unrelated seeds.</summary>
    internal static ulong Derive(ulong seed, ulong first, ulong second)
    {
        ulong state = SplitMix64(ref seed) + first;
        state = SplitMix64(ref state) + second;
        return SplitMix64(ref state);
    }

    private static ulong SplitMix64(ref ulong state)
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>Natural logarithm of a normal positive number. Not <see cref="Math.Log(double)"/>, whose last bit differs from one C
    /// library to the next.</summary>
    private static double Log(double x)
    {
        // x = m · 2^e with m in [√½, √2), then log m = 2 artanh((m − 1) / (m + 1)) as a series: |s| ≤ 0.172, 11 terms reach 2⁻⁵³.
        long bits = BitConverter.DoubleToInt64Bits(x);
        int exponent = (int)(bits >> 52) - 1023;
        double mantissa = BitConverter.Int64BitsToDouble((bits & 0x000FFFFFFFFFFFFF) | 0x3FF0000000000000);
        if (mantissa > 1.4142135623730951)
        {
            mantissa /= 2;
            exponent++;
        }

        double s = (mantissa - 1) / (mantissa + 1), square = s * s, sum = 0;
        for (int k = 21; k >= 1; k -= 2)
            sum = (sum * square) + (1.0 / k);
        return (exponent * 0.69314718055994531) + (2 * s * sum);
    }
}
