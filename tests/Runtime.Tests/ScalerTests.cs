namespace NetGen.Tests;

public class ScalerTests
{
    private static readonly Dataset Train = Dataset.FromTargets([1, 10, 5, 3, 30, 5], [0, 1], 2);
    private static readonly Dataset Test = Dataset.FromTargets([5, 20, 7], [0], 1);

    [Fact]
    public void Standardize_uses_mean_and_deviation_of_the_training_part()
    {
        Scaler scaler = Scaler.Standardize(Train);
        Assert.Equal([2, 20, 5], scaler.Offsets.ToArray());
        Assert.Equal([1, 0.1, 0], scaler.Factors.ToArray());
        Assert.Equal([-1f, -1f, 0f, 1f, 1f, 0f], scaler.Apply(Train).Inputs.ToArray());
        Assert.Equal([3f, 0f, 0f], scaler.Apply(Test).Inputs.ToArray());
    }

    [Fact]
    public void Normalize_maps_the_training_part_to_zero_to_one()
    {
        Scaler scaler = Scaler.Normalize(Train);
        Assert.Equal([0f, 0f, 0f, 1f, 1f, 0f], scaler.Apply(Train).Inputs.ToArray());
        Assert.Equal([2f, 0.5f, 0f], scaler.Apply(Test).Inputs.ToArray());
    }

    [Fact]
    public void Constant_columns_become_zero_even_where_their_mean_is_rounded()
    {
        float[] tenths = Enumerable.Repeat(0.1f, 1000).ToArray();
        Dataset data = Dataset.FromTargets(tenths, tenths, 1000);
        Assert.All(Scaler.Standardize(data).Apply(data).Inputs.ToArray(), value => Assert.Equal(0, value));
        Assert.All(Scaler.Normalize(data).Apply(data).Inputs.ToArray(), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Scaling_leaves_the_dataset_and_keeps_targets()
    {
        Dataset scaled = Scaler.Normalize(Train).Apply(Train);
        Assert.Equal(1f, Train.Inputs[0]);
        Assert.Equal([0f, 1f], scaled.Targets.ToArray());
    }

    [Fact]
    public void Spans_are_scaled_in_place()
    {
        float[] inputs = [1, 10, 5, 3, 30, 5];
        Scaler.Standardize(Train).Apply(inputs);
        Assert.Equal([-1f, -1f, 0f, 1f, 1f, 0f], inputs);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Scaler scaler = Scaler.Standardize(Train);
        Assert.Contains("1 inputs per sample; the scaler was fitted on 3",
            Assert.Throws<ArgumentException>(() => scaler.Apply(Dataset.FromTargets([1], [1], 1))).Message);
        Assert.Contains("4 floats", Assert.Throws<ArgumentException>(() => scaler.Apply(new float[4])).Message);
        Assert.Contains("Input 1 of sample 1 is NaN",
            Assert.Throws<ArgumentException>(() => Scaler.Standardize(Dataset.FromTargets([1, 2, 3, float.NaN], [0, 0], 2))).Message);
    }
}
