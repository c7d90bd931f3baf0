using System.Runtime.CompilerServices;

namespace NetGen;

/// <summary>NAdam: Adam with Nesterov's momentum. w ← w − lr · (μₜ₊₁ · m / (1 − πₜ·μₜ·μₜ₊₁) + (1 − μₜ) · g / (1 − πₜ)) / (√v̂ + ε), with
/// μₜ = β₁ · (1 − ½ · 0.96^(t · ψ)) and πₜ = μ₁ · … · μₜ.</summary>
/// <remarks>Dozat, "Incorporating Nesterov momentum into Adam", 2016, in the form of PyTorch 1.13: the paper's first denominator, and that
/// of later versions, is 1 − πₜ·μₜ₊₁. The difference matters in the first steps only.</remarks>
public sealed class NAdam : MomentOptimizer
{
    private double momentumProduct = 1;
    private Rule rule;

    /// <param name="learningRate">Step size, finite and positive. Typical 1e-4 to 1e-2.</param>
    /// <param name="beta1">Decay of the mean gradient, at least 0 and below 1.</param>
    /// <param name="beta2">Decay of the mean squared gradient, at least 0 and below 1.</param>
    /// <param name="epsilon">Added to the denominator, finite and positive.</param>
    /// <param name="momentumDecay">ψ: how fast μ rises from ½β₁ to β₁, finite and at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public NAdam(
        float learningRate = 1e-3f, float beta1 = 0.9f, float beta2 = 0.999f, float epsilon = 1e-8f, float momentumDecay = 0.004f)
        : base(learningRate, beta1, beta2, epsilon, vectors: 2)
    {
        MomentumDecay = CheckNotNegative(momentumDecay);
    }

    /// <summary>ψ: how fast μ rises from ½β₁ to β₁.</summary>
    public float MomentumDecay { get; }

    /// <inheritdoc/>
    public override void Update(Span<float> parameters, ReadOnlySpan<float> gradients, int offset, bool decay) =>
        OptimizerState.Update(State, in rule, parameters, gradients, offset);

    /// <inheritdoc/>
    protected override void Prepare()
    {
        double now = MomentumOf(Steps), next = MomentumOf(Steps + 1);
        momentumProduct *= now;
        rule = new Rule(
            Scalars,
            meanRate: (float)(-LearningRate * next / (1 - (momentumProduct * now * next))),
            gradientRate: (float)(-LearningRate * (1 - now) / (1 - momentumProduct)));
    }

    /// <inheritdoc/>
    private protected override void Restore()
    {
        momentumProduct = 1;
        for (long step = 1; step <= Steps; step++)
            momentumProduct *= MomentumOf(step);
    }

    private double MomentumOf(long step) =>
        AsWritten(Beta1) * (1 - (0.5 * Math.Pow(0.96, step * AsWritten(MomentumDecay))));

    private readonly struct Rule(MomentScalars scalars, float meanRate, float gradientRate) : IUpdateRule
    {
        private readonly MomentScalars scalars = scalars;
        private readonly float meanRate = meanRate, gradientRate = gradientRate;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run<TVector>(Sweep<TVector> at)
            where TVector : struct, IVector<TVector>
        {
            Moments<TVector> moments = new(scalars);
            TVector meanRate = this.meanRate, gradientRate = this.gradientRate;
            for (; at.Fits; at.Advance())
            {
                TVector gradient = at.Gradient, mean = moments.Mean(at.First, gradient), square = moments.Square(at.Second, gradient);
                at.First = TVector.Flush(mean);
                at.Second = TVector.Flush(square);
                TVector change = TVector.MultiplyAdd(meanRate, mean, gradientRate * gradient);
                at.Parameter += change / moments.Denominator(square);
            }
        }
    }
}
