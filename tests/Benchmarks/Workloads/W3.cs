namespace NetGen.Benchmarks.Workloads;

/// <summary>PyTorch's introductory example: no bias, squared error, widths that are no multiple of a vector.</summary>
[Network(1000)]
[Dense(100, Bias = false), ReLU]
[Dense(10, Bias = false)]
[HalfSquaredError]
public sealed partial class W3;

/// <summary><see cref="W3"/> in batches of 64.</summary>
public readonly struct W3Workload : IWorkload<W3Workload>
{
    private readonly W3 network;

    private W3Workload(W3 network) => this.network = network;

    /// <inheritdoc/>
    public static string Name => "W3";

    /// <inheritdoc/>
    public static int BatchSize => 64;

    /// <inheritdoc/>
    public static ReadOnlySpan<int> PredictionSizes => [];

    /// <inheritdoc/>
    public static W3Workload Create() => new(new W3(seed: 1));

    /// <inheritdoc/>
    public static Optimizer CreateOptimizer() => new SGD(learningRate: 1e-6f);

    /// <inheritdoc/>
    public ITrainableNetwork Network => network;

    /// <inheritdoc/>
    public void Predict(ReadOnlySpan<float> inputs, Span<float> outputs) => network.Predict(inputs, outputs);

    /// <inheritdoc/>
    public float Train(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, ReadOnlySpan<int> labels, Optimizer optimizer) =>
        network.Train(inputs, targets, optimizer);
}
