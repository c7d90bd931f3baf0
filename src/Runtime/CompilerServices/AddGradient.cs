using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NetGen.CompilerServices;

/// <summary>Adds gradients to those in memory: for the second use of a parameter and every other one.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct AddGradient : IWeightUpdate
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Announce(ref float state, int offset)
    {
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(ref float target, ref float state, int offset, Vector512<float> gradient) =>
        Unsafe.As<float, Vector512<float>>(ref Unsafe.Add(ref target, offset)) += gradient;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(ref float target, ref float state, int offset, Vector256<float> gradient) =>
        Unsafe.As<float, Vector256<float>>(ref Unsafe.Add(ref target, offset)) += gradient;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(ref float target, ref float state, int offset, Vector128<float> gradient) =>
        Unsafe.As<float, Vector128<float>>(ref Unsafe.Add(ref target, offset)) += gradient;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(ref float target, ref float state, int offset, float gradient) => Unsafe.Add(ref target, offset) += gradient;
}
