namespace NetGen;

/// <summary>Stands between a network and its optimizer: a network's step gives it the gradients, and it gives the clipped ones
/// on.</summary>
/// <param name="network">The network.</param>
/// <param name="inner">Its optimizer, whose learning rate and state count.</param>
internal abstract class ClippingOptimizer(ITrainableNetwork network, Optimizer inner) : Optimizer(learningRate: 1)
{
    public override bool UsesDecay => Inner.UsesDecay;

    protected ITrainableNetwork Network { get; } = network;

    protected Optimizer Inner { get; } = inner;

    /// <summary>Does what can only be done when the network's step has ended.</summary>
    public abstract void EndStep();
}
