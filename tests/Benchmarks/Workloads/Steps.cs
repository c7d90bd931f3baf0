using System.Runtime.CompilerServices;

namespace NetGen.Benchmarks.Workloads;

/// <summary>What is measured: one call of a network on one batch of a pool.</summary>
public interface IStep
{
    /// <summary>Makes the call on the batch of this index, modulo the pool's size.</summary>
    /// <returns>The loss, or an output: a number that is finite as long as the network is.</returns>
    float Invoke(int index);
}

/// <summary>Forward, loss, backward and update through the public Train.</summary>
/// <typeparam name="TWorkload">The workload.</typeparam>
public readonly struct TrainingStep<TWorkload> : IStep
    where TWorkload : struct, IWorkload<TWorkload>
{
    private readonly TWorkload workload;
    private readonly Optimizer optimizer;
    private readonly Pool<float> inputs, targets;
    private readonly Pool<int> labels;

    /// <param name="workload">The workload, with its network.</param>
    public TrainingStep(TWorkload workload)
    {
        Random random = new(1);
        NetworkInfo info = workload.Network.Info;
        bool takesLabels = info.Targets == TargetKind.LabelsOrValues;
        this.workload = workload;
        optimizer = TWorkload.CreateOptimizer();
        inputs = new Pool<float>(TWorkload.BatchSize * info.InputLength, () => 2 * random.NextSingle() - 1);
        targets = new Pool<float>(takesLabels ? 0 : TWorkload.BatchSize * info.OutputLength, random.NextSingle);
        labels = new Pool<int>(takesLabels ? TWorkload.BatchSize : 0, () => random.Next(info.OutputLength));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Invoke(int index) => workload.Train(inputs[index], targets[index], labels[index], optimizer);
}

/// <summary>One Predict of a batch, into the caller's memory.</summary>
/// <typeparam name="TWorkload">The workload.</typeparam>
public readonly struct PredictionStep<TWorkload> : IStep
    where TWorkload : struct, IWorkload<TWorkload>
{
    private readonly TWorkload workload;
    private readonly Pool<float> inputs;
    private readonly float[] outputs;

    /// <param name="workload">The workload, with its network.</param>
    /// <param name="samples">Samples per call.</param>
    public PredictionStep(TWorkload workload, int samples)
    {
        Random random = new(1);
        NetworkInfo info = workload.Network.Info;
        this.workload = workload;
        inputs = new Pool<float>(samples * info.InputLength, () => 2 * random.NextSingle() - 1);
        outputs = new float[samples * info.OutputLength];
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Invoke(int index)
    {
        workload.Predict(inputs[index], outputs);
        return outputs[0];
    }
}
