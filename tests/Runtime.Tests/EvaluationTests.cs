namespace NetGen.Tests;

public class EvaluationTests
{
    [Theory, InlineData(0.08124, "0.0812"), InlineData(0.001, "0.0010"), InlineData(0.00099, "9.900e-04"), InlineData(3.907e-5, "3.907e-05"),
        InlineData(-2e-12, "-2.000e-12"), InlineData(0, "0.0000"), InlineData(1234.5, "1234.5000"), InlineData(double.NaN, "NaN")]
    public void Small_losses_are_shown_too(double loss, string text)
    {
        Assert.Equal($"loss {text}", new Evaluation { Loss = loss, Count = 1 }.ToString());
        Assert.Equal($"epoch 2 · loss {text} · 1.00 s", new EpochResult(2, loss, null, TimeSpan.FromSeconds(1), 10).ToString());
        Assert.Equal(text, new MetricSummary(loss, double.NaN).ToString());
    }

    [Fact]
    public void Confusion_matrix_counts_and_rates()
    {
        // Rows: 2 of 3 zeros right, 1 of 2 ones right, the two not told apart else.
        ConfusionMatrix matrix = new(3, ["cat", "dog", "bird"]);
        foreach ((int actual, int predicted) in new[] { (0, 0), (0, 0), (0, 1), (1, 1), (1, 0) })
            matrix.Add(actual, predicted);
        Assert.Equal((2L, 1L, 5L), (matrix[0, 0], matrix[0, 1], matrix.Total));
        Assert.Equal(0.6, matrix.Accuracy, 1e-12);
        ClassMetrics cat = matrix.Metrics(0), dog = matrix.Metrics(1), bird = matrix.Metrics(2);
        Assert.Equal((2 / 3.0, 2 / 3.0, 3L), (cat.Precision, cat.Recall, cat.Support));
        Assert.Equal(2 / 3.0, cat.F1, 1e-12);
        Assert.Equal((0.5, 0.5, 0.5), (dog.Precision, dog.Recall, dog.F1));
        Assert.Equal(new ClassMetrics(0, 0, 0, 0), bird);

        // The bird never occurs, so the means are over cat and dog.
        Assert.Equal(7 / 12.0, matrix.MacroPrecision, 1e-12);
        Assert.Equal(7 / 12.0, matrix.MacroRecall, 1e-12);
        Assert.Equal(7 / 12.0, matrix.MacroF1, 1e-12);
    }

    [Fact]
    public void Confusion_matrix_prints_as_a_table()
    {
        ConfusionMatrix matrix = new(2, ["no", "yes"]);
        for (int i = 0; i < 12; i++)
            matrix.Add(0, 0);
        matrix.Add(0, 1);
        matrix.Add(1, 1);
        Assert.Equal(
            """
            actual | no yes | precision  recall      F1
            no     | 12   1 |    100.0%   92.3%   96.0%
            yes    |  0   1 |     50.0%  100.0%   66.7%
            mean: precision 75.0%, recall 96.2%, F1 81.3%
            """.ReplaceLineEndings("\n"), matrix.ToString());
    }

    [Fact]
    public void Classes_outside_are_refused()
    {
        ConfusionMatrix matrix = new(2);
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.Add(2, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.Add(0, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => matrix.Metrics(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConfusionMatrix(0));
        Assert.Equal((0, 0), (matrix.Accuracy, matrix.MacroF1));
    }

    [Fact]
    public void Highest_output_is_the_class()
    {
        // W = identity: the class is the position of the highest input.
        LinearNetwork network = new(3, 3, softmax: true);
        (network.Parameters[0], network.Parameters[4], network.Parameters[8]) = (1, 1, 1);
        Dataset data = Dataset.FromLabels([1, 0, 0, 0, 1, 0, 0, 0, 1, 5, 0, 0], [0, 1, 2, 2], ["a", "b", "c"]);
        Evaluation evaluation = Trainer.Evaluate(network, data);
        Assert.Equal(0.75, evaluation.Accuracy);
        Assert.Equal(1, evaluation.ConfusionMatrix![2, 0]);
        Assert.Null(evaluation.RootMeanSquaredError);
        Assert.Equal($"loss {evaluation.Loss:0.0000} · accuracy 75.0 %", evaluation.ToString());
    }

    [Fact]
    public void Every_chunk_meets_its_own_labels()
    {
        // 1,500 samples of class 0, then 1,500 of class 1: no chunk's labels could stand in for another's.
        LinearNetwork network = new(2, 2, softmax: true);
        (network.Parameters[0], network.Parameters[3]) = (4, 4);
        float[] inputs = new float[6000];
        int[] labels = new int[3000];
        for (int i = 0; i < 3000; i++)
        {
            labels[i] = i < 1500 ? 0 : 1;
            inputs[(2 * i) + labels[i]] = 1;
        }

        Evaluation evaluation = Trainer.Evaluate(network, Dataset.FromLabels(inputs, labels));
        Assert.Equal((1500L, 1500L), (evaluation.ConfusionMatrix![0, 0], evaluation.ConfusionMatrix[1, 1]));
        Assert.Equal(Math.Log(1 + Math.Exp(-4)), evaluation.Loss, 1e-4);
    }

    [Fact]
    public void Probabilities_as_targets_give_the_same_accuracy()
    {
        LinearNetwork network = new(2, 2, softmax: true);
        (network.Parameters[0], network.Parameters[3]) = (1, 1);
        Evaluation evaluation = Trainer.Evaluate(network, Dataset.FromTargets([1, 0, 0, 1, 1, 0], [0.9f, 0.1f, 0.2f, 0.8f, 0.4f, 0.6f], 3));
        Assert.Equal(2 / 3.0, evaluation.Accuracy!.Value, 1e-12);
        Assert.Equal(1, evaluation.ConfusionMatrix![1, 0]);
    }

    [Theory, InlineData(true), InlineData(false)]
    public void One_output_is_right_on_its_side_of_one_half(bool labels)
    {
        LinearNetwork network = new(1, 1, loss: "BinaryCrossEntropy");
        network.Parameters[0] = 1;
        float[] inputs = [0.1f, 0.6f, 0.5f, 0.49f];
        Dataset data = labels ? Dataset.FromLabels(inputs, [0, 1, 1, 1]) : Dataset.FromTargets(inputs, [0, 1, 1, 1], 4);
        Evaluation evaluation = Trainer.Evaluate(network, data);
        Assert.Equal(0.75, evaluation.Accuracy);
        Assert.Equal((1L, 2L, 1L), (evaluation.ConfusionMatrix![0, 0], evaluation.ConfusionMatrix[1, 1], evaluation.ConfusionMatrix[1, 0]));
    }

    [Theory, InlineData(true), InlineData(false)]
    public void One_output_of_a_loss_of_signs_is_right_on_its_side_of_zero(bool labels)
    {
        LinearNetwork network = new(1, 1, loss: "Hinge");
        network.Parameters[0] = 1;
        float[] inputs = [-0.1f, 0.1f, 0f, -0.2f];
        Dataset data = labels ? Dataset.FromLabels(inputs, [0, 1, 1, 1]) : Dataset.FromTargets(inputs, [-1, 1, 1, 1], 4);
        Evaluation evaluation = Trainer.Evaluate(network, data);
        Assert.Equal(0.75, evaluation.Accuracy);
        Assert.Equal((1L, 2L, 1L), (evaluation.ConfusionMatrix![0, 0], evaluation.ConfusionMatrix[1, 1], evaluation.ConfusionMatrix[1, 0]));
    }

    [Fact]
    public void Several_yes_or_no_outputs_count_one_by_one()
    {
        LinearNetwork network = new(2, 2, loss: "BinaryCrossEntropy");
        (network.Parameters[0], network.Parameters[3]) = (1, 1);
        Evaluation evaluation = Trainer.Evaluate(network, Dataset.FromTargets([0.9f, 0.8f, 0.1f, 0.7f], [1, 1, 1, 1], 2));
        Assert.Equal(0.75, evaluation.Accuracy);
        Assert.Null(evaluation.ConfusionMatrix);
    }

    [Fact]
    public void Regression_has_its_errors_and_r_squared()
    {
        // ŷ = x. Errors 0, 1, -1, 2; targets 1, 1, 4, 2 with mean 2 and Σ(y−ȳ)² = 6: R² = 1 − 6/6.
        LinearNetwork network = new(1, 1);
        network.Parameters[0] = 1;
        Evaluation evaluation = Trainer.Evaluate(network, Dataset.FromTargets([1, 2, 3, 4], [1, 1, 4, 2], 4));
        Assert.Equal(Math.Sqrt(1.5), evaluation.RootMeanSquaredError!.Value, 1e-12);
        Assert.Equal(1.0, evaluation.MeanAbsoluteError!.Value, 1e-12);
        Assert.Equal(0.0, evaluation.R2!.Value, 1e-12);
        Assert.Null(evaluation.Accuracy);
        Assert.Equal("loss 1.5000 · RMSE 1.225 · R² 0.000", evaluation.ToString());
    }

    [Fact]
    public void R_squared_is_the_mean_over_outputs_and_defined_for_constant_targets()
    {
        RegressionSums sums = new(3);
        sums.Add([1, 5, 7], [1, 5, 8]);
        sums.Add([2, 5, 8], [2, 5, 8]);
        Assert.Equal(2 / 3.0, sums.R2, 1e-12);   // perfect, constant and met, constant and missed
    }

    [Fact]
    public void Evaluating_changes_nothing_and_checks_its_data()
    {
        LinearNetwork network = new(1, 1);
        network.Parameters[0] = 1;
        Trainer.Evaluate(network, Dataset.FromTargets([1], [3], 1));
        Assert.Equal([1f, 0f], network.Parameters.ToArray());
        Assert.Contains("needs 1",
            Assert.Throws<ArgumentException>(() => Trainer.Evaluate(network, Dataset.FromTargets([1, 2], [3], 1))).Message);
    }
}
