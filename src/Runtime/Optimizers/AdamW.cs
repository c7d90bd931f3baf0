namespace NetGen;

/// <summary>AdamW: Adam, with weights that first shrink by themselves: w ← (1 − lr · λ) · w − lr · m̂ / (√v̂ + ε).</summary>
/// <remarks>Loshchilov and Hutter, "Decoupled weight decay regularization", 2019; the decay takes the learning rate, as in
/// PyTorch.</remarks>
public sealed class AdamW : MomentOptimizer
{
    private AdamRule decaying, plain;

    /// <param name="learningRate">Step size, finite and positive. Typical 1e-4 to 1e-2.</param>
    /// <param name="beta1">Decay of the mean gradient, at least 0 and below 1.</param>
    /// <param name="beta2">Decay of the mean squared gradient, at least 0 and below 1.</param>
    /// <param name="epsilon">Added to the denominator, finite and positive.</param>
    /// <param name="weightDecay">λ, finite and at least 0: each step takes lr · λ · w from the weights, never from biases or normalisation
    /// parameters.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public AdamW(float learningRate = 1e-3f, float beta1 = 0.9f, float beta2 = 0.999f, float epsilon = 1e-8f, float weightDecay = 0.01f)
        : base(learningRate, beta1, beta2, epsilon, vectors: 2)
    {
        WeightDecay = CheckNotNegative(weightDecay);
    }

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
        decaying = new AdamRule(Scalars, CorrectedRate, keep: (float)(1 - ((double)LearningRate * AsWritten(WeightDecay))));
        plain = new AdamRule(Scalars, CorrectedRate);
    }
}
