using System.Runtime.CompilerServices;

namespace NetGen;

/// <summary>AMSGrad: Adam, with the largest v so far in the denominator: u ← max(u, v), w ← w − lr · m̂ / (√û + ε),
/// û = u/(1−β₂ᵗ).</summary>
/// <remarks>Reddi, Kale and Kumar, "On the convergence of Adam and beyond", 2018; with bias corrections, as in PyTorch.</remarks>
public sealed class AMSGrad : MomentOptimizer
{
    private Rule rule;

    /// <param name="learningRate">Step size, finite and positive. Typical 1e-4 to 1e-2.</param>
    /// <param name="beta1">Decay of the mean gradient, at least 0 and below 1.</param>
    /// <param name="beta2">Decay of the mean squared gradient, at least 0 and below 1.</param>
    /// <param name="epsilon">Added to the denominator, finite and positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public AMSGrad(float learningRate = 1e-3f, float beta1 = 0.9f, float beta2 = 0.999f, float epsilon = 1e-8f)
        : base(learningRate, beta1, beta2, epsilon, vectors: 3)
    {
    }

    /// <inheritdoc/>
    public override void Update(Span<float> parameters, ReadOnlySpan<float> gradients, int offset, bool decay) =>
        OptimizerState.Update(State, in rule, parameters, gradients, offset);

    /// <inheritdoc/>
    protected override void Prepare() => rule = new Rule(Scalars, -CorrectedRate);

    private readonly struct Rule(MomentScalars scalars, float rate) : IUpdateRule
    {
        private readonly MomentScalars scalars = scalars;
        private readonly float rate = rate;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run<TVector>(Sweep<TVector> at)
            where TVector : struct, IVector<TVector>
        {
            Moments<TVector> moments = new(scalars);
            TVector rate = this.rate;
            for (; at.Fits; at.Advance())
            {
                TVector mean = moments.Mean(at.First, at.Gradient), square = moments.Square(at.Second, at.Gradient);
                TVector largest = TVector.Max(at.Third, square);
                at.First = TVector.Flush(mean);
                at.Second = TVector.Flush(square);
                at.Third = TVector.Flush(largest);
                at.Parameter = TVector.MultiplyAdd(rate, mean / moments.Denominator(largest), at.Parameter);
            }
        }
    }
}
