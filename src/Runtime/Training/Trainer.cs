using System.Runtime.CompilerServices;
using NetGen.CompilerServices;

namespace NetGen;

/// <summary>Trains and evaluates generated networks; their own <c>Train</c> and <c>Evaluate</c> call this.</summary>
public static class Trainer
{
    /// <summary>Networks in training, each with the thread that trains it.</summary>
    private static readonly ConditionalWeakTable<ITrainableNetwork, Thread> InTraining = [];

    /// <summary>Trains a network. Everything is checked before anything changes.</summary>
    /// <param name="network">The network.</param>
    /// <param name="data">Training data.</param>
    /// <param name="options">Epochs, batch size, optimizer and the rest.</param>
    /// <exception cref="ArgumentException">The data or an option does not fit; the message names both sides.</exception>
    /// <exception cref="InvalidOperationException">The optimizer belongs to another network,
    /// or another thread is training this one.</exception>
    public static TrainingHistory Train(ITrainableNetwork network, Dataset data, TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        options.Optimizer?.CheckOwner(network);
        SampleSource source = SampleSource.Create(network.Info, data, options.BatchSize, options.Gathers, nameof(data));
        CheckLastBatch(network.Info, data.Count, source.BatchSize, nameof(data));
        Evaluator? validation = options.Validation is null
            ? null : new Evaluator(network, options.Validation, $"{nameof(options)}.{nameof(options.Validation)}");
        bool first = Enter(network);
        int threads = network.Threads;
        try
        {
            if (options.Threads > 0)
                network.Threads = options.Threads;
            return new TrainingRun(network, data, options, source, validation).Run();
        }
        finally
        {
            network.Threads = threads;
            if (first)
                InTraining.Remove(network);
        }
    }

    /// <summary>Notes that this thread trains a network; false where it does already, as in a callback.</summary>
    /// <exception cref="InvalidOperationException">Another thread does: two would mix their batches in one working memory.</exception>
    private static bool Enter(ITrainableNetwork network)
    {
        Thread self = Thread.CurrentThread;
        while (!InTraining.TryAdd(network, self))
        {
            // Between the two calls the other thread may have ended.
            if (!InTraining.TryGetValue(network, out Thread? other))
                continue;
            if (other == self)
                return false;
            throw NetworkMemory.Overlap(network.Info.Name);
        }

        return true;
    }

    private static void CheckLastBatch(NetworkInfo info, int samples, int batchSize, string name)
    {
        if (samples < info.SmallestBatch)
        {
            throw new ArgumentException(
                $"{name} holds {samples} sample; {info.Name} normalises by the variance of each batch, which needs at least "
                + $"{info.SmallestBatch}.", name);
        }

        int last = (samples - 1) % batchSize + 1;
        if (last < info.SmallestBatch)
        {
            throw new ArgumentException(
                $"{name} holds {samples} samples, so that batches of {batchSize} leave {last} for the last one; {info.Name} normalises by the "
                + $"variance of each batch, which needs at least {info.SmallestBatch}. Choose another {nameof(TrainingOptions.BatchSize)}.",
                name);
        }
    }

    /// <summary>Loss and metrics on a dataset. Changes nothing.</summary>
    /// <param name="network">The network.</param>
    /// <param name="data">The dataset.</param>
    /// <exception cref="ArgumentException">The data does not fit; the message names both sides.</exception>
    public static Evaluation Evaluate(ITrainableNetwork network, Dataset data)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(data);
        return new Evaluator(network, data, nameof(data)).Evaluate();
    }
}
