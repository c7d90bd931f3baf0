using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using NetGen.CompilerServices;

namespace NetGen;

/// <summary>What an optimizer remembers: up to three floats per parameter, and the pass that runs its formula over ranges of
/// parameters.</summary>
internal sealed class OptimizerState
{
    /// <summary>Floats that stay in the third-level cache from one step to the next,
    /// where the processor's own prefetching suffices: 16 MB.</summary>
    /// <remarks>Measured on Zen 4 with 32 MB (.NET 10, 2026-11): 8 MB lose up to half a percent by more of it, 37 MB gain 4 to 9
    /// %.</remarks>
    private const long CachedFloats = 1 << 22;

    private readonly int length;
    private readonly AlignedBuffer[] vectors;

    /// <summary>State of zeros.</summary>
    /// <param name="length">Number of parameters.</param>
    /// <param name="vectors">Floats per parameter, 0 to 3.</param>
    public OptimizerState(int length, int vectors)
    {
        this.length = length;
        this.vectors = new AlignedBuffer[vectors];
        for (int i = 0; i < vectors; i++)
            this.vectors[i] = new AlignedBuffer(length);
    }

    /// <summary>Number of parameters.</summary>
    public int Length => length;

    /// <summary>Floats per parameter.</summary>
    public int Count => vectors.Length;

    /// <summary>One float per parameter in storage order.</summary>
    public Span<float> this[int vector] => vectors[vector].Span;

    /// <summary>Whether parameters and state stay in the cache from one step to the next.</summary>
    public bool IsCached => length * (1L + vectors.Length) <= CachedFloats;

    /// <summary>Bytes from the network's first parameter to the first float of a vector; 0 where there is no such vector.
    /// Neither ever moves.</summary>
    public nint Distance(int vector, ref float parameters) =>
        vector < vectors.Length ? Unsafe.ByteOffset(ref parameters, ref vectors[vector].Start) : 0;

    /// <summary>Updates a range of parameters in place. Disjoint ranges may be updated at once.</summary>
    /// <param name="state">The optimizer's state; null before the first step.</param>
    /// <param name="rule">The optimizer's formula.</param>
    /// <param name="parameters">The range.</param>
    /// <param name="gradients">Its gradients.</param>
    /// <param name="offset">Where it starts in the flat parameter vector.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the range leaves the parameter vector.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Update<TRule>(
        OptimizerState? state, in TRule rule, Span<float> parameters, ReadOnlySpan<float> gradients, int offset)
        where TRule : struct, IUpdateRule
    {
        Optimizer.CheckRange(parameters.Length, gradients.Length, offset, state?.length ?? 0);
        if (parameters.IsEmpty)
            return;
        ref float w = ref MemoryMarshal.GetReference(parameters), g = ref MemoryMarshal.GetReference(gradients);
        ref float first = ref state!.Start(0, offset), second = ref state.Start(1, offset), third = ref state.Start(2, offset);

        // Widest first; each width takes what the wider one leaves.
        int i = 0, count = parameters.Length;
        if (Vector512.IsHardwareAccelerated && count >= Lanes16.Count)
            i = Pass<TRule, Lanes16>(rule, ref w, ref g, ref first, ref second, ref third, i, count);
        if (Vector256.IsHardwareAccelerated && count - i >= Lanes8.Count)
            i = Pass<TRule, Lanes8>(rule, ref w, ref g, ref first, ref second, ref third, i, count);
        if (Vector128.IsHardwareAccelerated && count - i >= Lanes4.Count)
            i = Pass<TRule, Lanes4>(rule, ref w, ref g, ref first, ref second, ref third, i, count);
        if (i < count)
            Pass<TRule, Lanes1>(rule, ref w, ref g, ref first, ref second, ref third, i, count);
    }

    /// <summary>Updates parameters from index i on as long as whole vectors fit; returns the first index that is left.</summary>
    /// <remarks>A method of its own for each width: together they would exceed what the JIT inlines into one, and the rest would be
    /// calls.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static int Pass<TRule, TVector>(
        TRule rule, ref float w, ref float g, ref float first, ref float second, ref float third, int i, int count)
        where TRule : struct, IUpdateRule
        where TVector : struct, IVector<TVector>
    {
        rule.Run(new Sweep<TVector>(ref w, ref g, ref first, ref second, ref third, i, count));
        return count - ((count - i) % TVector.Count);
    }

    private ref float Start(int vector, int offset)
    {
        if (vector < vectors.Length)
            return ref vectors[vector].Span[offset];
        return ref Unsafe.NullRef<float>();
    }
}
