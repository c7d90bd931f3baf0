namespace NetGen;

/// <summary>Falls to a minimum along half a cosine over the whole training, step by step: lr = lr₋ + ½(lr₀ − lr₋)(1 + cos(π·t/T)), with
/// steps t from 0 of T in all.</summary>
/// <remarks>Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", 2017, without the restarts; PyTorch's
/// CosineAnnealingLR stepped after every batch.</remarks>
public sealed class CosineAnnealing : Schedule
{
    /// <param name="minimum">lr₋: what the rate tends to, finite and at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The minimum is negative or not finite.</exception>
    public CosineAnnealing(float minimum = 0f)
    {
        Minimum = Optimizer.CheckNotNegative(minimum);
    }

    /// <summary>lr₋: what the rate tends to.</summary>
    public float Minimum { get; }

    /// <inheritdoc/>
    public override float LearningRate(in SchedulePoint at) => (float)Cosine(at.BaseRate, Minimum, (double)at.Step / at.Steps);
}
