using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NetGen;

/// <summary>Adam: m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², w ← w − lr · m̂ / (√v̂ + ε) with m̂ = m/(1−β₁ᵗ), v̂ = v/(1−β₂ᵗ).</summary>
/// <remarks>Kingma and Ba, "Adam: a method for stochastic optimization", 2015; ε outside the root, as in PyTorch.</remarks>
public sealed class Adam : Optimizer
{
    private AlignedVector? firstMoment, secondMoment;
    private Coefficients coefficients;

    /// <param name="learningRate">Step size, finite and positive. Typical 1e-4 to 1e-2.</param>
    /// <param name="beta1">Decay of the mean gradient, at least 0 and below 1.</param>
    /// <param name="beta2">Decay of the mean squared gradient, at least 0 and below 1.</param>
    /// <param name="epsilon">Added to the denominator, finite and positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public Adam(float learningRate = 1e-3f, float beta1 = 0.9f, float beta2 = 0.999f, float epsilon = 1e-8f)
        : base(learningRate)
    {
        Beta1 = CheckCoefficient(beta1);
        Beta2 = CheckCoefficient(beta2);
        Epsilon = CheckEpsilon(epsilon);
    }

    /// <summary>Decay of the mean gradient.</summary>
    public float Beta1 { get; }

    /// <summary>Decay of the mean squared gradient.</summary>
    public float Beta2 { get; }

    /// <summary>Added to the denominator.</summary>
    public float Epsilon { get; }

    /// <inheritdoc/>
    public override bool UsesDecay => false;

    /// <inheritdoc/>
    public override bool AllowsThreads => true;

    /// <inheritdoc/>
    public override void Update(Span<float> parameters, ReadOnlySpan<float> gradients, int offset, bool decay)
    {
        CheckRange(parameters.Length, gradients.Length, offset, firstMoment?.Length ?? 0);
        if (parameters.IsEmpty)
            return;
        Step(ref MemoryMarshal.GetReference(parameters), ref MemoryMarshal.GetReference(gradients),
            ref firstMoment!.Span[offset], ref secondMoment!.Span[offset], parameters.Length, in coefficients);
    }

    /// <inheritdoc/>
    protected override void Initialize(int parameterCount)
    {
        firstMoment = new AlignedVector(parameterCount);
        secondMoment = new AlignedVector(parameterCount);
    }

    /// <inheritdoc/>
    protected override void Prepare()
    {
        // lr·m̂ / (√v̂ + ε) = lr/(1−β₁ᵗ) · m / (√v · 1/√(1−β₂ᵗ) + ε): both corrections become scalars of the step.
        double beta1 = AsWritten(Beta1), beta2 = AsWritten(Beta2);
        coefficients = new Coefficients(
            Beta1: Beta1,
            Beta2: Beta2,
            Rest1: (float)(1 - beta1),
            Rest2: (float)(1 - beta2),
            Rate: (float)(LearningRate / (1 - Math.Pow(beta1, Steps))),
            RootScale: (float)(1 / Math.Sqrt(1 - Math.Pow(beta2, Steps))),
            Epsilon: Epsilon);
    }

    /// <summary>One step over <paramref name="count"/> floats. Every width rounds alike.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Step(ref float w, ref float g, ref float m, ref float v, int count, in Coefficients c)
    {
        int i = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512<float> beta1 = Vector512.Create(c.Beta1), beta2 = Vector512.Create(c.Beta2);
            Vector512<float> rest1 = Vector512.Create(c.Rest1), rest2 = Vector512.Create(c.Rest2);
            Vector512<float> rate = Vector512.Create(-c.Rate);
            Vector512<float> rootScale = Vector512.Create(c.RootScale), epsilon = Vector512.Create(c.Epsilon);
            for (; i <= count - 16; i += 16)
            {
                Vector512<float> gradient = Unsafe.As<float, Vector512<float>>(ref Unsafe.Add(ref g, i));
                Vector512<float> first = Vector512.MultiplyAddEstimate(
                    beta1, Unsafe.As<float, Vector512<float>>(ref Unsafe.Add(ref m, i)), rest1 * gradient);
                Vector512<float> second = Vector512.MultiplyAddEstimate(
                    beta2, Unsafe.As<float, Vector512<float>>(ref Unsafe.Add(ref v, i)), rest2 * gradient * gradient);
                Unsafe.As<float, Vector512<float>>(ref Unsafe.Add(ref m, i)) = Subnormal.Flush(first);
                Unsafe.As<float, Vector512<float>>(ref Unsafe.Add(ref v, i)) = Subnormal.Flush(second);
                Vector512<float> denominator = Vector512.MultiplyAddEstimate(Vector512.Sqrt(second), rootScale, epsilon);
                ref Vector512<float> p = ref Unsafe.As<float, Vector512<float>>(ref Unsafe.Add(ref w, i));
                p = Vector512.MultiplyAddEstimate(rate, first / denominator, p);
            }
        }

        if (Vector256.IsHardwareAccelerated)
        {
            Vector256<float> beta1 = Vector256.Create(c.Beta1), beta2 = Vector256.Create(c.Beta2);
            Vector256<float> rest1 = Vector256.Create(c.Rest1), rest2 = Vector256.Create(c.Rest2);
            Vector256<float> rate = Vector256.Create(-c.Rate);
            Vector256<float> rootScale = Vector256.Create(c.RootScale), epsilon = Vector256.Create(c.Epsilon);
            for (; i <= count - 8; i += 8)
            {
                Vector256<float> gradient = Unsafe.As<float, Vector256<float>>(ref Unsafe.Add(ref g, i));
                Vector256<float> first = Vector256.MultiplyAddEstimate(
                    beta1, Unsafe.As<float, Vector256<float>>(ref Unsafe.Add(ref m, i)), rest1 * gradient);
                Vector256<float> second = Vector256.MultiplyAddEstimate(
                    beta2, Unsafe.As<float, Vector256<float>>(ref Unsafe.Add(ref v, i)), rest2 * gradient * gradient);
                Unsafe.As<float, Vector256<float>>(ref Unsafe.Add(ref m, i)) = Subnormal.Flush(first);
                Unsafe.As<float, Vector256<float>>(ref Unsafe.Add(ref v, i)) = Subnormal.Flush(second);
                Vector256<float> denominator = Vector256.MultiplyAddEstimate(Vector256.Sqrt(second), rootScale, epsilon);
                ref Vector256<float> p = ref Unsafe.As<float, Vector256<float>>(ref Unsafe.Add(ref w, i));
                p = Vector256.MultiplyAddEstimate(rate, first / denominator, p);
            }
        }

        if (Vector128.IsHardwareAccelerated)
        {
            Vector128<float> beta1 = Vector128.Create(c.Beta1), beta2 = Vector128.Create(c.Beta2);
            Vector128<float> rest1 = Vector128.Create(c.Rest1), rest2 = Vector128.Create(c.Rest2);
            Vector128<float> rate = Vector128.Create(-c.Rate);
            Vector128<float> rootScale = Vector128.Create(c.RootScale), epsilon = Vector128.Create(c.Epsilon);
            for (; i <= count - 4; i += 4)
            {
                Vector128<float> gradient = Unsafe.As<float, Vector128<float>>(ref Unsafe.Add(ref g, i));
                Vector128<float> first = Vector128.MultiplyAddEstimate(
                    beta1, Unsafe.As<float, Vector128<float>>(ref Unsafe.Add(ref m, i)), rest1 * gradient);
                Vector128<float> second = Vector128.MultiplyAddEstimate(
                    beta2, Unsafe.As<float, Vector128<float>>(ref Unsafe.Add(ref v, i)), rest2 * gradient * gradient);
                Unsafe.As<float, Vector128<float>>(ref Unsafe.Add(ref m, i)) = Subnormal.Flush(first);
                Unsafe.As<float, Vector128<float>>(ref Unsafe.Add(ref v, i)) = Subnormal.Flush(second);
                Vector128<float> denominator = Vector128.MultiplyAddEstimate(Vector128.Sqrt(second), rootScale, epsilon);
                ref Vector128<float> p = ref Unsafe.As<float, Vector128<float>>(ref Unsafe.Add(ref w, i));
                p = Vector128.MultiplyAddEstimate(rate, first / denominator, p);
            }
        }

        for (; i < count; i++)
        {
            float gradient = Unsafe.Add(ref g, i);
            float first = float.MultiplyAddEstimate(c.Beta1, Unsafe.Add(ref m, i), c.Rest1 * gradient);
            float second = float.MultiplyAddEstimate(c.Beta2, Unsafe.Add(ref v, i), c.Rest2 * gradient * gradient);
            Unsafe.Add(ref m, i) = Subnormal.Flush(first);
            Unsafe.Add(ref v, i) = Subnormal.Flush(second);
            ref float p = ref Unsafe.Add(ref w, i);
            p = float.MultiplyAddEstimate(-c.Rate, first / float.MultiplyAddEstimate(MathF.Sqrt(second), c.RootScale, c.Epsilon), p);
        }
    }

    /// <summary>The scalars of one step.</summary>
    private readonly record struct Coefficients(
        float Beta1, float Beta2, float Rest1, float Rest2, float Rate, float RootScale, float Epsilon);
}
