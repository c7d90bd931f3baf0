namespace NetGen;

/// <summary>Rises in a straight line over the first steps, then leaves the rate to another schedule, for which training starts
/// there.</summary>
/// <remarks>PyTorch's LinearLR, followed by another one as its SequentialLR does: lr = lr' · (s + (1 − s) · t / n) for steps t from 0 to
/// n − 1, where lr' is the rate of the following schedule's first step.</remarks>
public sealed class WarmUp : Schedule
{
    /// <param name="steps">n: steps until the full rate is reached, at least 1.</param>
    /// <param name="then">What follows; null for a constant rate.</param>
    /// <param name="start">s: share of the rate at the first step, between 0 and 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public WarmUp(int steps, Schedule? then = null, float start = 0f)
    {
        Steps = CheckCount(steps, 1);
        Start = CheckRange(start, 0, 1);
        Then = then;
    }

    /// <summary>Steps until the full rate is reached.</summary>
    public int Steps { get; }

    /// <summary>Share of the rate at the first step.</summary>
    public float Start { get; }

    /// <summary>What follows; null for a constant rate.</summary>
    public Schedule? Then { get; }

    /// <inheritdoc/>
    public override float LearningRate(in SchedulePoint at)
    {
        // Epochs, and so schedules that count them, go on meanwhile.
        SchedulePoint rest = at with { Step = Math.Max(0, at.Step - Steps), Steps = Math.Max(1, at.Steps - Steps) };
        float full = Then?.LearningRate(in rest) ?? at.BaseRate;
        double start = Optimizer.AsWritten(Start);
        return at.Step >= Steps ? full : (float)(full * (start + ((1 - start) * at.Step / Steps)));
    }
}
