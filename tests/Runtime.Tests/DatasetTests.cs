namespace NetGen.Tests;

public class DatasetTests
{
    [Fact]
    public void Labels_say_how_many_samples_there_are()
    {
        Dataset data = Dataset.FromLabels([1, 2, 3, 4, 5, 6], [0, 2, 1]);
        Assert.Equal((3, 2, 3, 0), (data.Count, data.InputLength, data.ClassCount, data.TargetLength));
        Assert.Equal([3f, 4f], data.Input(1).ToArray());
        Assert.True(data.HasLabels);
        Assert.False(data.HasTargets);
        Assert.Equal("2", data.ClassName(2));
    }

    [Fact]
    public void Jagged_arrays_are_laid_back_to_back()
    {
        Dataset labelled = Dataset.FromLabels([[1f, 2f], [3f, 4f]], [1, 0], ["no", "yes"]);
        Assert.Equal([1f, 2f, 3f, 4f], labelled.Inputs.ToArray());
        Assert.Equal("yes", labelled.ClassName(1));
        Dataset valued = Dataset.FromTargets([[1f, 2f], [3f, 4f]], [[5f], [6f]]);
        Assert.Equal((2, 2, 1), (valued.Count, valued.InputLength, valued.TargetLength));
        Assert.Equal([6f], valued.Target(1).ToArray());
    }

    [Fact]
    public void Wrong_lengths_are_refused_with_both_numbers()
    {
        Assert.Contains("5 floats in inputs for 3 labels",
            Assert.Throws<ArgumentException>(() => Dataset.FromLabels([1, 2, 3, 4, 5], [0, 1, 0])).Message);
        Assert.Contains("no samples", Assert.Throws<ArgumentException>(() => Dataset.FromLabels(Array.Empty<float>(), [])).Message);
        Assert.Contains("0 floats", Assert.Throws<ArgumentException>(() => Dataset.FromTargets([], [1f], 1)).Message);
        Assert.Contains("3 floats in targets for 2 samples",
            Assert.Throws<ArgumentException>(() => Dataset.FromTargets([1f, 2f], [1f, 2f, 3f], 2)).Message);
        Assert.Contains("Sample 1 in inputs has 1 floats",
            Assert.Throws<ArgumentException>(() => Dataset.FromLabels([[1f, 2f], [3f]], [0, 1])).Message);
        Assert.Contains("1 labels for 2 samples", Assert.Throws<ArgumentException>(() => Dataset.FromLabels([[1f], [2f]], [0])).Message);
        Assert.Contains("1 targets for 2 samples",
            Assert.Throws<ArgumentException>(() => Dataset.FromTargets([[1f], [2f]], [[0f]])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Dataset.FromTargets([1f], [1f], 0));
    }

    [Fact]
    public void Wrong_labels_are_refused()
    {
        Assert.Contains("sample 1 is -1", Assert.Throws<ArgumentException>(() => Dataset.FromLabels([1, 2], [0, -1])).Message);
        Assert.Contains("2 class names", Assert.Throws<ArgumentException>(() => Dataset.FromLabels([1, 2], [0, 2], ["a", "b"])).Message);
    }

    [Fact]
    public void Split_keeps_every_sample_once_with_its_label_and_target()
    {
        Dataset data = Numbers(100).OneHot();
        var (first, second) = data.Split(0.8, seed: 1);
        Assert.Equal((80, 20), (first.Count, second.Count));
        Assert.Equal(Enumerable.Range(0, 100).Select(i => (float)i), first.Inputs.ToArray().Concat(second.Inputs.ToArray()).Order());
        Assert.NotEqual(Enumerable.Range(0, 80).Select(i => (float)i), first.Inputs.ToArray());
        foreach (Dataset part in new[] { first, second })
        {
            Assert.Equal(data.ClassCount, part.ClassCount);
            for (int i = 0; i < part.Count; i++)
            {
                Assert.Equal((int)part.Input(i)[0] % 3, part.Labels[i]);
                Assert.Equal(1f, part.Target(i)[part.Labels[i]]);
            }
        }
    }

    [Fact]
    public void Split_depends_on_its_seed_only()
    {
        Dataset data = Numbers(50);
        Assert.Equal(data.Split(0.5, 7).First.Inputs.ToArray(), data.Split(0.5, 7).First.Inputs.ToArray());
        Assert.NotEqual(data.Split(0.5, 7).First.Inputs.ToArray(), data.Split(0.5, 8).First.Inputs.ToArray());
    }

    [Theory, InlineData(0.0), InlineData(1.0), InlineData(-0.5), InlineData(double.NaN)]
    public void Split_needs_a_fraction_between_zero_and_one(double fraction) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Numbers(10).Split(fraction));

    [Fact]
    public void Split_never_leaves_a_part_empty()
    {
        Assert.Equal((1, 2), Counts(Numbers(3).Split(0.01)));
        Assert.Equal((2, 1), Counts(Numbers(3).Split(0.99)));
        Assert.Throws<InvalidOperationException>(() => Numbers(1).Split(0.5));

        static (int, int) Counts((Dataset First, Dataset Second) parts) => (parts.First.Count, parts.Second.Count);
    }

    [Fact]
    public void Split_by_number_keeps_the_order()
    {
        var (first, second) = Numbers(5).Split(3);
        Assert.Equal([0f, 1f, 2f], first.Inputs.ToArray());
        Assert.Equal([3f, 4f], second.Inputs.ToArray());
        Assert.Equal([0, 1], second.Labels.ToArray());
        Assert.Equal([1, 2, 0], Numbers(5).Slice(1, 3).Labels.ToArray());
        Assert.Equal([0f, 1f, 0f], Numbers(5).OneHot().Slice(1, 3).Target(0).ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => Numbers(5).Split(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Numbers(5).Split(5));
    }

    [Theory, InlineData(-1, 1), InlineData(5, 1), InlineData(0, 0), InlineData(3, 3), InlineData(1, int.MaxValue)]
    public void Slice_must_stay_inside(int start, int count) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Numbers(5).Slice(start, count));

    [Fact]
    public void Shuffle_moves_labels_along()
    {
        Dataset shuffled = Numbers(30).Shuffle(4);
        Assert.NotEqual(Numbers(30).Inputs.ToArray(), shuffled.Inputs.ToArray());
        for (int i = 0; i < 30; i++)
            Assert.Equal((int)shuffled.Input(i)[0] % 3, shuffled.Labels[i]);
    }

    [Fact]
    public void One_hot_sets_the_class_and_keeps_the_labels()
    {
        Dataset data = Dataset.FromLabels([1, 2], [2, 0]).OneHot(4);
        Assert.Equal([0f, 0f, 1f, 0f, 1f, 0f, 0f, 0f], data.Targets.ToArray());
        Assert.Equal([2, 0], data.Labels.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => data.OneHot(2));
        Assert.Throws<InvalidOperationException>(() => Dataset.FromTargets([1f], [1f], 1).OneHot());
    }

    [Fact]
    public void Numbers_of_classes_beyond_memory_are_named()
    {
        ArgumentException label = Assert.Throws<ArgumentException>(() => Dataset.FromLabels(new float[2], [0, int.MaxValue]));
        Assert.Contains("The label of sample 1 is 2147483647; labels go up to 2147483646.", label.Message);
        Dataset many = Dataset.FromLabels(new float[2], [0, int.MaxValue - 1]);
        Assert.Equal(int.MaxValue, many.ClassCount);
        ArgumentException classes = Assert.Throws<ArgumentOutOfRangeException>(() => many.OneHot());
        Assert.Contains("2 samples with 2147483647 classes are 4294967294 targets; at most", classes.Message);
    }

    [Fact]
    public void Scale_multiplies_a_copy()
    {
        Dataset data = Dataset.FromLabels([8, 16], [0, 1]);
        Assert.Equal([0.5f, 1f], data.Scale(1 / 16f).Inputs.ToArray());
        Assert.Equal([8f, 16f], data.Inputs.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => data.Scale(float.NaN));
    }

    [Fact]
    public void Samples_outside_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = Numbers(3).Input(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = Numbers(3).Target(-1));
        Assert.Throws<ArgumentException>(() => Numbers(3).Select([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Numbers(3).Select([0, 3]));
    }

    /// <summary>Sample i has the input i and the label i % 3.</summary>
    private static Dataset Numbers(int count) =>
        Dataset.FromLabels([.. Enumerable.Range(0, count).Select(i => (float)i)], [.. Enumerable.Range(0, count).Select(i => i % 3)],
            ["a", "b", "c"]);
}
