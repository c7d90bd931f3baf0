namespace NetGen.Benchmarks.Workloads;

/// <summary>The textbook's XOR network: all cost is overhead and latency.</summary>
[Network(2)]
[Dense(4), Sigmoid]
[Dense(1), Sigmoid]
[MeanSquaredError]
public sealed partial class W1;

/// <summary><see cref="W1"/> in batches of 4.</summary>
public readonly struct W1Workload : IWorkload<W1Workload>
{
    private readonly W1 network;

    private W1Workload(W1 network) => this.network = network;

    /// <inheritdoc/>
    public static string Name => "W1";

    /// <inheritdoc/>
    public static int BatchSize => 4;

    /// <inheritdoc/>
    public static ReadOnlySpan<int> PredictionSizes => [1, 4];

    /// <inheritdoc/>
    public static bool CountsSteps => true;

    /// <inheritdoc/>
    public static W1Workload Create() => new(new W1(seed: 1));

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
