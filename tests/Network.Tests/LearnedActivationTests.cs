namespace NetGen.Network.Tests;

/// <summary>What is special about parameters that activations learn: names, start, decay.</summary>
public class LearnedActivationTests
{
    [Fact]
    public void Parameters_are_named_after_the_method_s()
    {
        TestNetwork network = NetworkCompiler.Compile(
            "[Network(3, 5)] [Activation(nameof(Wave), 2f, 0.5f, Learnable = true), Flatten, Dense(4), "
                + "Activation(nameof(Swish), 1f, Learnable = true, Name = \"gate\")]", DoubleLearned.Members).Create(1);

        Assert.Equal(
            ["activation1.height", "activation1.rate", "dense1.weight", "dense1.bias", "gate.beta"],
            network.Info.Parameters.Select(parameter => parameter.Name));
        Assert.Equal([5, 5], network.Info.Parameters.Take(2).Select(parameter => Assert.Single(parameter.Shape)));
        Assert.Equal([2f, 2f, 2f, 2f, 2f], network.Extract("activation1.height"));
        Assert.Equal([0.5f, 0.5f, 0.5f, 0.5f, 0.5f], network.Extract("activation1.rate"));
        Assert.Equal([1f, 1f, 1f, 1f], network.Extract("gate.beta"));
    }

    [Fact]
    public void Constants_are_no_parameters()
    {
        TestNetwork network = NetworkCompiler.Compile(
            "[Network(3)] [Activation(nameof(Wave), 2f, 0.5f), Dense(4)]", DoubleLearned.Members).Create(1);
        Assert.Equal(["dense1.weight", "dense1.bias"], network.Info.Parameters.Select(parameter => parameter.Name));
    }

    [Fact]
    public void Units_of_images_are_channels()
    {
        TestNetwork network = NetworkCompiler.Compile("[Network(2, 3, 4)] [PReLU, Flatten, Dense(1)]").Create(1);
        network.SetParameter("prelu1.weight", [0.5f, -2f]);
        network.SetParameter("dense1.weight", [.. Enumerable.Repeat(1f, 24)]);
        network.SetParameter("dense1.bias", [0f]);

        float[] image = [.. Enumerable.Repeat(-1f, 24)];
        Assert.Equal([12f * (-0.5f + 2f)], network.Predict(image));
        Assert.Equal(Enumerable.Repeat(18f, 40), network.Predict([.. Enumerable.Repeat(image, 40).SelectMany(one => one)]));
    }

    /// <summary>Inputs above 0 give the slopes no gradient: only decay could move them.</summary>
    [Theory, InlineData("[Network(3)] [PReLU, Dense(2)] [MeanSquaredError]"), InlineData("[Network(30)] [PReLU, Dense(20)] [MeanSquaredError]")]
    public void Slopes_do_not_decay(string declaration)
    {
        TestNetwork network = NetworkCompiler.Compile(declaration).Create(1);
        float[] inputs = [.. Samples.Normal(1, 40 * network.Info.InputLength).Select(MathF.Abs)];
        float[] targets = Samples.Targets(network.Info, 2, 40);
        float[] weights = network.Extract("dense1.weight");

        network.Train(inputs, targets, new AdamW(1e-3f, 0.9f, 0.999f, 1e-8f, weightDecay: 0.5f));

        Assert.All(network.Extract("prelu1.weight"), slope => Assert.Equal(0.25f, slope));
        Assert.NotEqual(weights, network.Extract("dense1.weight"));
    }

    [Fact]
    public void A_learned_slope_learns()
    {
        // y = |x| is PReLU with the slope -1.
        TestNetwork network = NetworkCompiler.Compile("[Network(1)] [PReLU] [MeanSquaredError]").Create(1);
        float[] inputs = Samples.Normal(1, 64), targets = [.. inputs.Select(MathF.Abs)];
        Optimizer optimizer = new SGD(0.5f);
        for (int step = 0; step < 100; step++)
            network.Train(inputs, targets, optimizer);
        Assert.Equal(-1f, network.Extract("prelu1.weight")[0], 1e-5f);
    }
}
