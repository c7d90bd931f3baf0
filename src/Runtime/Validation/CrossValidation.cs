using System.Globalization;

namespace NetGen;

/// <summary>Estimates how well a kind of network does on data it has not seen: trains new networks on one part and evaluates them on the
/// other.</summary>
/// <remarks>
/// <para>Each call takes what makes a network (<c>seed => new Iris(seed)</c>; fold i, from 0, is made with the call's seed + i) and what
/// makes its training options, because an optimizer's state belongs to one network. <c>scale: Scaler.Standardize</c> fits the scaling in
/// each fold on the training part alone, so that nothing of the held-out samples leaks into training.</para>
/// <para>The networks are trained one after the other, each on as many threads as pays; the same seeds give the same bits.</para>
/// </remarks>
public static class CrossValidation
{
    /// <summary>Splits once, trains on one part and evaluates on the other.</summary>
    /// <param name="create">Makes an untrained network from a seed.</param>
    /// <param name="data">All samples.</param>
    /// <param name="options">Makes the training options, with an optimizer of their own and without validation data.</param>
    /// <param name="fraction">Share of the samples to train on, above 0 and below 1; rounded so that both parts hold a sample.</param>
    /// <param name="stratified">Whether both parts have each class in the same share; needs labels.</param>
    /// <param name="scale">Fits a scaler on the training part; it is applied to both.</param>
    /// <param name="seed">Seed of the split and of the network.</param>
    /// <exception cref="ArgumentException">The data or an option does not fit; the message names both sides.</exception>
    /// <exception cref="OperationCanceledException">The options' token was cancelled.</exception>
    public static ValidationResult HoldOut(
        Func<ulong, ITrainableNetwork> create, Dataset data, Func<TrainingOptions> options, double fraction = 0.8, bool stratified = false,
        Func<Dataset, Scaler>? scale = null, ulong seed = 0)
    {
        Check(create, data, options, stratified);
        if (!(fraction > 0 && fraction < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(fraction), fraction,
                $"The fraction is {fraction.ToString(CultureInfo.InvariantCulture)}; it must lie between 0 and 1.");
        }

        return Run(create, data, [Folds.HoldOut(data, fraction, stratified, seed)], options, scale, seed, null);
    }

    /// <summary>Splits into k parts and holds out each of them once.</summary>
    /// <param name="create">Makes an untrained network from a seed.</param>
    /// <param name="data">All samples.</param>
    /// <param name="folds">Number of parts k, 2 to the number of samples.</param>
    /// <param name="options">Makes the training options, called once per fold: with an optimizer of their own and without validation
    /// data.</param>
    /// <param name="stratified">Whether each part has each class in the same share; needs labels.</param>
    /// <param name="scale">Fits a scaler on a fold's training part; it is applied to both parts.</param>
    /// <param name="seed">Seed of the split and of the networks.</param>
    /// <param name="onFold">Called after every fold.</param>
    /// <exception cref="ArgumentException">The data or an option does not fit; the message names both sides.</exception>
    /// <exception cref="OperationCanceledException">The options' token was cancelled.</exception>
    public static ValidationResult KFold(
        Func<ulong, ITrainableNetwork> create, Dataset data, int folds, Func<TrainingOptions> options, bool stratified = false,
        Func<Dataset, Scaler>? scale = null, ulong seed = 0, Action<FoldResult>? onFold = null)
    {
        Check(create, data, options, stratified);
        if (folds < 2 || folds > data.Count)
        {
            throw new ArgumentOutOfRangeException(nameof(folds), folds,
                $"{folds} folds are asked for; {data.Count} samples make 2 to {data.Count}.");
        }

        return Run(create, data, Folds.KFold(data, folds, stratified, seed), options, scale, seed, onFold);
    }

    /// <summary>Holds out each sample once: as many networks as samples, each trained on all others.</summary>
    /// <inheritdoc cref="KFold"/>
    public static ValidationResult LeaveOneOut(
        Func<ulong, ITrainableNetwork> create, Dataset data, Func<TrainingOptions> options,
        Func<Dataset, Scaler>? scale = null, ulong seed = 0, Action<FoldResult>? onFold = null)
    {
        Check(create, data, options, stratified: false);
        return Run(create, data, [.. Enumerable.Range(0, data.Count).Select(sample => new[] { sample })], options, scale, seed, onFold);
    }

    private static void Check(Func<ulong, ITrainableNetwork> create, Dataset data, Func<TrainingOptions> options, bool stratified)
    {
        ArgumentNullException.ThrowIfNull(create);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        if (data.Count < 2)
            throw new ArgumentException("There is one sample; holding out needs at least two.", nameof(data));
        if (stratified && !data.HasLabels)
            throw new ArgumentException("The dataset has no labels; stratified parts need them.", nameof(data));
    }

    private static ValidationResult Run(
        Func<ulong, ITrainableNetwork> create, Dataset data, int[][] held, Func<TrainingOptions> options, Func<Dataset, Scaler>? scale,
        ulong seed, Action<FoldResult>? onFold)
    {
        List<FoldResult> results = [];
        for (int fold = 0; fold < held.Length; fold++)
        {
            Dataset training = data.Select(Folds.Others(data.Count, held[fold])), test = data.Select(held[fold]);
            if (scale?.Invoke(training) is { } scaler)
                (training, test) = (scaler.Apply(training), scaler.Apply(test));
            TrainingOptions own = options() ?? throw new ArgumentException("It made no options, but null.", nameof(options));
            if (own.Validation is not null)
            {
                throw new ArgumentException(
                    $"The options have {nameof(TrainingOptions.Validation)} data; a fold is evaluated on the samples it holds out.",
                    nameof(options));
            }

            ITrainableNetwork network = create(seed + (ulong)fold);
            TrainingHistory history = Trainer.Train(network, training, own);
            if (history.StoppedBecause == StopReason.Cancelled)
                own.CancellationToken.ThrowIfCancellationRequested();
            results.Add(new FoldResult(fold + 1, held[fold], history, Trainer.Evaluate(network, test)));
            onFold?.Invoke(results[^1]);
        }

        return new ValidationResult(results, data.ClassNames);
    }
}
