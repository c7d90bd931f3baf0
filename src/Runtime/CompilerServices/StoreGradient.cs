using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NetGen.CompilerServices;

/// <summary>Writes gradients to memory, for whoever asked for them or for an optimizer's own pass.</summary>
/// <param name="claims">Whether the state is parameters that other threads have read and this thread's optimizer will change next.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct StoreGradient(bool claims) : IWeightUpdate
{
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
