namespace NetGen.Tests;

public class EnsembleTests
{
    [Fact]
    public void The_average_is_that_of_the_members()
    {
        Ensemble<LinearNetwork> ensemble = new([Line(1, 0), Line(2, 1), Line(6, -4)]);
        Assert.Equal([(0f + 1 - 4) / 3, 3 - 1, 6 - 1], ensemble.Predict([0, 1, 2]));
        Assert.Equal([], ensemble.Predict([]));
    }

    [Fact]
    public void Predictions_of_many_samples_are_those_of_each()
    {
        Ensemble<LinearNetwork> ensemble = new([Line(1, 0), Line(2, 1)]);
        float[] inputs = [.. Enumerable.Range(0, 1000).Select(i => (float)i)];
        Assert.Equal(inputs.Select(x => ((3 * x) + 1) / 2), ensemble.Predict(inputs));
    }

    [Fact]
    public void Votes_are_counted_per_class()
    {
        // Two members prefer class 1 by little, one prefers class 0 by far: the average says 0, the vote 1.
        LinearNetwork[] members = [Classes(0, 0.1f, 0), Classes(0, 0.1f, 0), Classes(9, 0, 0)];
        Assert.Equal([1 / 3f, 2 / 3f, 0], new Ensemble<LinearNetwork>(members, Combination.Vote).Predict([0]));
        float[] average = new Ensemble<LinearNetwork>(members).Predict([0]);
        Assert.True(average[0] > average[1]);

        Dataset data = Dataset.FromLabels([0f], [1], ["a", "b", "c"]);
        Assert.Equal(1, new Ensemble<LinearNetwork>(members, Combination.Vote).Evaluate(data).Accuracy);
        Assert.Equal(0, new Ensemble<LinearNetwork>(members).Evaluate(data).Accuracy);
    }

    [Fact]
    public void With_a_hinge_loss_votes_are_signs()
    {
        LinearNetwork[] members = [Signed(0.2f), Signed(-3), Signed(0), Signed(-0.1f)];
        Assert.Equal([(1f - 1 + 1 - 1) / 4], new Ensemble<LinearNetwork>(members, Combination.Vote).Predict([0]));

        static LinearNetwork Signed(float output)
        {
            LinearNetwork network = new(1, 1, loss: "Hinge");
            network.Parameters[^1] = output;
            network.Parameters[0] = 0;
            return network;
        }
    }

    [Fact]
    public void Of_equal_outputs_the_first_gets_the_vote()
    {
        Assert.Equal([1, 0, 0], new Ensemble<LinearNetwork>([Classes(0, 0, 0)], Combination.Vote).Predict([0]));
    }

    [Fact]
    public void One_output_is_voted_on_at_one_half()
    {
        Ensemble<LinearNetwork> ensemble = new([Line(0, 0.5f), Line(0, 0.49f), Line(0, 7), Line(0, -3)], Combination.Vote);
        Assert.Equal([0.5f], ensemble.Predict([0]));
    }

    [Fact]
    public void The_loss_is_the_members_mean_and_the_errors_are_the_common_answers()
    {
        // Targets 0, answers 1 and −3: losses 1 and 9, the common answer −1.
        Evaluation evaluation = new Ensemble<LinearNetwork>([Line(0, 1), Line(0, -3)]).Evaluate(Dataset.FromTargets([1, 2], [0, 0], 2));
        Assert.Equal(5, evaluation.Loss, 1e-6);
        Assert.Equal(1, evaluation.RootMeanSquaredError!.Value, 1e-6);
    }

    [Fact]
    public void Bootstrap_samples_are_drawn_with_replacement_and_differ()
    {
        const int samples = 2000;
        List<LinearNetwork> members = [];
        Ensemble.Bagging(Create, Counting(samples), 3, Frozen, seed: 4);
        Assert.Equal(3, members.Count);
        foreach (LinearNetwork member in members)
        {
            Assert.Equal(samples, member.Seen!.Count);

            // A sample is missed with probability (1 − 1/n)ⁿ ≈ 1/e; the share drawn has a deviation of 0.0069, and 5 of them is enough.
            Assert.InRange(member.Seen.Distinct().Count() / (double)samples, 0.632 - 0.035, 0.632 + 0.035);
        }

        Assert.NotEqual(members[0].Seen!.Order(), members[1].Seen!.Order());
        Assert.NotEqual(members[1].Seen!.Order(), members[2].Seen!.Order());

        LinearNetwork Create(ulong seed)
        {
            members.Add(new LinearNetwork(1, 1) { Seen = [] });
            return members[^1];
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_and_another_seed_others()
    {
        Assert.Equal(Bagged(1), Bagged(1));
        Assert.NotEqual(Bagged(1), Bagged(2));

        static float[] Bagged(ulong seed) => Ensemble.Bagging(
            _ => new LinearNetwork(1, 1), Dataset.FromTargets([1, 2, 3, 4, 5], [2, 3, 3, 7, 1], 5), 3,
            () => new TrainingOptions { Epochs = 5, Optimizer = new SGD() }, seed: seed).Predict([1, 2, 3]);
    }

    [Fact]
    public void A_saved_ensemble_comes_back_with_the_same_bits()
    {
        using TemporaryDirectory directory = new();
        Ensemble<LinearNetwork> ensemble = new([Line(1.1f, 0.3f), Line(2, 1), Line(-6, 4)]);
        ensemble.Save(directory["ensemble.safetensors"]);
        Ensemble<LinearNetwork> loaded = Ensemble.Load(directory["ensemble.safetensors"], _ => new LinearNetwork(1, 1));
        Assert.Equal(3, loaded.Members.Count);
        for (int i = 0; i < 3; i++)
            Assert.Equal(ensemble.Members[i].Parameters.ToArray(), loaded.Members[i].Parameters.ToArray());
        loaded = Ensemble.Load(directory["ensemble.safetensors"], _ => new LinearNetwork(1, 1), Combination.Vote);
        Assert.Equal(Combination.Vote, loaded.Combination);
    }

    [Fact]
    public void Files_that_hold_something_else_are_refused()
    {
        using TemporaryDirectory directory = new();
        Safetensors.Save(directory["network.safetensors"], Line(1, 2));
        Assert.Contains("member1.", Assert.Throws<InvalidDataException>(
            () => Ensemble.Load(directory["network.safetensors"], _ => new LinearNetwork(1, 1))).Message, StringComparison.Ordinal);

        new Ensemble<LinearNetwork>([Line(1, 2), Line(3, 4)]).Save(directory["ensemble.safetensors"]);
        Assert.Contains("member2.dense1.weight is [1, 1], needed is [1, 2]", Assert.Throws<InvalidDataException>(
            () => Ensemble.Load(directory["ensemble.safetensors"], _ => new LinearNetwork(2, 1))).Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => Ensemble.Load(directory["none"], _ => new LinearNetwork(2, 1)));
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        Assert.Throws<ArgumentException>(() => new Ensemble<LinearNetwork>([]));
        Assert.Throws<ArgumentException>(() => new Ensemble<LinearNetwork>([Line(1, 2), null!]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Ensemble<LinearNetwork>([Line(1, 2)], (Combination)7));
        Assert.Throws<ArgumentOutOfRangeException>(() => Ensemble.Bagging(_ => Line(1, 2), Counting(3), 0, Frozen));
        Ensemble<LinearNetwork> ensemble = new([new LinearNetwork(2, 1)]);
        Assert.Throws<ArgumentException>(() => ensemble.Predict([1, 2, 3]));
        Assert.Throws<ArgumentException>(() => ensemble.Predict([1, 2], new float[2]));
        float[] same = [1, 2];
        Assert.Throws<ArgumentException>(() => ensemble.Predict(same, same.AsSpan(0, 1)));
    }

    private static LinearNetwork Line(float slope, float intercept)
    {
        LinearNetwork network = new(1, 1);
        (network.Parameters[0], network.Parameters[1]) = (slope, intercept);
        return network;
    }

    private static LinearNetwork Classes(params float[] biases)
    {
        LinearNetwork network = new(1, biases.Length, softmax: true);
        biases.CopyTo(network.Parameters[biases.Length..]);
        return network;
    }

    private static TrainingOptions Frozen() => new() { Epochs = 1, Optimizer = new SGD(1e-30f) };

    private static Dataset Counting(int samples) =>
        Dataset.FromTargets([.. Enumerable.Range(0, samples).Select(i => (float)i)], new float[samples], samples);
}
