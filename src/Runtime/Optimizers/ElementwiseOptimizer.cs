namespace NetGen;

/// <summary>An optimizer whose step of a parameter depends on nothing but that parameter's own gradients: threads share the parameters, and
/// vectors take neighbours together.</summary>
public abstract class ElementwiseOptimizer : Optimizer
{
    private readonly int vectors;
    private OptimizerState? state;

    /// <param name="learningRate">Step size, finite and positive.</param>
    /// <param name="vectors">Floats of state per parameter, 0 to 3.</param>
    private protected ElementwiseOptimizer(float learningRate, int vectors)
        : base(learningRate) => this.vectors = vectors;

    /// <inheritdoc/>
    public override bool UsesDecay => false;

    /// <inheritdoc/>
    public override bool AllowsThreads => true;

    /// <summary>What it remembers; null before the first step.</summary>
    internal override OptimizerState? State => state;

    /// <inheritdoc/>
    protected override void Initialize(int parameterCount) => state = new OptimizerState(parameterCount, vectors);
}
