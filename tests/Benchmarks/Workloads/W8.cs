namespace NetGen.Benchmarks.Workloads;

/// <summary>A classifier of two wide layers: matrix products take nearly all the time.</summary>
[Network(784)]
[Dense(512), ReLU]
[Dense(512), ReLU]
[Dense(10), Softmax]
[CrossEntropy]
public sealed partial class W8;

/// <summary><see cref="W8"/> in batches of 128.</summary>
public readonly struct W8Workload : IWorkload<W8Workload>
{
    private readonly W8 network;

    private W8Workload(W8 network) => this.network = network;

    /// <inheritdoc/>
    public static string Name => "W8";

    /// <inheritdoc/>
    public static int BatchSize => 128;

    /// <inheritdoc/>
    public static ReadOnlySpan<int> PredictionSizes => [];

    /// <inheritdoc/>
    public static W8Workload Create() => new(new W8(seed: 1));

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
