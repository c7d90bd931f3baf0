namespace NetGen.Benchmarks.Workloads;

/// <summary>One workload: a network, how it is trained and which figures it gives.</summary>
/// <remarks>
/// Implemented by structs, so that the measuring loops are compiled once per workload and call the network's own methods: neither an
/// interface nor a delegate is called where a few nanoseconds are measured.
/// </remarks>
/// <typeparam name="TSelf">The workload itself.</typeparam>
public interface IWorkload<TSelf>
    where TSelf : struct, IWorkload<TSelf>
{
    /// <summary>What the figures' lines begin with: W2.</summary>
    static abstract string Name { get; }

    /// <summary>Samples per training step.</summary>
    static abstract int BatchSize { get; }

    /// <summary>Batch sizes of the prediction figures; empty when only training is measured.</summary>
    static abstract ReadOnlySpan<int> PredictionSizes { get; }

    /// <summary>Whether training is counted in steps/s rather than in samples/s.</summary>
    static virtual bool CountsSteps => false;

    /// <summary>The workload with a freshly initialised network.</summary>
    static abstract TSelf Create();

    /// <summary>The optimizer, at a rate so small that millions of steps on random targets leave the parameters near their start.</summary>
    static abstract Optimizer CreateOptimizer();

    /// <summary>The network, for what is not measured: its shapes, its settings.</summary>
    ITrainableNetwork Network { get; }

    /// <summary>Predicts n samples: n · InputLength floats in, n · OutputLength floats out.</summary>
    void Predict(ReadOnlySpan<float> inputs, Span<float> outputs);

    /// <summary>One training step from <paramref name="labels"/> or <paramref name="targets"/>; the other one is empty.</summary>
    /// <returns>The mean loss before the step.</returns>
    float Train(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, ReadOnlySpan<int> labels, Optimizer optimizer);
}
