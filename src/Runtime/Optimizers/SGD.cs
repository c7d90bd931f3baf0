using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NetGen;

/// <summary>Stochastic gradient descent: w ← w − lr · g.</summary>
public sealed class SGD : Optimizer
{
    private int parameterCount;

    /// <param name="learningRate">Step size, finite and positive. Typical 1e-3 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not finite or not positive.</exception>
    public SGD(float learningRate = 0.01f)
        : base(learningRate)
    {
    }

    /// <inheritdoc/>
    public override bool UsesDecay => false;

    /// <inheritdoc/>
    public override bool AllowsThreads => true;

    /// <inheritdoc/>
    public override void Update(Span<float> parameters, ReadOnlySpan<float> gradients, int offset, bool decay)
    {
        CheckRange(parameters.Length, gradients.Length, offset, parameterCount);
        Step(ref MemoryMarshal.GetReference(parameters), ref MemoryMarshal.GetReference(gradients), parameters.Length, LearningRate);
    }

    /// <inheritdoc/>
    protected override void Initialize(int parameterCount) => this.parameterCount = parameterCount;

    /// <summary>w ← w − lr · g over <paramref name="count"/> floats. Every width rounds alike.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Step(ref float w, ref float g, int count, float learningRate)
    {
        int i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512<float> rate = Vector512.Create(-learningRate);
            for (; i <= count - 16; i += 16)
            {
                ref Vector512<float> p = ref Unsafe.As<float, Vector512<float>>(ref Unsafe.Add(ref w, i));
                p = Vector512.MultiplyAddEstimate(rate, Unsafe.As<float, Vector512<float>>(ref Unsafe.Add(ref g, i)), p);
            }
        }

        if (Vector256.IsHardwareAccelerated)
        {
            Vector256<float> rate = Vector256.Create(-learningRate);
            for (; i <= count - 8; i += 8)
            {
                ref Vector256<float> p = ref Unsafe.As<float, Vector256<float>>(ref Unsafe.Add(ref w, i));
                p = Vector256.MultiplyAddEstimate(rate, Unsafe.As<float, Vector256<float>>(ref Unsafe.Add(ref g, i)), p);
            }
        }

        if (Vector128.IsHardwareAccelerated)
        {
            Vector128<float> rate = Vector128.Create(-learningRate);
            for (; i <= count - 4; i += 4)
            {
                ref Vector128<float> p = ref Unsafe.As<float, Vector128<float>>(ref Unsafe.Add(ref w, i));
                p = Vector128.MultiplyAddEstimate(rate, Unsafe.As<float, Vector128<float>>(ref Unsafe.Add(ref g, i)), p);
            }
        }

        for (; i < count; i++)
        {
            ref float p = ref Unsafe.Add(ref w, i);
            p = float.MultiplyAddEstimate(-learningRate, Unsafe.Add(ref g, i), p);
        }
    }
}
