namespace NetGen;

/// <summary>Makes ensembles: several networks of one class, which answer together and err less than each of them.</summary>
public static class Ensemble
{
    /// <summary>Bagging: trains each member from its own start on its own bootstrap sample, as many samples as the data has, drawn with
    /// replacement.</summary>
    /// <remarks>L. Breiman, "Bagging predictors", 1996. The same seeds give the same bits.</remarks>
    /// <param name="create">Makes an untrained network from a seed: <c>seed => new Iris(seed)</c>.</param>
    /// <param name="data">Training data.</param>
    /// <param name="members">Number of networks, at least 1.</param>
    /// <param name="options">Makes the training options, called once per member: with an optimizer of their own.</param>
    /// <param name="combination">How the members answer together.</param>
    /// <param name="seed">Seed of the bootstrap samples and of the members' starts.</param>
    /// <param name="onMember">Called with the number of the member, from 1, and its training.</param>
    /// <exception cref="ArgumentException">The data or an option does not fit; the message names both sides.</exception>
    /// <exception cref="OperationCanceledException">The options' token was cancelled.</exception>
    public static Ensemble<TNetwork> Bagging<TNetwork>(
        Func<ulong, TNetwork> create, Dataset data, int members, Func<TrainingOptions> options,
        Combination combination = Combination.Average, ulong seed = 0, Action<int, TrainingHistory>? onMember = null)
        where TNetwork : class, ITrainableNetwork
    {
        ArgumentNullException.ThrowIfNull(create);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfLessThan(members, 1);
        ArgumentNullException.ThrowIfNull(options);
        RandomSource seeds = new(seed);
        TNetwork[] networks = new TNetwork[members];
        int[] drawn = new int[data.Count];
        for (int member = 0; member < members; member++)
        {
            networks[member] = create(seeds.NextUInt64());
            RandomSource random = new(seeds.NextUInt64());
            foreach (ref int sample in drawn.AsSpan())
                sample = random.NextInt(data.Count);
            TrainingOptions own = options() ?? throw new ArgumentException("It made no options, but null.", nameof(options));
            TrainingHistory history = Trainer.Train(networks[member], data.Select(drawn), own);
            if (history.StoppedBecause == StopReason.Cancelled)
                own.CancellationToken.ThrowIfCancellationRequested();
            onMember?.Invoke(member + 1, history);
        }

        return new Ensemble<TNetwork>(networks, combination);
    }

    /// <summary>Loads an ensemble that <see cref="Ensemble{TNetwork}.Save"/> wrote; the file says how many members it has.</summary>
    /// <param name="path">The file.</param>
    /// <param name="create">Makes a network from a seed.</param>
    /// <param name="combination">How the members answer together; files do not hold it.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, or does not hold members of this class.</exception>
    public static Ensemble<TNetwork> Load<TNetwork>(
        string path, Func<ulong, TNetwork> create, Combination combination = Combination.Average)
        where TNetwork : class, ITrainableNetwork
    {
        ArgumentNullException.ThrowIfNull(create);
        HashSet<string> names = [.. Safetensors.ReadNames(path)];
        TNetwork first = create(0);
        int count = 0;
        while (first.Info.Parameters.Any(parameter => names.Contains(EnsembleParameters.Prefix(count) + parameter.Name)))
            count++;
        if (count == 0)
        {
            throw new InvalidDataException(
                $"'{path}' holds no ensemble of {first.Info.Name}: its tensors are not called {EnsembleParameters.Prefix(0)}… and so on.");
        }

        TNetwork[] networks = [first, .. Enumerable.Range(1, count - 1).Select(_ => create(0))];
        EnsembleParameters parameters = new(networks);
        Safetensors.Load(path, parameters);
        parameters.CopyToMembers();
        return new Ensemble<TNetwork>(networks, combination);
    }
}
