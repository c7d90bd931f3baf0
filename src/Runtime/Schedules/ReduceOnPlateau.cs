namespace NetGen;

/// <summary>Multiplies the rate by a factor when the validation loss (without validation: the training loss) has not improved for more
/// epochs than it is patient. PyTorch's ReduceLROnPlateau.</summary>
public sealed class ReduceOnPlateau : Schedule
{
    /// <param name="factor">What remains of the rate, between 0 and 1.</param>
    /// <param name="patience">Epochs without improvement that are tolerated, at least 0: the next one reduces the rate.</param>
    /// <param name="threshold">An epoch improves when its loss is below (1 − threshold) · best; between 0 and 1.</param>
    /// <param name="cooldown">Epochs after a reduction in which nothing is counted, at least 0.</param>
    /// <param name="minimum">Lower bound of the rate, finite and at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public ReduceOnPlateau(float factor = 0.1f, int patience = 10, float threshold = 1e-4f, int cooldown = 0, float minimum = 0f)
    {
        Factor = CheckRange(factor, 0, 1);
        Patience = CheckCount(patience, 0);
        Threshold = CheckRange(threshold, 0, 1);
        Cooldown = CheckCount(cooldown, 0);
        Minimum = Optimizer.CheckNotNegative(minimum);
    }

    /// <summary>What remains of the rate.</summary>
    public float Factor { get; }

    /// <summary>Epochs without improvement that are tolerated.</summary>
    public int Patience { get; }

    /// <summary>An epoch improves when its loss is below (1 − threshold) · best.</summary>
    public float Threshold { get; }

    /// <summary>Epochs after a reduction in which nothing is counted.</summary>
    public int Cooldown { get; }

    /// <summary>Lower bound of the rate.</summary>
    public float Minimum { get; }

    /// <inheritdoc/>
    public override bool ChangesWithinEpochs => false;

    /// <inheritdoc/>
    public override float LearningRate(in SchedulePoint at)
    {
        double rate = at.BaseRate, best = double.PositiveInfinity;
        double share = 1 - Optimizer.AsWritten(Threshold), factor = Optimizer.AsWritten(Factor);
        int bad = 0, rest = 0;
        foreach (EpochResult epoch in at.Results)
        {
            double loss = epoch.ValidationLoss ?? epoch.TrainingLoss;
            bool improved = loss < best * share;
            best = improved ? loss : best;
            bad = improved ? 0 : bad + 1;
            if (rest > 0)
            {
                rest--;
                bad = 0;
            }

            if (bad > Patience)
            {
                // A base rate that is below the minimum from the start stays as it is.
                rate = Math.Min(rate, Math.Max(rate * factor, Minimum));
                rest = Cooldown;
                bad = 0;
            }
        }

        return (float)rate;
    }
}
