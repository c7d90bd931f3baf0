using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NetGen.CompilerServices;

/// <summary>Writes gradients to memory, for whoever asked for them or for an optimizer's own pass.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct StoreGradient : IWeightUpdate
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(ref float target, ref float state, int offset, Vector512<float> gradient)
    {
        Claim(ref Unsafe.Add(ref state, offset));
        Unsafe.As<float, Vector512<float>>(ref Unsafe.Add(ref target, offset)) = gradient;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(ref float target, ref float state, int offset, Vector256<float> gradient)
    {
        Claim(ref Unsafe.Add(ref state, offset));
        Unsafe.As<float, Vector256<float>>(ref Unsafe.Add(ref target, offset)) = gradient;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(ref float target, ref float state, int offset, Vector128<float> gradient)
    {
        Claim(ref Unsafe.Add(ref state, offset));
        Unsafe.As<float, Vector128<float>>(ref Unsafe.Add(ref target, offset)) = gradient;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(ref float target, ref float state, int offset, float gradient) => Unsafe.Add(ref target, offset) = gradient;

    /// <summary>
    /// Writes what is there already: the cache line of the parameters that the optimizer will change next. While other threads still hold it
    /// from the forward pass this takes a hundred cycles, and the kernel goes on meanwhile.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Claim(ref float parameter) => Unsafe.As<float, int>(ref parameter) = Unsafe.As<float, int>(ref parameter);
}
