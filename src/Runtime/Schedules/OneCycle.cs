namespace NetGen;

/// <summary>Rises along half a cosine from a fraction of the optimizer's rate to that rate, then falls to almost nothing over the rest of
/// the training.</summary>
/// <remarks>
/// Smith and Topin, "Super-convergence: very fast training of neural networks using large learning rates", 2018; the rates of PyTorch's
/// OneCycleLR with two phases: with steps t from 0 of T in all, from lr₀/25 at t = 0 to lr₀ at t = 0.3·T − 1 to lr₀/25/10⁴ at t = T − 1.
/// The momentum is left as it is.
/// </remarks>
public sealed class OneCycle : Schedule
{
    /// <param name="rise">Share of the training in which the rate rises, between 0 and 1.</param>
    /// <param name="startDivisor">The first rate is the optimizer's divided by this; at least 1 and finite.</param>
    /// <param name="endDivisor">The last rate is the first divided by this; at least 1 and finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public OneCycle(float rise = 0.3f, float startDivisor = 25f, float endDivisor = 1e4f)
    {
        Rise = CheckRange(rise, 0, 1);
        StartDivisor = CheckRange(startDivisor, 1, float.MaxValue);
        EndDivisor = CheckRange(endDivisor, 1, float.MaxValue);
    }

    /// <summary>Share of the training in which the rate rises.</summary>
    public float Rise { get; }

    /// <summary>The first rate is the optimizer's divided by this.</summary>
    public float StartDivisor { get; }

    /// <summary>The last rate is the first divided by this.</summary>
    public float EndDivisor { get; }

    /// <inheritdoc/>
    public override float LearningRate(in SchedulePoint at)
    {
        double top = at.BaseRate, start = top / StartDivisor, end = start / EndDivisor;
        double peak = (Optimizer.AsWritten(Rise) * at.Steps) - 1, last = at.Steps - 1;
        if (at.Step < peak)
            return (float)Cosine(start, top, at.Step / peak);

        // A peak before the first step, as of very short trainings, is one at the first step.
        peak = Math.Max(peak, 0);
        return (float)Cosine(top, end, last > peak ? Math.Min(1, (at.Step - peak) / (last - peak)) : 0);
    }
}
