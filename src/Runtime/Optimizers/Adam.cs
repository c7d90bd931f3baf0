namespace NetGen;

/// <summary>Adam: m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², w ← w − lr · m̂ / (√v̂ + ε) with m̂ = m/(1−β₁ᵗ), v̂ = v/(1−β₂ᵗ).</summary>
/// <remarks>Kingma and Ba, "Adam: a method for stochastic optimization", 2015; ε outside the root, as in PyTorch.</remarks>
public sealed class Adam : MomentOptimizer
{
    private AdamRule rule;

    /// <param name="learningRate">Step size, finite and positive. Typical 1e-4 to 1e-2.</param>
    /// <param name="beta1">Decay of the mean gradient, at least 0 and below 1.</param>
    /// <param name="beta2">Decay of the mean squared gradient, at least 0 and below 1.</param>
    /// <param name="epsilon">Added to the denominator, finite and positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public Adam(float learningRate = 1e-3f, float beta1 = 0.9f, float beta2 = 0.999f, float epsilon = 1e-8f)
        : base(learningRate, beta1, beta2, epsilon, vectors: 2)
    {
    }

    /// <inheritdoc/>
    public override void Update(Span<float> parameters, ReadOnlySpan<float> gradients, int offset, bool decay) =>
        OptimizerState.Update(State, in rule, parameters, gradients, offset);

    /// <inheritdoc/>
    protected override void Prepare() => rule = new AdamRule(Scalars, CorrectedRate);
}
