using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NetGen.CompilerServices;

/// <summary>Writes gradients to memory, for whoever asked for them or for an optimizer's own pass.</summary>
/// <remarks>
/// The optimizer takes gradients out of the cache, but parameters and its state from wherever they are. With more of them than the caches
/// hold it would wait for memory half of its time, while the kernel before it, all multiply-adds, left memory idle. So the kernel asks for
/// a parameter and its state when it writes the gradient: some microseconds ahead.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct StoreGradient : IWeightUpdate
{
    private readonly bool claims, fetches;
    private readonly nint first, second;

    private StoreGradient(bool claims, bool fetches, nint first, nint second)
    {
        this.claims = claims;
        this.fetches = fetches;
        this.first = first;
        this.second = second;
    }

    /// <summary>Writes gradients for an optimizer's pass.</summary>
    /// <param name="optimizer">The optimizer; null where there is none.</param>
    /// <param name="parameters">The network's first parameter.</param>
    /// <param name="claims">Whether other threads have read the parameters that this thread's optimizer will change next.</param>
    public static StoreGradient For(Optimizer? optimizer, ref float parameters, bool claims)
    {
        OptimizerState? state = optimizer?.State;
        return state is null or { IsCached: true }
            ? new StoreGradient(claims, fetches: false, 0, 0)
            : new StoreGradient(claims, fetches: true, state.Distance(0, ref parameters), state.Distance(1, ref parameters));
    }

    /// <summary>Has the cache lines of a parameter and of the optimizer's state brought.</summary>
    /// <param name="state">The network's parameters.</param>
    /// <param name="offset">Position behind them, in floats.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void Announce(ref float state, int offset)
    {
        if (!Sse.IsSupported || !fetches)
            return;
        byte* at = (byte*)Unsafe.AsPointer(ref Unsafe.Add(ref state, offset));
        Sse.Prefetch1(at);
        Sse.Prefetch1(at + first);
        Sse.Prefetch1(at + second);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(ref float target, ref float state, int offset, Vector512<float> gradient)
    {
        if (claims)
            Claim(ref Unsafe.Add(ref state, offset));
        Unsafe.As<float, Vector512<float>>(ref Unsafe.Add(ref target, offset)) = gradient;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(ref float target, ref float state, int offset, Vector256<float> gradient)
    {
        if (claims)
            Claim(ref Unsafe.Add(ref state, offset));
        Unsafe.As<float, Vector256<float>>(ref Unsafe.Add(ref target, offset)) = gradient;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(ref float target, ref float state, int offset, Vector128<float> gradient)
    {
        if (claims)
            Claim(ref Unsafe.Add(ref state, offset));
        Unsafe.As<float, Vector128<float>>(ref Unsafe.Add(ref target, offset)) = gradient;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(ref float target, ref float state, int offset, float gradient) => Unsafe.Add(ref target, offset) = gradient;

    /// <summary>
    /// Writes what is there already, so that the cache line becomes this core's own. While others still hold it from the forward pass this
    /// takes a hundred cycles and more; the kernel goes on meanwhile, the optimizer would wait.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Claim(ref float parameter) => Unsafe.As<float, int>(ref parameter) = Unsafe.As<float, int>(ref parameter);
}
