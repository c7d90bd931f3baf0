namespace NetGen.Benchmarks.Workloads;

/// <summary>The usual classifier of handwritten digits.</summary>
[Network(784)]
[Dense(128), ReLU]
[Dense(10), Softmax]
[CrossEntropy]
public sealed partial class W2;

/// <summary><see cref="W2"/> in batches of 64.</summary>
public readonly struct W2Workload : IWorkload<W2Workload>
{
    private readonly W2 network;

    private W2Workload(W2 network) => this.network = network;

    /// <inheritdoc/>
    public static string Name => "W2";

    /// <inheritdoc/>
    public static int BatchSize => 64;

    /// <inheritdoc/>
    public static ReadOnlySpan<int> PredictionSizes => [1, 64, 256];

    /// <inheritdoc/>
    public static W2Workload Create() => new(new W2(seed: 1));

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
