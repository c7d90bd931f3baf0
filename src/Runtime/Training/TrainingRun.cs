using System.Diagnostics;

namespace NetGen;

/// <summary>One call of <see cref="Trainer.Train"/>, after everything has been validated.</summary>
internal sealed class TrainingRun
{
    private readonly ITrainableNetwork network;
    private readonly TrainingOptions options;
    private readonly Optimizer optimizer;
    private readonly ClippingOptimizer? clipping;
    private readonly SampleSource source;
    private readonly Evaluator? validation;
    private readonly int samples, batches;
    private readonly float baseRate;
    private readonly int[] order;
    private readonly RandomSource random;
    private readonly List<EpochResult> results = [];
    private readonly ParameterSnapshot lastGood, best;
    private AugmentedInputs? augmented;

    public TrainingRun(ITrainableNetwork network, Dataset data, TrainingOptions options, SampleSource source, Evaluator? validation)
    {
        this.network = network;
        this.options = options;
        this.source = source;
        this.validation = validation;
        optimizer = options.Optimizer ?? new Adam();
        clipping = options.Clipping?.Bind(network, optimizer);
        baseRate = optimizer.LearningRate;
        samples = data.Count;
        batches = (int)((samples + (long)source.BatchSize - 1) / source.BatchSize);
        random = new RandomSource(options.Seed);
        order = new int[options.Gathers ? samples : 0];
        for (int i = 0; i < order.Length; i++)
            order[i] = i;

        // Each epoch shuffles the order of the one before.
        for (int epoch = 0; epoch < options.EpochsDone && options.Shuffle; epoch++)
            random.Shuffle(order);
        lastGood = new ParameterSnapshot(network, options.EpochsDone);
        best = options.EarlyStopping is { RestoreBest: true } ? new ParameterSnapshot(network, options.EpochsDone) : lastGood;
    }

    public TrainingHistory Run()
    {
        try
        {
            bool ahead = network.Threads == 0 ? Environment.ProcessorCount > 1 : network.Threads > 1;
            if (options.Augmentation is { } augmentation)
                augmented = new AugmentedInputs(source, augmentation, options.Seed, order, ahead);
            return RunEpochs();
        }
        finally
        {
            augmented?.Dispose();
            if (options.Schedule is not null)
                optimizer.LearningRate = baseRate;
        }
    }

    private TrainingHistory RunEpochs()
    {
        long start = Stopwatch.GetTimestamp();
        options.Progress?.OnStart(new TrainingPlan(network.Info, options.Epochs, samples, source.BatchSize, batches));

        StopReason reason = StopReason.Completed;
        int bestEpoch = 0, sinceImprovement = 0;
        double lowest = double.PositiveInfinity, improvedFrom = double.PositiveInfinity;
        for (int epoch = options.EpochsDone + 1; epoch <= options.Epochs && reason == StopReason.Completed; epoch++)
        {
            if (!TrainEpoch(epoch, out EpochResult? result, out reason))
                break;
            results.Add(result!);
            double watched = result!.ValidationLoss ?? result.TrainingLoss;
            if (watched < lowest)
                (lowest, bestEpoch) = (watched, epoch);
            lastGood.Take(epoch);
            if (options.EarlyStopping is { } stopping)
            {
                // The first epoch always improves: there is nothing to compare it with.
                bool improved = results.Count == 1 || watched < improvedFrom - stopping.MinimumImprovement;
                sinceImprovement = improved ? 0 : sinceImprovement + 1;
                improvedFrom = improved ? watched : improvedFrom;
                if (stopping.RestoreBest && bestEpoch == epoch)
                    best.Take(epoch);
                if (sinceImprovement >= stopping.Patience && epoch < options.Epochs)
                    reason = StopReason.EarlyStopping;
            }

            options.Progress?.OnEpoch(result);
            options.OnEpoch?.Invoke(result);
        }

        TrainingHistory history = new()
        {
            Epochs = results,
            BestEpoch = bestEpoch,
            RestoredEpoch = Restore(reason),
            StoppedBecause = reason,
            Elapsed = Stopwatch.GetElapsedTime(start),
        };
        options.Progress?.OnEnd(history);
        return history;
    }

    /// <summary>One pass and its validation. False when it did not reach the end; the reason says why.</summary>
    private bool TrainEpoch(int epoch, out EpochResult? result, out StopReason reason)
    {
        result = null;
        long start = Stopwatch.GetTimestamp();
        if (options.Shuffle)
            random.Shuffle(order);
        double lossSum = 0, weightSum = 0;
        int batch = 0;
        for (int first = 0; first < samples; first += Math.Min(source.BatchSize, samples - first))
        {
            if (options.CancellationToken.IsCancellationRequested)
            {
                reason = StopReason.Cancelled;
                return false;
            }

            int count = Math.Min(source.BatchSize, samples - first);
            if (options.Schedule is { } schedule && (batch == 0 || schedule.ChangesWithinEpochs))
            {
                long stepsBefore = (long)(epoch - 1) * batches;
                optimizer.LearningRate = schedule.LearningRate(
                    new SchedulePoint(baseRate, stepsBefore + batch, (long)options.Epochs * batches, epoch - 1, results));
            }

            float loss = TrainBatch(epoch, first, count, out double weight);
            if (!float.IsFinite(loss))
            {
                reason = StopReason.Diverged;
                return false;
            }

            batch++;
            lossSum += (double)loss * weight;
            weightSum += weight;
            options.Progress?.OnBatch(new BatchProgress(epoch, batch, first + count, weightSum > 0 ? lossSum / weightSum : 0));
        }

        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        Evaluation? evaluation = validation?.Evaluate();

        // The last step's own damage shows in no batch's loss, so the parameters are looked at themselves.
        bool finite = (evaluation is null || double.IsFinite(evaluation.Loss)) && ParameterSnapshot.IsFinite(network.Parameters);
        reason = finite ? StopReason.Completed : StopReason.Diverged;
        result = new EpochResult(
            epoch, weightSum > 0 ? lossSum / weightSum : 0, evaluation, elapsed, samples / Math.Max(elapsed.TotalSeconds, 1e-9));
        return finite;
    }

    /// <summary>One step.</summary>
    /// <param name="epoch">Number of the epoch.</param>
    /// <param name="first">First sample, in the order of the epoch.</param>
    /// <param name="count">Number of samples.</param>
    /// <param name="weight">What the loss counts in the mean of the epoch.</param>
    private float TrainBatch(int epoch, int first, int count, out double weight)
    {
        ReadOnlySpan<int> chosen = options.Gathers ? order.AsSpan(first, count) : default, labels = default;
        ReadOnlySpan<float> inputs = augmented is not null ? augmented.Batch(epoch, first)
            : options.Gathers ? source.Inputs(chosen) : source.Inputs(first, count);
        ReadOnlySpan<float> weights = options.Gathers ? source.Weights(chosen) : source.Weights(first, count), targets = default;
        if (source.Form == TargetForm.Labels)
            labels = options.Gathers ? source.Labels(chosen) : source.Labels(first, count);
        else
            targets = options.Gathers ? source.Targets(chosen) : source.Targets(first, count);
        weight = source.Weight(labels, targets, weights, count);

        // A batch in which nobody counts is no step: even a gradient of 0 would move an optimizer that remembers.
        if (weight == 0)
            return 0;
        Optimizer optimizer = clipping ?? this.optimizer;
        float loss = (labels.IsEmpty, weights.IsEmpty) switch
        {
            (true, true) => network.Train(inputs, targets, optimizer),
            (true, false) => network.Train(inputs, targets, weights, optimizer),
            (false, true) => network.Train(inputs, labels, optimizer),
            (false, false) => network.Train(inputs, labels, weights, optimizer),
        };
        clipping?.EndStep();
        return loss;
    }

    /// <summary>Puts back the parameters that the end of training asks for; tells of which epoch, or null when they stay.</summary>
    private int? Restore(StopReason reason)
    {
        bool restoreBest = options.EarlyStopping is { RestoreBest: true } && best.Epoch > options.EpochsDone;
        if (reason == StopReason.Diverged)
            return (restoreBest ? best : lastGood).Restore();
        bool alreadyBest = best.Epoch == options.EpochsDone + results.Count && reason != StopReason.Cancelled;
        return restoreBest && !alreadyBest ? best.Restore() : null;
    }
}
