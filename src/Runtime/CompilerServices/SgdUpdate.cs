using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NetGen.CompilerServices;

/// <summary>w ← w − lr · g while the gradient is in a register: it is never written to memory.</summary>
/// <param name="optimizer">Gives the learning rate.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct SgdUpdate(SGD optimizer) : IWeightUpdate
{
    private readonly float rate = -optimizer.LearningRate;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Announce(ref float state, int offset)
    {
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(ref float target, ref float state, int offset, Vector512<float> gradient)
    {
        ref Vector512<float> w = ref Unsafe.As<float, Vector512<float>>(ref Unsafe.Add(ref target, offset));
        w = Vector512.MultiplyAddEstimate(Vector512.Create(rate), gradient, w);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(ref float target, ref float state, int offset, Vector256<float> gradient)
    {
        ref Vector256<float> w = ref Unsafe.As<float, Vector256<float>>(ref Unsafe.Add(ref target, offset));
        w = Vector256.MultiplyAddEstimate(Vector256.Create(rate), gradient, w);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(ref float target, ref float state, int offset, Vector128<float> gradient)
    {
        ref Vector128<float> w = ref Unsafe.As<float, Vector128<float>>(ref Unsafe.Add(ref target, offset));
        w = Vector128.MultiplyAddEstimate(Vector128.Create(rate), gradient, w);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(ref float target, ref float state, int offset, float gradient)
    {
        ref float w = ref Unsafe.Add(ref target, offset);
        w = float.MultiplyAddEstimate(rate, gradient, w);
    }
}
