using BenchmarkDotNet.Attributes;
using NetGen.Benchmarks.Workloads;

namespace NetGen.Benchmarks.Kernels;

/// <summary>Single calls of each workload's network: one training step, one sample, one batch.</summary>
/// <typeparam name="TWorkload">The workload.</typeparam>
[GenericTypeArguments(typeof(W1Workload))]
[GenericTypeArguments(typeof(W2Workload))]
[GenericTypeArguments(typeof(W3Workload))]
[GenericTypeArguments(typeof(W4Workload))]
[GenericTypeArguments(typeof(W6Workload))]
[GenericTypeArguments(typeof(W8Workload))]
[GenericTypeArguments(typeof(W9Workload))]
[GenericTypeArguments(typeof(BuiltInSwishWorkload))]
[GenericTypeArguments(typeof(OwnSwishWorkload))]
[MemoryDiagnoser]
public class StepBenchmarks<TWorkload>
    where TWorkload : struct, IWorkload<TWorkload>
{
    private TrainingStep<TWorkload> training;
    private PredictionStep<TWorkload> single, batch;
    private int turn;

    /// <summary>Before training is measured.</summary>
    [GlobalSetup(Target = nameof(Train))]
    public void SetUpTraining() => training = new TrainingStep<TWorkload>(TWorkload.Create());

    /// <summary>Before prediction is measured.</summary>
    [GlobalSetup(Targets = [nameof(Predict1), nameof(PredictBatch)])]
    public void SetUpPrediction()
    {
        single = new PredictionStep<TWorkload>(TWorkload.Create(), 1);
        batch = new PredictionStep<TWorkload>(TWorkload.Create(), TWorkload.BatchSize);
    }

    /// <summary>Forward, loss, backward and update on one batch.</summary>
    [Benchmark]
    public float Train() => training.Invoke(turn++);

    /// <summary>One sample.</summary>
    [Benchmark]
    public float Predict1() => single.Invoke(turn++);

    /// <summary>As many samples as training takes at once.</summary>
    [Benchmark]
    public float PredictBatch() => batch.Invoke(turn++);
}
