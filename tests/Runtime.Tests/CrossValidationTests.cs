namespace NetGen.Tests;

public class CrossValidationTests
{
    [Fact]
    public void Leave_one_out_gives_the_mean_and_deviation_of_every_metric()
    {
        // The rate is so small that the network stays 0, so the errors are the targets: losses 1, 4, 9, 16 with the mean 7.5 and the
        // squared deviations 42.25, 12.25, 2.25, 72.25, which sum to 129.
        Dataset data = Dataset.FromTargets([1, 1, 1, 1], [1, 2, 3, 4], 4);
        ValidationResult result = CrossValidation.LeaveOneOut(_ => new LinearNetwork(1, 1), data, Frozen);
        Assert.Equal(7.5, result.Loss.Mean, 1e-6);
        Assert.Equal(Math.Sqrt(129.0 / 3), result.Loss.StandardDeviation, 1e-6);
        Assert.Equal(2.5, result.RootMeanSquaredError!.Value.Mean, 1e-6);
        Assert.Equal(Math.Sqrt(5.0 / 3), result.MeanAbsoluteError!.Value.StandardDeviation, 1e-6);
        Assert.Null(result.R2);
        Assert.Null(result.Accuracy);
        Assert.Null(result.ConfusionMatrix);
        Assert.Equal([0, 1, 2, 3], result.Folds.Select(fold => Assert.Single(fold.TestSamples)));
        Assert.Equal("4 folds · loss 7.5000 ± 6.5574 · RMSE 2.5 ± 1.291", result.ToString());
    }

    [Fact]
    public void Classification_has_accuracy_and_one_table_of_all_folds()
    {
        // A network that stays 0 answers the first class: 6 of 10 are right.
        Dataset data = Dataset.FromLabels(new float[10], [0, 1, 0, 1, 0, 1, 0, 1, 0, 0], ["no", "yes"]);
        ValidationResult result = CrossValidation.KFold(_ => new LinearNetwork(1, 2, softmax: true), data, 5, Frozen);
        Assert.Equal(0.6, result.Accuracy!.Value.Mean, 1e-12);
        Assert.Equal(Math.Log(2), result.Loss.Mean, 1e-6);
        Assert.Equal((6, 4, 0, 0), (result.ConfusionMatrix![0, 0], result.ConfusionMatrix[1, 0], result.ConfusionMatrix[0, 1],
            result.ConfusionMatrix[1, 1]));
        Assert.Contains("yes", result.ConfusionMatrix.ToString(), StringComparison.Ordinal);
        Assert.NotNull(result.MacroF1);
        Assert.Null(result.RootMeanSquaredError);
    }

    [Theory, InlineData(10, 2), InlineData(10, 3), InlineData(11, 11), InlineData(103, 7)]
    public void Every_sample_is_held_out_once_and_trained_on_in_all_other_folds(int samples, int folds)
    {
        List<LinearNetwork> networks = [];
        ValidationResult result = CrossValidation.KFold(Create, Counting(samples), folds, Frozen, seed: 3);

        Assert.Equal(folds, result.Folds.Count);
        Assert.Equal(Enumerable.Range(0, samples), result.Folds.SelectMany(fold => fold.TestSamples).Order());
        Assert.InRange(result.Folds.Max(fold => fold.TestSamples.Count) - result.Folds.Min(fold => fold.TestSamples.Count), 0, 1);
        for (int i = 0; i < folds; i++)
        {
            IEnumerable<float> others = Enumerable.Range(0, samples).Except(result.Folds[i].TestSamples).Select(sample => (float)sample);
            Assert.Equal(others, networks[i].Seen!.Order());
            Assert.Equal(result.Folds[i].TestSamples.Count, result.Folds[i].Evaluation.Count);
        }

        LinearNetwork Create(ulong seed)
        {
            Assert.Equal(3 + (ulong)networks.Count, seed);
            networks.Add(new LinearNetwork(1, 1) { Seen = [] });
            return networks[^1];
        }
    }

    [Fact]
    public void Stratified_folds_have_each_class_in_its_share()
    {
        int[] labels = [.. Enumerable.Range(0, 103).Select(i => i < 60 ? 0 : i < 95 ? 1 : 2)];
        Dataset data = Dataset.FromLabels(new float[103], labels);
        ValidationResult result = CrossValidation.KFold(
            _ => new LinearNetwork(1, 3, softmax: true), data, 5, Frozen, stratified: true, seed: 8);
        foreach (FoldResult fold in result.Folds)
        {
            int[] counts = [.. Enumerable.Range(0, 3).Select(label => fold.TestSamples.Count(sample => labels[sample] == label))];
            Assert.Equal(12, counts[0]);
            Assert.Equal(7, counts[1]);
            Assert.InRange(counts[2], 1, 2);
        }

        FoldResult held = Assert.Single(CrossValidation.HoldOut(
            _ => new LinearNetwork(1, 3, softmax: true), data, Frozen, fraction: 0.8, stratified: true).Folds);
        Assert.Equal(21, held.TestSamples.Count);
        Assert.InRange(held.TestSamples.Count(sample => labels[sample] == 0), 12, 13);
        Assert.InRange(held.TestSamples.Count(sample => labels[sample] == 1), 7, 8);
        Assert.InRange(held.TestSamples.Count(sample => labels[sample] == 2), 1, 2);
    }

    [Theory, InlineData(10, 0.8, 2), InlineData(2, 0.99, 1), InlineData(2, 0.01, 1), InlineData(1000, 0.75, 250)]
    public void Hold_out_keeps_its_fraction(int samples, double fraction, int held)
    {
        LinearNetwork network = new(1, 1) { Seen = [] };
        ValidationResult result = CrossValidation.HoldOut(_ => network, Counting(samples), Frozen, fraction, seed: 5);
        FoldResult fold = Assert.Single(result.Folds);
        Assert.Equal(held, fold.TestSamples.Count);
        Assert.Equal(Enumerable.Range(0, samples).Except(fold.TestSamples).Select(sample => (float)sample), network.Seen.Order());
        Assert.Equal(double.NaN, result.Loss.StandardDeviation);
        Assert.DoesNotContain("±", result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Scaling_is_fitted_on_each_folds_training_part_alone()
    {
        List<LinearNetwork> networks = [];
        ValidationResult result = CrossValidation.KFold(Create, Counting(12), 3, Frozen, scale: Scaler.Standardize);
        Assert.All(networks, network =>
        {
            Assert.Equal(0, network.Seen!.Average(), 1e-5);
            Assert.Equal(1, network.Seen!.Average(x => x * x), 1e-5);
        });
        Assert.Equal(3, result.Folds.Count);

        LinearNetwork Create(ulong seed)
        {
            networks.Add(new LinearNetwork(1, 1) { Seen = [] });
            return networks[^1];
        }
    }

    [Fact]
    public void Held_out_samples_are_scaled_like_the_training_part()
    {
        // Trained on 0 and 1 only, with the weight 1 and the bias 0: the sample 4 normalises to 4 and its target 4 is met.
        Dataset data = Dataset.FromTargets([0, 1, 4], [0, 1, 4], 3);
        ValidationResult result = CrossValidation.LeaveOneOut(
            _ =>
            {
                LinearNetwork network = new(1, 1);
                network.Parameters[0] = 1;
                return network;
            },
            data, Frozen, scale: Scaler.Normalize);
        Assert.Equal(0, result.Folds[2].Evaluation.Loss, 1e-10);
        Assert.NotEqual(0, result.Folds[1].Evaluation.Loss, 1e-2);
    }

    [Fact]
    public void The_same_seed_gives_the_same_folds_and_another_seed_others()
    {
        Assert.Equal(Parts(1), Parts(1));
        Assert.NotEqual(Parts(1), Parts(2));

        static IEnumerable<int> Parts(ulong seed) => CrossValidation
            .KFold(_ => new LinearNetwork(1, 1), Counting(20), 4, Frozen, seed: seed)
            .Folds.SelectMany(fold => fold.TestSamples);
    }

    [Fact]
    public void Each_fold_is_reported()
    {
        List<int> told = [];
        CrossValidation.KFold(_ => new LinearNetwork(1, 1), Counting(6), 3, Frozen, onFold: fold => told.Add(fold.Fold));
        Assert.Equal([1, 2, 3], told);
    }

    [Fact]
    public void One_optimizer_for_all_folds_is_an_error()
    {
        SGD shared = new();
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => CrossValidation.KFold(
            _ => new LinearNetwork(1, 1), Counting(6), 3, () => new TrainingOptions { Optimizer = shared }));
        Assert.Contains("belongs to another network", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        Dataset data = Counting(6);
        Check("1 folds", () => CrossValidation.KFold(Create, data, 1, Frozen));
        Check("7 folds", () => CrossValidation.KFold(Create, data, 7, Frozen));
        Check("no labels", () => CrossValidation.KFold(Create, data, 2, Frozen, stratified: true));
        Check("The fraction is 1", () => CrossValidation.HoldOut(Create, data, Frozen, 1));
        Check("at least two", () => CrossValidation.LeaveOneOut(Create, Counting(1), Frozen));
        Check("Validation", () => CrossValidation.KFold(Create, data, 2, () => new TrainingOptions { Validation = data }));

        static LinearNetwork Create(ulong seed) => new(1, 1);
        static void Check(string message, Action action) =>
            Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(action).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cancelling_ends_the_call()
    {
        using CancellationTokenSource source = new();
        int folds = 0;
        Assert.Throws<OperationCanceledException>(() => CrossValidation.KFold(
            _ => new LinearNetwork(1, 1), Counting(6), 3, () => new TrainingOptions { Epochs = 1, CancellationToken = source.Token },
            onFold: _ =>
            {
                folds++;
                source.Cancel();
            }));
        Assert.Equal(1, folds);
    }

    [Fact]
    public void Options_of_null_are_named()
    {
        Assert.Equal("options", Assert.Throws<ArgumentException>(
            () => CrossValidation.KFold(_ => new LinearNetwork(1, 1), Counting(6), 3, () => null!)).ParamName);
        Assert.Equal("options", Assert.Throws<ArgumentException>(
            () => Ensemble.Bagging(_ => new LinearNetwork(1, 1), Counting(6), 3, () => null!)).ParamName);
    }

    private static TrainingOptions Frozen() => new() { Epochs = 1, BatchSize = 4, Optimizer = new SGD(1e-30f) };

    private static Dataset Counting(int samples) =>
        Dataset.FromTargets([.. Enumerable.Range(0, samples).Select(i => (float)i)], new float[samples], samples);
}
