using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NetGen.CompilerServices;

/// <summary>λ₁ · Σ|w| + ½ λ₂ · Σw²: what large weights add to a training loss.</summary>
/// <remarks>Goodfellow, Bengio and Courville, Deep Learning, 2016, section 7.1.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Penalty
{
    /// <summary>Floats that are summed in single precision before a double takes the sum.</summary>
    private const int Block = 1024;

    /// <summary>The pass of an optimizer without any state: here it takes gradients for parameters and weights for gradients.</summary>
    private static readonly OptimizerState AnyLength = new(int.MaxValue, vectors: 0);

    /// <summary>What a function of one weight sums to.</summary>
    private interface ITerm
    {
        static abstract TVector Of<TVector>(TVector w)
            where TVector : struct, IVector<TVector>;
    }

    /// <summary>The penalty, summed in the order of the weights.</summary>
    /// <param name="weights">One parameter.</param>
    /// <param name="l1">λ₁; 0 costs nothing.</param>
    /// <param name="l2">λ₂; 0 costs nothing.</param>
    public static double Of(ReadOnlySpan<float> weights, float l1, float l2) =>
        (l1 > 0 ? l1 * Sum<Absolute>(weights) : 0) + (l2 > 0 ? 0.5 * l2 * Sum<Square>(weights) : 0);

    /// <summary>Adds the penalty's gradient, λ₁ · sign(w) + λ₂ · w, to gradients in memory. The sign of 0 is 0.</summary>
    /// <param name="weights">Some weights.</param>
    /// <param name="gradients">Their gradients, as many.</param>
    /// <param name="l1">λ₁.</param>
    /// <param name="l2">λ₂.</param>
    public static void AddGradient(ReadOnlySpan<float> weights, Span<float> gradients, float l1, float l2) =>
        OptimizerState.Update(AnyLength, new Rule(l1, l2), gradients, weights, 0);

    private static double Sum<TTerm>(ReadOnlySpan<float> weights)
        where TTerm : struct, ITerm
    {
        double sum = 0;
        for (; weights.Length >= Block; weights = weights[Block..])
            sum += SumBlock<TTerm>(ref MemoryMarshal.GetReference(weights), Block);
        return weights.IsEmpty ? sum : sum + SumBlock<TTerm>(ref MemoryMarshal.GetReference(weights), weights.Length);
    }

    private static double SumBlock<TTerm>(ref float weights, int length)
        where TTerm : struct, ITerm
    {
        int vectors = 0;
        double sum = 0;
        if (Vector512.IsHardwareAccelerated && length >= 4 * Lanes16.Count)
            (sum, vectors) = SumVectors<TTerm, Lanes16>(ref weights, length);
        else if (Vector256.IsHardwareAccelerated && length >= 4 * Lanes8.Count)
            (sum, vectors) = SumVectors<TTerm, Lanes8>(ref weights, length);
        else if (Vector128.IsHardwareAccelerated && length >= 4 * Lanes4.Count)
            (sum, vectors) = SumVectors<TTerm, Lanes4>(ref weights, length);
        for (int i = vectors; i < length; i++)
        {
            float term = 0f;
            Lanes1.Store(TTerm.Of(Lanes1.Load(ref weights, i)), ref term, 0);
            sum += term;
        }

        return sum;
    }

    /// <summary>As many of the first weights as fill four vectors at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static (double Sum, int Count) SumVectors<TTerm, TVector>(ref float weights, int length)
        where TTerm : struct, ITerm
        where TVector : struct, IVector<TVector>
    {
        // Four sums, so that additions need not wait for each other.
        TVector a = 0f, b = 0f, c = 0f, d = 0f;
        int step = TVector.Count, i = 0;
        for (; i <= length - (4 * step); i += 4 * step)
        {
            a += TTerm.Of(TVector.Load(ref weights, i));
            b += TTerm.Of(TVector.Load(ref weights, i + step));
            c += TTerm.Of(TVector.Load(ref weights, i + (2 * step)));
            d += TTerm.Of(TVector.Load(ref weights, i + (3 * step)));
        }

        Span<float> lanes = stackalloc float[16];
        TVector.Store(a + b + (c + d), ref MemoryMarshal.GetReference(lanes), 0);
        double sum = 0;
        for (int lane = 0; lane < step; lane++)
            sum += lanes[lane];
        return (sum, i);
    }

    private readonly struct Absolute : ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector w)
            where TVector : struct, IVector<TVector> => TVector.Max(w, w * -1f);
    }

    private readonly struct Square : ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Of<TVector>(TVector w)
            where TVector : struct, IVector<TVector> => w * w;
    }

    private readonly struct Rule(float l1, float l2) : IUpdateRule
    {
        private readonly float l1 = l1, l2 = l2;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run<TVector>(Sweep<TVector> at)
            where TVector : struct, IVector<TVector>
        {
            TVector positive = l1, negative = -l1, zero = 0f, factor = l2;
            for (; at.Fits; at.Advance())
            {
                TVector weight = at.Gradient;
                at.Parameter += TVector.MultiplyAdd(factor, weight, TVector.BySign(weight, positive, negative, zero));
            }
        }
    }
}
