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

    /// <summary>Saves the number of steps and what the optimizer remembers of every parameter. Saved along with its network, and loaded
    /// with it, it goes on with the same bits. The learning rate and other coefficients are not in the file: they come from the
    /// constructor. A crash never leaves half a file.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="InvalidOperationException">There has been no step, so that there is nothing to save.</exception>
    /// <exception cref="IOException">The file cannot be written; an older one stays as it was.</exception>
    public void Save(string path)
    {
        OptimizerState saved = state ?? throw new InvalidOperationException(
            $"This {GetType().Name} has taken no step; there is nothing to save.");
        Safetensors.Replace(path, file => OptimizerFile.Write(file, GetType().Name, saved, Steps));
    }

    /// <summary>Loads what <see cref="Save"/> wrote. From now on the optimizer belongs to the network.</summary>
    /// <param name="path">The file.</param>
    /// <param name="network">A network of the class that the saved one stepped.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, of another optimizer, or of a network with another number of parameters;
    /// nothing has changed.</exception>
    /// <exception cref="InvalidOperationException">This optimizer belongs to another network.</exception>
    public void Load(string path, INetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        CheckOwner(network);
        using FileStream file = Safetensors.Open(path);
        (OptimizerState loaded, long steps) = OptimizerFile.Read(file, path, GetType().Name, network.Parameters.Length, vectors);
        state = loaded;
        Resume(network, steps);
        Restore();
    }

    /// <summary>Brings what follows from the number of steps up to them, after loading.</summary>
    private protected virtual void Restore()
    {
    }

    /// <inheritdoc/>
    protected override void Initialize(int parameterCount) => state = new OptimizerState(parameterCount, vectors);
}
