namespace NetGen;

/// <summary>Multiplies the rate by a factor every so many epochs: lr = lr₀ · γ^⌊epoch / period⌋, with epochs from 0. PyTorch's
/// StepLR.</summary>
public sealed class StepDecay : Schedule
{
    /// <param name="period">Epochs between two drops, at least 1.</param>
    /// <param name="factor">γ, between 0 and 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public StepDecay(int period, float factor = 0.1f)
    {
        Period = CheckCount(period, 1);
        Factor = CheckRange(factor, 0, 1);
    }

    /// <summary>Epochs between two drops.</summary>
    public int Period { get; }

    /// <summary>γ: what remains of the rate after a drop.</summary>
    public float Factor { get; }

    /// <inheritdoc/>
    public override bool ChangesWithinEpochs => false;

    /// <inheritdoc/>
    public override float LearningRate(in SchedulePoint at) =>
        (float)(at.BaseRate * Math.Pow(Optimizer.AsWritten(Factor), at.Epoch / Period));
}
