namespace NetGen.Benchmarks.Workloads;

/// <summary>Few products for many activations: the built-in SiLU.</summary>
[Network(16)]
[Dense(256), SiLU]
[Dense(4)]
[MeanSquaredError]
public sealed partial class BuiltInSwish;

/// <summary>The same with the formula in C#, as a user would write it.</summary>
[Network(16)]
[Dense(256), Activation(nameof(Swish))]
[Dense(4)]
[MeanSquaredError]
public sealed partial class OwnSwish
{
    private static float Swish(float x) => x / (1f + MathF.Exp(-x));
}

/// <summary><see cref="BuiltInSwish"/> in batches of 64.</summary>
public readonly struct BuiltInSwishWorkload : IWorkload<BuiltInSwishWorkload>
{
    private readonly BuiltInSwish network;

    private BuiltInSwishWorkload(BuiltInSwish network) => this.network = network;

    /// <inheritdoc/>
    public static string Name => "SiLU";

    /// <inheritdoc/>
    public static int BatchSize => 64;

    /// <inheritdoc/>
    public static ReadOnlySpan<int> PredictionSizes => [64];

    /// <inheritdoc/>
    public static BuiltInSwishWorkload Create() => new(new BuiltInSwish(seed: 1));

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

/// <summary><see cref="OwnSwish"/> in batches of 64.</summary>
public readonly struct OwnSwishWorkload : IWorkload<OwnSwishWorkload>
{
    private readonly OwnSwish network;

    private OwnSwishWorkload(OwnSwish network) => this.network = network;

    /// <inheritdoc/>
    public static string Name => "Swish";

    /// <inheritdoc/>
    public static int BatchSize => 64;

    /// <inheritdoc/>
    public static ReadOnlySpan<int> PredictionSizes => [64];

    /// <inheritdoc/>
    public static OwnSwishWorkload Create() => new(new OwnSwish(seed: 1));

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
