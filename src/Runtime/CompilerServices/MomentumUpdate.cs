using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NetGen.CompilerServices;

/// <summary>v ← μ·v + g, w ← w − lr · v while the gradient is in a register. The state is v.</summary>
/// <param name="optimizer">Gives the learning rate and μ.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct MomentumUpdate(Momentum optimizer) : IWeightUpdate
{
    private readonly float rate = -optimizer.LearningRate, momentum = optimizer.MomentumFactor;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Announce(ref float state, int offset)
    {
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(ref float target, ref float state, int offset, Vector512<float> gradient)
    {
        ref Vector512<float> v = ref Unsafe.As<float, Vector512<float>>(ref Unsafe.Add(ref state, offset));
        ref Vector512<float> w = ref Unsafe.As<float, Vector512<float>>(ref Unsafe.Add(ref target, offset));
        Vector512<float> velocity = Vector512.MultiplyAddEstimate(Vector512.Create(momentum), v, gradient);
        v = Subnormal.Flush(velocity);
        w = Vector512.MultiplyAddEstimate(Vector512.Create(rate), velocity, w);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(ref float target, ref float state, int offset, Vector256<float> gradient)
    {
        ref Vector256<float> v = ref Unsafe.As<float, Vector256<float>>(ref Unsafe.Add(ref state, offset));
        ref Vector256<float> w = ref Unsafe.As<float, Vector256<float>>(ref Unsafe.Add(ref target, offset));
        Vector256<float> velocity = Vector256.MultiplyAddEstimate(Vector256.Create(momentum), v, gradient);
        v = Subnormal.Flush(velocity);
        w = Vector256.MultiplyAddEstimate(Vector256.Create(rate), velocity, w);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(ref float target, ref float state, int offset, Vector128<float> gradient)
    {
        ref Vector128<float> v = ref Unsafe.As<float, Vector128<float>>(ref Unsafe.Add(ref state, offset));
        ref Vector128<float> w = ref Unsafe.As<float, Vector128<float>>(ref Unsafe.Add(ref target, offset));
        Vector128<float> velocity = Vector128.MultiplyAddEstimate(Vector128.Create(momentum), v, gradient);
        v = Subnormal.Flush(velocity);
        w = Vector128.MultiplyAddEstimate(Vector128.Create(rate), velocity, w);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(ref float target, ref float state, int offset, float gradient)
    {
        ref float v = ref Unsafe.Add(ref state, offset);
        ref float w = ref Unsafe.Add(ref target, offset);
        float velocity = float.MultiplyAddEstimate(momentum, v, gradient);
        v = Subnormal.Flush(velocity);
        w = float.MultiplyAddEstimate(rate, velocity, w);
    }
}
