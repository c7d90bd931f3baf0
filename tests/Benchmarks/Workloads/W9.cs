namespace NetGen.Benchmarks.Workloads;

/// <summary>A regression on a table of 13 columns.</summary>
[Network(13)]
[Dense(32), ReLU]
[Dense(16), ReLU]
[Dense(1)]
[MeanSquaredError]
public sealed partial class W9;

/// <summary><see cref="W9"/> in batches of 32.</summary>
public readonly struct W9Workload : IWorkload<W9Workload>
{
    private readonly W9 network;

    private W9Workload(W9 network) => this.network = network;

    /// <inheritdoc/>
    public static string Name => "W9";

    /// <inheritdoc/>
    public static int BatchSize => 32;

    /// <inheritdoc/>
    public static ReadOnlySpan<int> PredictionSizes => [1];

    /// <inheritdoc/>
    public static W9Workload Create() => new(new W9(seed: 1));

    /// <inheritdoc/>
    public static Optimizer CreateOptimizer() => new Adam(learningRate: 1e-6f);

    /// <inheritdoc/>
    public ITrainableNetwork Network => network;

    /// <inheritdoc/>
    public void Predict(ReadOnlySpan<float> inputs, Span<float> outputs) => network.Predict(inputs, outputs);

    /// <inheritdoc/>
    public float Train(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, ReadOnlySpan<int> labels, Optimizer optimizer) =>
        network.Train(inputs, targets, optimizer);
}
