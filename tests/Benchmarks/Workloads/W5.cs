namespace NetGen.Benchmarks.Workloads;

/// <summary>LeNet-5: convolutions of images that fit the first-level cache (LeCun, Bottou, Bengio and Haffner 1998,
/// with ReLU and maxima).</summary>
[Network(1, 28, 28)]
[Conv2D(6, 5, Padding = 2), ReLU, MaxPool2D(2)]
[Conv2D(16, 5), ReLU, MaxPool2D(2)]
[Flatten, Dense(120), ReLU]
[Dense(84), ReLU]
[Dense(10), Softmax]
[CrossEntropy]
public sealed partial class W5;

/// <summary><see cref="W5"/> in batches of 64.</summary>
public readonly struct W5Workload : IWorkload<W5Workload>
{
    private readonly W5 network;

    private W5Workload(W5 network) => this.network = network;

    /// <inheritdoc/>
    public static string Name => "W5";

    /// <inheritdoc/>
    public static int BatchSize => 64;

    /// <inheritdoc/>
    public static ReadOnlySpan<int> PredictionSizes => [1, 64];

    /// <inheritdoc/>
    public static W5Workload Create() => new(new W5(seed: 1));

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
