namespace NetGen;

/// <summary>How a network is trained.</summary>
public sealed class TrainingOptions
{
    /// <summary>Passes over the training data, at least 1.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Epochs that an earlier training has done, of which <see cref="Epochs"/> is still the total: at least 0 and at most that.
    /// This one goes on behind them, with the order of the samples,
    /// the augmentation and the learning rates that they would have had.</summary>
    /// <remarks>With the network and the optimizer as saved after that epoch (<see cref="ElementwiseOptimizer.Save"/>) the bits are those
    /// of a training in one go; two things begin anew. <see cref="EarlyStopping"/> and <see cref="ReduceOnPlateau"/> know no earlier
    /// losses, and a network with dropout draws other random numbers.</remarks>
    public int EpochsDone { get; init; }

    /// <summary>Samples per optimizer step, at least 1. The last batch of an epoch may be smaller.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Updates the parameters; null for a new <see cref="Adam"/> with its defaults.</summary>
    public Optimizer? Optimizer { get; init; }

    /// <summary>Evaluated after every epoch; never trained on.</summary>
    public Dataset? Validation { get; init; }

    /// <summary>Stops when the loss no longer falls; null trains all epochs.</summary>
    public EarlyStopping? EarlyStopping { get; init; }

    /// <summary>Changes the learning rate during training; null keeps it. The optimizer's own <see cref="Optimizer.LearningRate"/> is the
    /// base rate, and is put back when training ends, however it ends.</summary>
    public Schedule? Schedule { get; init; }

    /// <summary>Bounds the gradients before the optimizer gets them; null leaves them as they are.</summary>
    public GradientClipping? Clipping { get; init; }

    /// <summary>Whether each epoch visits the samples in a new random order.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>Seed of the order. The same seed, data and network give the same training.</summary>
    public ulong Seed { get; init; }

    /// <summary>Varies the training samples anew in every epoch, such as by shifting images (<see cref="ImageAugmentation"/>) or adding
    /// noise; null trains on them as they are.</summary>
    public Augmentation? Augmentation { get; init; }

    /// <summary>The most threads to train with; 0 leaves the network's own setting, by default one per processor. Only what pays is used,
    /// and the results are the same bits for any number.</summary>
    public int Threads { get; init; }

    /// <summary>Told about every batch and epoch, such as a <see cref="ConsoleProgress"/>.</summary>
    public ITrainingProgress? Progress { get; init; }

    /// <summary>Called after every epoch. An exception it throws ends training and reaches the caller; the network stays as
    /// trained.</summary>
    public Action<EpochResult>? OnEpoch { get; init; }

    /// <summary>Ends training between two batches; <see cref="TrainingHistory.StoppedBecause"/> tells. The network stays as trained so far,
    /// unless <see cref="EarlyStopping"/> restores the best epoch.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Whether batches are copied out of the dataset.</summary>
    internal bool Gathers => Shuffle || Augmentation is not null;

    internal void Validate()
    {
        if (Epochs < 1)
            throw new ArgumentException($"{nameof(Epochs)} is {Epochs}; at least 1 is needed.");
        if (EpochsDone < 0 || EpochsDone > Epochs)
        {
            throw new ArgumentException(
                $"{nameof(EpochsDone)} is {EpochsDone}; from 0 to {Epochs} are possible, for {nameof(Epochs)} is {Epochs}.");
        }

        if (BatchSize < 1)
            throw new ArgumentException($"{nameof(BatchSize)} is {BatchSize}; at least 1 sample is needed.");
        if (Threads < 0)
            throw new ArgumentException($"{nameof(Threads)} is {Threads}; 0 (automatic) or more is needed.");
        EarlyStopping?.Validate();
    }
}
