using System.Runtime.CompilerServices;

namespace NetGen;

/// <summary>Lion: c = β₁m + (1−β₁)g, w ← (1 − lr · λ) · w − lr · sign(c), m ← β₂m + (1−β₂)g, m starting at 0 and sign(0) = 0.</summary>
/// <remarks>Chen et al., "Symbolic discovery of optimization algorithms", 2023. Every parameter moves by lr, so rates are 3 to 10
/// times smaller than Adam's.</remarks>
public sealed class Lion : ElementwiseOptimizer
{
    private readonly float rest1, rest2;
    private Rule decaying, plain;

    /// <param name="learningRate">Step size, finite and positive. Typical 1e-5 to 1e-3.</param>
    /// <param name="beta1">Share of m in the direction, at least 0 and below 1.</param>
    /// <param name="beta2">Decay of the mean gradient, at least 0 and below 1.</param>
    /// <param name="weightDecay">λ, finite and at least 0: each step takes lr · λ · w from the weights, never from biases or normalisation
    /// parameters.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public Lion(float learningRate = 1e-4f, float beta1 = 0.9f, float beta2 = 0.99f, float weightDecay = 0f)
        : base(learningRate, vectors: 1)
    {
        Beta1 = CheckCoefficient(beta1);
        Beta2 = CheckCoefficient(beta2);
        WeightDecay = CheckNotNegative(weightDecay);
        rest1 = Rest(beta1);
        rest2 = Rest(beta2);
    }

    /// <summary>Share of m in the direction.</summary>
    public float Beta1 { get; }

    /// <summary>Decay of the mean gradient.</summary>
    public float Beta2 { get; }

    /// <summary>λ: each step takes lr · λ · w from the weights.</summary>
    public float WeightDecay { get; }

    /// <inheritdoc/>
    public override bool UsesDecay => WeightDecay > 0;

    /// <inheritdoc/>
    public override void Update(Span<float> parameters, ReadOnlySpan<float> gradients, int offset, bool decay) =>
        OptimizerState.Update(State, decay ? decaying : plain, parameters, gradients, offset);

    /// <inheritdoc/>
    protected override void Prepare()
    {
        plain = new Rule(Beta1, rest1, Beta2, rest2, LearningRate, keep: 1);
        decaying = new Rule(Beta1, rest1, Beta2, rest2, LearningRate, keep: (float)(1 - ((double)LearningRate * WeightDecay)));
    }

    private readonly struct Rule(float beta1, float rest1, float beta2, float rest2, float rate, float keep) : IUpdateRule
    {
        private readonly float beta1 = beta1, rest1 = rest1, beta2 = beta2, rest2 = rest2, rate = rate, keep = keep;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run<TVector>(Sweep<TVector> at)
            where TVector : struct, IVector<TVector>
        {
            TVector beta1 = this.beta1, rest1 = this.rest1, beta2 = this.beta2, rest2 = this.rest2;
            TVector forward = rate, backward = -rate, keep = this.keep, zero = 0f;
            for (; at.Fits; at.Advance())
            {
                TVector gradient = at.Gradient, mean = at.First;
                TVector direction = TVector.MultiplyAdd(beta1, mean, rest1 * gradient);
                at.First = TVector.Flush(TVector.MultiplyAdd(beta2, mean, rest2 * gradient));

                // 0 · direction is 0, or NaN where the gradient was, which must not go unnoticed.
                TVector change = TVector.BySign(direction, backward, forward, zero * direction);
                at.Parameter = TVector.MultiplyAdd(keep, at.Parameter, change);
            }
        }
    }
}
