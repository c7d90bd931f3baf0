namespace NetGen.Tests;

public class OptimizersClippingTests
{
    // y = w·x + b with w = b = 0, x = 3 and target −2: the error is 2, so the gradients are 2·2·3 = 12 and 2·2 = 4, their norm √160.
    private static readonly Dataset OneSample = Dataset.FromTargets([3f], [-2f], 1);

    [Fact]
    public void By_value_bounds_each_gradient()
    {
        Assert.Equal([-12f, -4f], Step(null));
        Assert.Equal([-5f, -4f], Step(GradientClipping.ByValue(5)));
        Assert.Equal([-0.5f, -0.5f], Step(GradientClipping.ByValue(0.5f)));
        Assert.Equal([-12f, -4f], Step(GradientClipping.ByValue(12)));
    }

    [Fact]
    public void By_norm_keeps_the_direction()
    {
        float[] clipped = Step(GradientClipping.ByNorm(2));
        Assert.Equal(-2 * 12 / Math.Sqrt(160), clipped[0], 1e-6);
        Assert.Equal(-2 * 4 / Math.Sqrt(160), clipped[1], 1e-6);
        Assert.Equal([-12f, -4f], Step(GradientClipping.ByNorm(12.65f)));
    }

    [Theory, InlineData(true), InlineData(false)]
    public void Negative_gradients_are_bounded_too(bool byNorm)
    {
        LinearNetwork network = new(1, 1);
        GradientClipping clipping = byNorm ? GradientClipping.ByNorm(1) : GradientClipping.ByValue(1);
        Trainer.Train(network, Dataset.FromTargets([3f], [2f], 1), Options(clipping));
        double expected = byNorm ? 12 / Math.Sqrt(160) : 1;
        Assert.Equal(expected, network.Parameters[0], 1e-6);
    }

    [Theory, InlineData(true), InlineData(false)]
    public void Every_length_is_clipped_whole(bool byNorm)
    {
        // More gradients than one chunk holds, and a remainder: each is 2·error·x/samples.
        const int length = 1500;
        LinearNetwork network = new(length, 1);
        float[] inputs = [.. Enumerable.Range(0, length).Select(i => (i % 7) - 3f)];
        Trainer.Train(network, Dataset.FromTargets(inputs, [-1f], 1),
            Options(byNorm ? GradientClipping.ByNorm(0.5f) : GradientClipping.ByValue(4.5f)));
        double norm = Math.Sqrt(inputs.Sum(x => 4.0 * x * x) + 4);
        for (int i = 0; i < length; i++)
            Assert.Equal(byNorm ? -2 * inputs[i] * 0.5 / norm : -Math.Clamp(2 * inputs[i], -4.5, 4.5), network.Parameters[i], 1e-6);
    }

    [Theory, InlineData(true), InlineData(false)]
    public void Limits_that_are_never_reached_change_nothing(bool byNorm)
    {
        float[] inputs = new float[60], targets = new float[40];
        RandomSource random = new(1);
        foreach (ref float value in inputs.AsSpan())
            value = random.NextGaussian();
        foreach (ref float value in targets.AsSpan())
            value = random.NextGaussian();
        Dataset data = Dataset.FromTargets(inputs, targets, 20);
        Assert.Equal(Train(null), Train(byNorm ? GradientClipping.ByNorm(1e6f) : GradientClipping.ByValue(1e6f)));
        Assert.NotEqual(Train(null), Train(byNorm ? GradientClipping.ByNorm(0.01f) : GradientClipping.ByValue(0.01f)));

        float[] Train(GradientClipping? clipping)
        {
            LinearNetwork network = new(3, 2);
            AdamW optimizer = new(weightDecay: 0.5f);
            Trainer.Train(network, data, new TrainingOptions { Epochs = 3, BatchSize = 6, Optimizer = optimizer, Clipping = clipping });
            Assert.Equal(12, optimizer.Steps);
            return network.Parameters.ToArray();
        }
    }

    [Theory, InlineData(true), InlineData(false)]
    public void Gradients_that_are_no_numbers_end_training(bool byNorm)
    {
        // The loss overflows: its gradient is infinite or NaN, and no limit may hide that.
        LinearNetwork network = new(1, 1);
        Dataset data = Dataset.FromTargets([1e30f], [1e30f], 1);
        TrainingHistory history = Trainer.Train(network, data, Options(byNorm ? GradientClipping.ByNorm(1) : GradientClipping.ByValue(1)));
        Assert.Equal(StopReason.Diverged, history.StoppedBecause);
    }

    [Theory, InlineData(0f), InlineData(-1f), InlineData(float.NaN), InlineData(float.PositiveInfinity)]
    public void Limits_must_be_positive_and_finite(float limit)
    {
        Assert.Equal("limit", Assert.Throws<ArgumentOutOfRangeException>(() => GradientClipping.ByValue(limit)).ParamName);
        Assert.Equal("limit", Assert.Throws<ArgumentOutOfRangeException>(() => GradientClipping.ByNorm(limit)).ParamName);
    }

    [Fact]
    public void An_optimizer_of_another_network_is_refused()
    {
        SGD optimizer = new(1);
        new LinearNetwork(1, 1).Train([1], [1f], optimizer);
        TrainingOptions options = new() { Optimizer = optimizer, Clipping = GradientClipping.ByNorm(1) };
        Assert.Throws<InvalidOperationException>(() => Trainer.Train(new LinearNetwork(1, 1), OneSample, options));
    }

    private static TrainingOptions Options(GradientClipping? clipping) => new() { Epochs = 1, Optimizer = new SGD(1), Clipping = clipping };

    private static float[] Step(GradientClipping? clipping)
    {
        LinearNetwork network = new(1, 1);
        Trainer.Train(network, OneSample, Options(clipping));
        return network.Parameters.ToArray();
    }
}
