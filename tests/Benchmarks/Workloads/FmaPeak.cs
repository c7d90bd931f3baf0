using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NetGen.Benchmarks.Workloads;

/// <summary>The most that a core can do: independent chains of fused multiply-adds that never touch memory.</summary>
public readonly struct FmaPeak : IStep
{
    /// <summary>
    /// Two units of four to five cycles need 8 to 10 chains; 12 and their two constants still fit the 16 registers of AVX2.
    /// </summary>
    private const int Chains = 12;

    private const int Iterations = 10_000;

    /// <summary>Floating-point operations of one call.</summary>
    public static double FlopsPerCall => 2.0 * Chains * Iterations * Lanes;

    private static int Lanes =>
        Vector512.IsHardwareAccelerated ? Vector512<float>.Count : Vector256.IsHardwareAccelerated ? Vector256<float>.Count : Vector128<float>.Count;

    /// <inheritdoc/>
    public float Invoke(int index) =>
        Vector512.IsHardwareAccelerated ? Chains512(Iterations)
        : Vector256.IsHardwareAccelerated ? Chains256(Iterations)
        : Chains128(Iterations);

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Chains512(int iterations)
    {
        Vector512<float> factor = Vector512.Create(0.5f), term = Vector512.Create(1f);
        Vector512<float> x0 = term, x1 = term, x2 = term, x3 = term, x4 = term, x5 = term;
        Vector512<float> x6 = term, x7 = term, x8 = term, x9 = term, x10 = term, x11 = term;
        for (int i = 0; i < iterations; i++)
        {
            x0 = Vector512.FusedMultiplyAdd(x0, factor, term);
            x1 = Vector512.FusedMultiplyAdd(x1, factor, term);
            x2 = Vector512.FusedMultiplyAdd(x2, factor, term);
            x3 = Vector512.FusedMultiplyAdd(x3, factor, term);
            x4 = Vector512.FusedMultiplyAdd(x4, factor, term);
            x5 = Vector512.FusedMultiplyAdd(x5, factor, term);
            x6 = Vector512.FusedMultiplyAdd(x6, factor, term);
            x7 = Vector512.FusedMultiplyAdd(x7, factor, term);
            x8 = Vector512.FusedMultiplyAdd(x8, factor, term);
            x9 = Vector512.FusedMultiplyAdd(x9, factor, term);
            x10 = Vector512.FusedMultiplyAdd(x10, factor, term);
            x11 = Vector512.FusedMultiplyAdd(x11, factor, term);
        }

        return Vector512.Sum(x0 + x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9 + x10 + x11);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Chains256(int iterations)
    {
        Vector256<float> factor = Vector256.Create(0.5f), term = Vector256.Create(1f);
        Vector256<float> x0 = term, x1 = term, x2 = term, x3 = term, x4 = term, x5 = term;
        Vector256<float> x6 = term, x7 = term, x8 = term, x9 = term, x10 = term, x11 = term;
        for (int i = 0; i < iterations; i++)
        {
            x0 = Vector256.FusedMultiplyAdd(x0, factor, term);
            x1 = Vector256.FusedMultiplyAdd(x1, factor, term);
            x2 = Vector256.FusedMultiplyAdd(x2, factor, term);
            x3 = Vector256.FusedMultiplyAdd(x3, factor, term);
            x4 = Vector256.FusedMultiplyAdd(x4, factor, term);
            x5 = Vector256.FusedMultiplyAdd(x5, factor, term);
            x6 = Vector256.FusedMultiplyAdd(x6, factor, term);
            x7 = Vector256.FusedMultiplyAdd(x7, factor, term);
            x8 = Vector256.FusedMultiplyAdd(x8, factor, term);
            x9 = Vector256.FusedMultiplyAdd(x9, factor, term);
            x10 = Vector256.FusedMultiplyAdd(x10, factor, term);
            x11 = Vector256.FusedMultiplyAdd(x11, factor, term);
        }

        return Vector256.Sum(x0 + x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9 + x10 + x11);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Chains128(int iterations)
    {
        Vector128<float> factor = Vector128.Create(0.5f), term = Vector128.Create(1f);
        Vector128<float> x0 = term, x1 = term, x2 = term, x3 = term, x4 = term, x5 = term;
        Vector128<float> x6 = term, x7 = term, x8 = term, x9 = term, x10 = term, x11 = term;
        for (int i = 0; i < iterations; i++)
        {
            x0 = Vector128.FusedMultiplyAdd(x0, factor, term);
            x1 = Vector128.FusedMultiplyAdd(x1, factor, term);
            x2 = Vector128.FusedMultiplyAdd(x2, factor, term);
            x3 = Vector128.FusedMultiplyAdd(x3, factor, term);
            x4 = Vector128.FusedMultiplyAdd(x4, factor, term);
            x5 = Vector128.FusedMultiplyAdd(x5, factor, term);
            x6 = Vector128.FusedMultiplyAdd(x6, factor, term);
            x7 = Vector128.FusedMultiplyAdd(x7, factor, term);
            x8 = Vector128.FusedMultiplyAdd(x8, factor, term);
            x9 = Vector128.FusedMultiplyAdd(x9, factor, term);
            x10 = Vector128.FusedMultiplyAdd(x10, factor, term);
            x11 = Vector128.FusedMultiplyAdd(x11, factor, term);
        }

        return Vector128.Sum(x0 + x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9 + x10 + x11);
    }
}
