using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NetGen;

/// <summary>Gradient descent with Nesterov's momentum: v ← μ·v + g, w ← w − lr · (g + μ·v), v starting at 0. PyTorch's form.</summary>
public sealed class Nesterov : Optimizer
{
    private AlignedVector? velocity;

    /// <param name="learningRate">Step size, finite and positive. Typical 1e-3 to 0.1.</param>
    /// <param name="momentum">μ, at least 0 and below 1. Typical 0.9.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public Nesterov(float learningRate = 0.01f, float momentum = 0.9f)
        : base(learningRate)
    {
        MomentumFactor = CheckCoefficient(momentum);
    }

    /// <summary>μ: the share of the velocity that survives a step.</summary>
    public float MomentumFactor { get; }

    /// <summary>v, one float per parameter in storage order; empty before the first step. For generated code.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public Span<float> Velocity => velocity is null ? default : velocity.Span;

    /// <inheritdoc/>
    public override bool UsesDecay => false;

    /// <inheritdoc/>
    public override bool AllowsThreads => true;

    /// <inheritdoc/>
    public override void Update(Span<float> parameters, ReadOnlySpan<float> gradients, int offset, bool decay)
    {
        Span<float> state = Velocity;
        CheckRange(parameters.Length, gradients.Length, offset, state.Length);
        Step(ref MemoryMarshal.GetReference(parameters), ref MemoryMarshal.GetReference(gradients),
            ref MemoryMarshal.GetReference(state[offset..]), parameters.Length, LearningRate, MomentumFactor);
    }

    /// <inheritdoc/>
    protected override void Initialize(int parameterCount) => velocity = new AlignedVector(parameterCount);

    /// <summary>v ← μ·v + g, w ← w − lr · (g + μ·v) over <paramref name="count"/> floats. Every width rounds alike.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Step(ref float w, ref float g, ref float v, int count, float learningRate, float momentum)
    {
        int i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512<float> rate = Vector512.Create(-learningRate), friction = Vector512.Create(momentum);
            for (; i <= count - 16; i += 16)
            {
                Vector512<float> gradient = Unsafe.As<float, Vector512<float>>(ref Unsafe.Add(ref g, i));
                Vector512<float> velocity = Vector512.MultiplyAddEstimate(
                    friction, Unsafe.As<float, Vector512<float>>(ref Unsafe.Add(ref v, i)), gradient);
                Unsafe.As<float, Vector512<float>>(ref Unsafe.Add(ref v, i)) = Subnormal.Flush(velocity);
                ref Vector512<float> p = ref Unsafe.As<float, Vector512<float>>(ref Unsafe.Add(ref w, i));
                p = Vector512.MultiplyAddEstimate(rate, Vector512.MultiplyAddEstimate(friction, velocity, gradient), p);
            }
        }

        if (Vector256.IsHardwareAccelerated)
        {
            Vector256<float> rate = Vector256.Create(-learningRate), friction = Vector256.Create(momentum);
            for (; i <= count - 8; i += 8)
            {
                Vector256<float> gradient = Unsafe.As<float, Vector256<float>>(ref Unsafe.Add(ref g, i));
                Vector256<float> velocity = Vector256.MultiplyAddEstimate(
                    friction, Unsafe.As<float, Vector256<float>>(ref Unsafe.Add(ref v, i)), gradient);
                Unsafe.As<float, Vector256<float>>(ref Unsafe.Add(ref v, i)) = Subnormal.Flush(velocity);
                ref Vector256<float> p = ref Unsafe.As<float, Vector256<float>>(ref Unsafe.Add(ref w, i));
                p = Vector256.MultiplyAddEstimate(rate, Vector256.MultiplyAddEstimate(friction, velocity, gradient), p);
            }
        }

        if (Vector128.IsHardwareAccelerated)
        {
            Vector128<float> rate = Vector128.Create(-learningRate), friction = Vector128.Create(momentum);
            for (; i <= count - 4; i += 4)
            {
                Vector128<float> gradient = Unsafe.As<float, Vector128<float>>(ref Unsafe.Add(ref g, i));
                Vector128<float> velocity = Vector128.MultiplyAddEstimate(
                    friction, Unsafe.As<float, Vector128<float>>(ref Unsafe.Add(ref v, i)), gradient);
                Unsafe.As<float, Vector128<float>>(ref Unsafe.Add(ref v, i)) = Subnormal.Flush(velocity);
                ref Vector128<float> p = ref Unsafe.As<float, Vector128<float>>(ref Unsafe.Add(ref w, i));
                p = Vector128.MultiplyAddEstimate(rate, Vector128.MultiplyAddEstimate(friction, velocity, gradient), p);
            }
        }

        for (; i < count; i++)
        {
            float gradient = Unsafe.Add(ref g, i);
            float velocity = float.MultiplyAddEstimate(momentum, Unsafe.Add(ref v, i), gradient);
            Unsafe.Add(ref v, i) = Subnormal.Flush(velocity);
            ref float p = ref Unsafe.Add(ref w, i);
            p = float.MultiplyAddEstimate(-learningRate, float.MultiplyAddEstimate(momentum, velocity, gradient), p);
        }
    }
}
