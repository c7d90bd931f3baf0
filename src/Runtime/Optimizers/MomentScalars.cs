namespace NetGen;

/// <summary>The scalars of one step of Adam's family: decays, and the correction of v for its start at 0.</summary>
internal readonly struct MomentScalars
{
    /// <param name="beta1">β₁.</param>
    /// <param name="beta2">β₂.</param>
    /// <param name="epsilon">ε of the denominator.</param>
    /// <param name="step">t, from 1.</param>
    public MomentScalars(float beta1, float beta2, float epsilon, long step)
    {
        (Beta1, Beta2, Epsilon) = (beta1, beta2, epsilon);
        Rest1 = Optimizer.Rest(beta1);
        Rest2 = Optimizer.Rest(beta2);
        RootScale = (float)(1 / Math.Sqrt(1 - Math.Pow(Optimizer.AsWritten(beta2), step)));
    }

    public float Beta1 { get; }

    public float Beta2 { get; }

    /// <summary>1 − β₁.</summary>
    public float Rest1 { get; }

    /// <summary>1 − β₂.</summary>
    public float Rest2 { get; }

    /// <summary>1/√(1−β₂ᵗ).</summary>
    public float RootScale { get; }

    public float Epsilon { get; }
}
