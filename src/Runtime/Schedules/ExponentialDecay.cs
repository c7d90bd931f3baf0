namespace NetGen;

/// <summary>Multiplies the rate by a factor after every epoch: lr = lr₀ · γ^epoch, with epochs from 0. PyTorch's ExponentialLR.</summary>
public sealed class ExponentialDecay : Schedule
{
    /// <param name="factor">γ, between 0 and 1. Typical 0.9 to 0.99.</param>
    /// <exception cref="ArgumentOutOfRangeException">The factor is out of its range.</exception>
    public ExponentialDecay(float factor = 0.95f)
    {
        Factor = CheckRange(factor, 0, 1);
    }

    /// <summary>γ: what remains of the rate after an epoch.</summary>
    public float Factor { get; }

    /// <inheritdoc/>
    public override bool ChangesWithinEpochs => false;

    /// <inheritdoc/>
    public override float LearningRate(in SchedulePoint at) => (float)(at.BaseRate * Math.Pow(Optimizer.AsWritten(Factor), at.Epoch));
}
