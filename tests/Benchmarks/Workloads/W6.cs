namespace NetGen.Benchmarks.Workloads;

/// <summary>A small classifier that fits the first-level cache.</summary>
[Network(100)]
[Dense(64), ReLU]
[Dense(10), Softmax]
[CrossEntropy]
public sealed partial class W6;

/// <summary><see cref="W6"/> in batches of 32.</summary>
public readonly struct W6Workload : IWorkload<W6Workload>
{
    private readonly W6 network;

    private W6Workload(W6 network) => this.network = network;

    /// <inheritdoc/>
    public static string Name => "W6";

    /// <inheritdoc/>
    public static int BatchSize => 32;

    /// <inheritdoc/>
    public static ReadOnlySpan<int> PredictionSizes => [];

    /// <inheritdoc/>
    public static W6Workload Create() => new(new W6(seed: 1));

    /// <inheritdoc/>
    public static Optimizer CreateOptimizer() => new SGD(learningRate: 1e-6f);

    /// <inheritdoc/>
    public ITrainableNetwork Network => network;

    /// <inheritdoc/>
    public void Predict(ReadOnlySpan<float> inputs, Span<float> outputs) => network.Predict(inputs, outputs);

    /// <inheritdoc/>
    public float Train(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, ReadOnlySpan<int> labels, Optimizer optimizer) =>
        network.Train(inputs, labels, optimizer);
}
