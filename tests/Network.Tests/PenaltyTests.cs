namespace NetGen.Network.Tests;

/// <summary>L1 and L2: what the weights add to the training loss and to their gradients.</summary>
/// <remarks>Values and gradients are compared with PyTorch and with differences elsewhere;
/// here is where penalties count and where not.</remarks>
public class PenaltyTests
{
    /// <summary>Large enough that batches of 64 and more are shared between threads.</summary>
    private const string Shared =
        "[Network(300, L2 = 0.01f)] [Dense(200, L1 = 0.001f), ReLU, Dense(50), Tanh, Dense(7), Softmax] [CrossEntropy]";

    public static TheoryData<string> OptimizerNames => Optimizers.Names;

    /// <summary>With inputs of 0 the data say nothing about the weights: their whole gradient is the penalty's.</summary>
    [Theory]
    [InlineData("[Network(4)] [Dense(33, L1 = 0.25f, L2 = 0.5f)] [HalfSquaredError]")]
    [InlineData("[Network(4)] [Dense(2, L1 = 0.25f, L2 = 0.5f)] [HalfSquaredError]")]
    [InlineData("[Network(4, L1 = 0.25f, L2 = 0.5f)] [Dense(33)] [HalfSquaredError]")]
    public void Gradients_of_a_penalty_are_its_own_and_zero_has_none_of_L1(string declaration)
    {
        TestNetwork network = NetworkCompiler.Compile(declaration).Create();
        Samples.Randomize(network, 1);
        float[] weights = network.Extract("dense1.weight"), bias = network.Extract("dense1.bias");
        (weights[0], weights[1], weights[2], weights[3]) = (0f, -0f, 2f, -2f);
        network.SetParameter("dense1.weight", weights);
        float[] inputs = new float[4], gradients = new float[network.Parameters.Length];

        network.Gradients(inputs, bias, gradients);

        float[] found = network.Extract("dense1.weight", gradients);
        Assert.Equal([0f, 0f, 1.25f, -1.25f], found[..4]);
        for (int i = 4; i < weights.Length; i++)
            Assert.Equal((weights[i] / 2) + (weights[i] < 0 ? -0.25f : 0.25f), found[i], 1e-6f);
        Assert.All(network.Extract("dense1.bias", gradients), gradient => Assert.Equal(0f, gradient));
    }

    [Theory]
    [InlineData("[Network(3, 5, 6)] [Conv2D(4, 3, L1 = 0.25f), Tanh, Conv2D(2, 2, L2 = 0.5f), Flatten] [MeanSquaredError]")]
    [InlineData("[Network(2, 5, 5, L1 = 0.125f, L2 = 0.25f)] [DepthwiseConv2D(3, Multiplier = 2), ReLU, ConvTranspose2D(3, 2, L1 = 0f), Flatten] [MeanSquaredError]")]
    [InlineData("[Network(2, 6, 5)] [SeparableConv2D(3, 3, L1 = 0.25f, L2 = 0.5f), Tanh, Conv2D(2, 1, Trainable = false, L2 = 1f), Flatten] [MeanSquaredError]")]
    [InlineData("[Network(2, 9, L2 = 0.5f)] [Conv1D(4, 3), Tanh, BatchNorm, PReLU, Flatten, Dense(3)] [MeanSquaredError]")]
    public void Weights_of_convolutions_have_penalties(string declaration)
    {
        foreach (int batch in (int[])[2, 33])
            Comparison.Check(declaration, batch, seed: batch);
    }

    [Fact]
    public void The_training_loss_has_the_penalty_and_evaluation_has_not()
    {
        TestNetwork network = NetworkCompiler.Compile("[Network(4)] [Dense(3, L1 = 0.25f, L2 = 0.5f)] [HalfSquaredError]").Create();
        float[] weights = [1, -2, 3, 0, 0, 0, 4, 0, -0.5f, 0, 0, 0];
        network.SetParameter("dense1.weight", weights);
        float[] inputs = new float[8], targets = new float[6], outputs = new float[6], gradients = new float[15];
        const float penalty = (0.25f * 10.5f) + (0.25f * 30.25f);

        Assert.Equal(0f, network.Trainable.Evaluate(inputs, targets, outputs));
        Assert.Equal(penalty, network.Gradients(inputs, targets, gradients), 1e-5f);
        Assert.Equal(penalty, network.Train(inputs, targets, new SGD()), 1e-5f);
        Assert.True(network.Gradients(inputs, targets, gradients) < penalty);
    }

    [Fact]
    public void Frozen_weights_have_no_penalty()
    {
        TestNetwork network = NetworkCompiler
            .Compile("[Network(4, L1 = 1f, L2 = 1f)] [Dense(3, Trainable = false), Tanh, Dense(2)] [HalfSquaredError]").Create();
        network.SetParameter("dense2.weight", new float[6]);
        float[] inputs = new float[4], targets = new float[2], gradients = new float[network.Parameters.Length];

        Assert.Equal(0f, network.Gradients(inputs, targets, gradients));
        Assert.All(network.Extract("dense1.weight", gradients), gradient => Assert.Equal(0f, gradient));
        Assert.Equal([0f, 1f], network.Info.Parameters.Where(parameter => parameter.Name.EndsWith("weight", StringComparison.Ordinal))
            .Select(parameter => parameter.L2));
    }

    /// <summary>An output that no loss judges is not trained: its penalty would be constant.</summary>
    [Theory]
    [InlineData("[Network(3, L2 = 0.5f)] [Mark(\"x\"), Dense(40), Output(\"a\"), From(\"x\"), Dense(2), Output(\"b\")] [MeanSquaredError(Output = \"b\")]")]
    [InlineData("[Network(3, L2 = 0.5f)] [Mark(\"x\"), Dense(2), Output(\"a\"), From(\"x\"), Dense(2), Output(\"b\")] [MeanSquaredError(Output = \"b\")]")]
    public void Weights_that_no_loss_reaches_have_no_penalty(string declaration)
    {
        TestNetwork network = NetworkCompiler.Compile(declaration).Create(1);
        float[] inputs = Samples.Normal(1, 5 * 3), targets = Samples.Normal(2, 5 * network.Info.OutputLength), outputs = new float[targets.Length];
        double penalty = 0.25 * network.Extract("dense2.weight").Sum(weight => (double)weight * weight);
        float loss = network.Gradients(inputs, targets, new float[network.Parameters.Length]);

        Assert.Equal(network.Trainable.Evaluate(inputs, targets, outputs) + penalty, loss, 1e-5);
        GradientCheck check = network.Trainable.CheckGradients(inputs, targets);
        Assert.True(check.Passed, check.ToString());
    }

    /// <summary>Not by what Backward has left either, which reaches them.</summary>
    [Theory, InlineData(40), InlineData(2)]
    public void Weights_that_no_loss_reaches_do_not_move(int units)
    {
        TestNetwork network = NetworkCompiler.Compile(
            $"[Network(3, L1 = 0.1f)] [Mark(\"x\"), Dense({units}), Output(\"a\"), From(\"x\"), Dense(2), Output(\"b\")] [MeanSquaredError(Output = \"b\")]").Create(1);
        float[] inputs = Samples.Normal(1, 5 * 3), targets = Samples.Normal(2, 5 * network.Info.OutputLength), gradients = new float[network.Parameters.Length];
        float[] start = network.Extract("dense1.weight"), moved = network.Extract("dense2.weight");
        foreach (Optimizer optimizer in (Optimizer[])[new SGD(), new AdamW()])
        {
            network.Backward(inputs, targets, new float[inputs.Length], gradients);
            Assert.Contains(network.Extract("dense1.weight", gradients), gradient => gradient != 0f);
            network.Gradients(inputs, targets, gradients);
            Assert.All(network.Extract("dense1.weight", gradients), gradient => Assert.Equal(0f, gradient));
            network.Train(inputs, targets, optimizer);
        }

        Assert.Equal(start, network.Extract("dense1.weight"));
        Assert.NotEqual(moved, network.Extract("dense2.weight"));
    }

    [Fact]
    public void Gradients_of_outputs_know_no_penalty()
    {
        const string layers = "[Dense(9), Tanh, Dense(2)] [MeanSquaredError]";
        TestNetwork penalized = NetworkCompiler.Compile("[Network(5, L1 = 0.5f, L2 = 0.5f)] " + layers).Create(3),
            plain = NetworkCompiler.Compile("[Network(5)] " + layers).Create(3);
        float[] inputs = Samples.Normal(1, 35), outputGradients = Samples.Normal(2, 14);

        Assert.Equal(Backward(plain), Backward(penalized));

        int[] Backward(TestNetwork network)
        {
            float[] inputGradients = new float[35], gradients = new float[network.Parameters.Length];
            network.Backward(inputs, outputGradients, inputGradients, gradients);
            return [.. Bits.Of(inputGradients), .. Bits.Of(gradients)];
        }
    }

    /// <summary>All optimizers take the gradient that Gradients reports, whichever way it reaches them.</summary>
    [Theory, MemberData(nameof(OptimizerNames))]
    public void Every_optimizer_gets_the_penalized_gradient(string name)
    {
        foreach (string declaration in (string[])[
            "[Network(11, L2 = 0.25f)] [Dense(37, L1 = 0.125f), Tanh, Dense(3)] [MeanSquaredError]",
            "[Network(2, L1 = 0.25f)] [Dense(4), Tanh, Dense(1, L2 = 0.5f)] [MeanSquaredError]"])
        {
            TestNetwork network = NetworkCompiler.Compile(declaration).Create(1), twin = NetworkCompiler.Compile(declaration).Create(1);
            float[] inputs = Samples.Normal(3, 40 * network.Info.InputLength), targets = Samples.Normal(4, 40 * network.Info.OutputLength);
            float[] gradients = new float[network.Parameters.Length];
            Optimizer optimizer = Optimizers.Create(name), twinOptimizer = Optimizers.Create(name);
            for (int step = 0; step < 3; step++)
            {
                twin.Parameters.CopyTo(network.Parameters);
                twin.Gradients(inputs, targets, gradients);
                twinOptimizer.BeginStep(twin, gradients.Length);
                foreach (ParameterInfo parameter in twin.Info.Parameters)
                {
                    twinOptimizer.Update(twin.Parameters.Slice(parameter.Offset, parameter.Length),
                        gradients.AsSpan(parameter.Offset, parameter.Length), parameter.Offset,
                        parameter.Name.EndsWith(".weight", StringComparison.Ordinal));
                }

                network.Train(inputs, targets, optimizer);

                Assert.Equal(Bits.Of(twin.Parameters), Bits.Of(network.Parameters));
            }
        }
    }

    [Theory, InlineData("SGD"), InlineData("Momentum"), InlineData("Adam")]
    public void Any_number_of_threads_gives_the_same_bits(string optimizer) =>
        ThreadAgreement.Check(NetworkCompiler.Compile(Shared), optimizer, 200, 200, 200, 200, 200, 200);

    [Fact]
    public void Clipping_by_norm_counts_the_penalty()
    {
        TestNetwork network = NetworkCompiler.Compile("[Network(1)] [Dense(1, L2 = 1f, Bias = false)] [HalfSquaredError]").Create();
        network.SetParameter("dense1.weight", [8f]);

        Trainer.Train(network.Trainable, Dataset.FromTargets([0f], [0f], 1), new TrainingOptions
        {
            Epochs = 1,
            Optimizer = new SGD(1f),
            Clipping = GradientClipping.ByNorm(0.5f),
        });

        Assert.Equal([7.5f], network.Parameters.ToArray());
    }

    [Fact]
    public void Steps_allocate_nothing()
    {
        TestNetwork network = NetworkCompiler.Compile(Shared).Create();
        float[] inputs = Samples.Normal(1, 64 * 300), targets = Samples.Targets(network.Info, 2, 64);
        Optimizer optimizer = new Adam();
        Allocations.AssertNone(() => network.Train(inputs, targets, optimizer));
    }

    [Fact]
    public void What_is_not_declared_is_not_generated()
    {
        string text = NetworkCompiler.Compile("[Network(7)] [Dense(6, L1 = 0f), ReLU, Dense(3)] [MeanSquaredError]").Text;

        Assert.DoesNotContain("Penalty", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("L1Update", text, StringComparison.Ordinal);
        Assert.DoesNotContain("L2Update", text, StringComparison.Ordinal);
    }
}
