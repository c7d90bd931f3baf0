namespace NetGen.Tests;

/// <summary>Weights of samples stay with their samples.</summary>
public class DatasetWeightTests
{
    private static readonly Dataset Data =
        Dataset.FromLabels([0, 1, 2, 3, 4, 5], [0, 1, 2, 0, 1, 2]).WithWeights([0f, 0.1f, 0.2f, 0.3f, 0.4f, 0.5f]);

    public static TheoryData<string> Parts => ["Slice", "Select", "Shuffle", "Split", "SplitAt", "OneHot", "Scale"];

    [Fact]
    public void Without_them_there_are_none()
    {
        Dataset data = Dataset.FromLabels([0, 1], [0, 1]);

        Assert.False(data.HasWeights);
        Assert.True(data.Weights.IsEmpty);
        Assert.False(data.Select([1]).HasWeights);
        Assert.False(data.Slice(0, 1).HasWeights);
    }

    /// <summary>The weight of the sample with input i is i / 10.</summary>
    [Theory, MemberData(nameof(Parts))]
    public void They_follow_their_samples(string part)
    {
        Dataset[] parts = part switch
        {
            "Slice" => [Data.Slice(2, 3)],
            "Select" => [Data.Select([5, 1, 1, 3])],
            "Shuffle" => [Data.Shuffle(3)],
            "Split" => [Data.Split(0.5, 1).First, Data.Split(0.5, 1).Second],
            "SplitAt" => [Data.Split(2).First, Data.Split(2).Second],
            "OneHot" => [Data.OneHot()],
            _ => [Data.Scale(1f)],
        };

        foreach (Dataset one in parts)
        {
            Assert.True(one.HasWeights);
            Assert.Equal(one.Count, one.Weights.Length);
            for (int i = 0; i < one.Count; i++)
                Assert.Equal(one.Inputs[i] / 10, one.Weights[i], 1e-6f);
        }
    }

    [Fact]
    public void They_are_copied()
    {
        float[] weights = [1, 2];
        Dataset data = Dataset.FromLabels([0, 1], [0, 1]).WithWeights(weights);
        weights[0] = 9;

        Assert.Equal([1f, 2f], data.Weights.ToArray());
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Assert.Equal("There are 2 weights for 6 samples; each sample needs one. (Parameter 'weights')",
            Assert.Throws<ArgumentException>(() => Data.WithWeights([1f, 2f])).Message);
        Assert.Equal("weights[3] is -1; a weight must be finite and at least 0. (Parameter 'weights')",
            Assert.Throws<ArgumentException>(() => Data.WithWeights([1f, 1f, 1f, -1f, 1f, 1f])).Message);
        Assert.Equal("All 6 weights are 0; at least one must be above 0. (Parameter 'weights')",
            Assert.Throws<ArgumentException>(() => Data.WithWeights(new float[6])).Message);
    }

    [Fact]
    public void A_part_in_which_nobody_counts_cannot_be_trained_or_evaluated()
    {
        LinearNetwork network = new(1, 3, softmax: true);
        Dataset nobody = Data.Slice(0, 1);

        const string message = "The weights of all 1 samples are 0; at least one must be above 0. (Parameter 'data')";
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => Trainer.Train(network, nobody, new TrainingOptions())).Message);
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => Trainer.Evaluate(network, nobody)).Message);
    }

    [Fact]
    public void A_network_that_takes_no_weights_says_so() => Assert.Equal(
        "Linear takes no class labels with weights of samples.",
        Assert.Throws<NotSupportedException>(
            () => Trainer.Train(new LinearNetwork(1, 3, softmax: true), Data, new TrainingOptions { Epochs = 1 })).Message);
}
