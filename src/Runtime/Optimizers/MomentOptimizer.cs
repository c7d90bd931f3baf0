namespace NetGen;

/// <summary>Adam and its relatives: they keep moving averages of the gradient and of its square.</summary>
public abstract class MomentOptimizer : ElementwiseOptimizer
{
    private protected MomentOptimizer(float learningRate, float beta1, float beta2, float epsilon, int vectors)
        : base(learningRate, vectors)
    {
        Beta1 = CheckCoefficient(beta1);
        Beta2 = CheckCoefficient(beta2);
        Epsilon = CheckEpsilon(epsilon);
    }

    /// <summary>Decay of the mean gradient.</summary>
    public float Beta1 { get; }

    /// <summary>Decay of the mean squared gradient.</summary>
    public float Beta2 { get; }

    /// <summary>Added to the denominator.</summary>
    public float Epsilon { get; }

    /// <summary>The scalars of the step that begins.</summary>
    private protected MomentScalars Scalars => new(Beta1, Beta2, Epsilon, Steps);

    /// <summary>lr/(1−β₁ᵗ): what m takes where the formula has lr · m̂.</summary>
    private protected float CorrectedRate => (float)(LearningRate / (1 - Math.Pow(AsWritten(Beta1), Steps)));
}
