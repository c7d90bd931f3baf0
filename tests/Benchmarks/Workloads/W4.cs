namespace NetGen.Benchmarks.Workloads;

/// <summary>A wide input, a bag of words: the first layer's 12 MB of weights do not fit the second-level cache.</summary>
[Network(30000)]
[Dense(100), ReLU]
[Dense(256), ReLU]
[Dense(256), ReLU]
[Dense(10), Softmax]
[CrossEntropy]
public sealed partial class W4;

/// <summary><see cref="W4"/> in batches of 64.</summary>
public readonly struct W4Workload : IWorkload<W4Workload>
{
    private readonly W4 network;

    private W4Workload(W4 network) => this.network = network;

    /// <inheritdoc/>
    public static string Name => "W4";

    /// <inheritdoc/>
    public static int BatchSize => 64;

    /// <inheritdoc/>
    public static ReadOnlySpan<int> PredictionSizes => [];

    /// <inheritdoc/>
    public static W4Workload Create() => new(new W4(seed: 1));

    /// <inheritdoc/>
    public static Optimizer CreateOptimizer() => new Adam(learningRate: 1e-6f);

    /// <inheritdoc/>
    public ITrainableNetwork Network => network;

    /// <inheritdoc/>
    public void Predict(ReadOnlySpan<float> inputs, Span<float> outputs) => network.Predict(inputs, outputs);

    /// <inheritdoc/>
    public float Train(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, ReadOnlySpan<int> labels, Optimizer optimizer) =>
        network.Train(inputs, labels, optimizer);
}
