namespace NetGen.Network.Tests;

/// <summary>Networks with branches: values that are used more than once, added, concatenated and multiplied.</summary>
public class BranchTests
{
    public static TheoryData<string> Declarations =>
    [
        // Residual connections: on the input, on a hidden value, around an activation, twice from one mark.
        "[Network(7)] [Mark(\"x\"), Dense(7), Tanh, Add(\"x\"), Dense(3)] [MeanSquaredError]",
        "[Network(7)] [Dense(6), Tanh, Mark(\"h\"), Dense(6), Add(\"h\"), ReLU, Dense(3)] [MeanSquaredError]",
        "[Network(7)] [Dense(6), ReLU, Mark(\"h\"), Dense(6), ReLU, Add(\"h\"), Dense(6), Sigmoid, Add(\"h\"), LeakyReLU(-0.2f), Dense(3)] [HalfSquaredError]",
        "[Network(5)] [Dense(8), Mark(\"a\"), ReLU, Mark(\"b\"), Dense(8), Add(\"a\"), LeakyReLU(0.1f), Add(\"b\"), Dense(3), Softmax] [CrossEntropy]",
        "[Network(6)] [Mark(\"x\"), Add(\"x\"), Dense(2)] [MeanSquaredError]",
        "[Network(3, 5)] [Mark(\"x\"), Dense(5), Tanh, Add(\"x\"), Flatten, Dense(3)] [MeanSquaredError]",
        // A value that ends the network is used inside as well.
        "[Network(4)] [Dense(4), Tanh, Mark(\"a\"), Dense(4), Sigmoid, Mark(\"b\"), Add(\"a\"), Add(\"b\")] [MeanSquaredError]",
        // Concatenations: parts in place, parts that cannot be, nested ones, of the input, of a value with itself.
        "[Network(7)] [Dense(5), Tanh, Mark(\"h\"), Dense(9), ReLU, Concat(\"h\"), Dense(3)] [MeanSquaredError]",
        "[Network(7)] [Mark(\"x\"), Dense(9), ReLU, Concat(\"x\"), Dense(3)] [MeanSquaredError]",
        "[Network(7)] [Dense(9), ReLU, Mark(\"h\"), Concat(\"h\"), Dense(3)] [MeanSquaredError]",
        "[Network(7)] [Dense(9), ReLU, Mark(\"h\"), Dense(2), Concat(\"h\"), Tanh, Mark(\"c\"), Dense(4), Concat(\"h\"), Concat(\"c\"), Dense(3)] [MeanSquaredError]",
        "[Network(4)] [Dense(16), ReLU, Mark(\"a\"), Dense(16), Mark(\"b\"), Concat(\"a\"), Mark(\"c\"), Concat(\"b\"), Concat(\"c\"), Dense(3)] [HalfSquaredError]",
        "[Network(4)] [Dense(3), Mark(\"a\"), Dense(2), Tanh, Concat(\"a\")] [MeanSquaredError]",
        "[Network(2, 3, 2)] [Mark(\"x\"), Tanh, Concat(\"x\"), Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(2, 3, 2)] [Tanh, Mark(\"h\"), Sigmoid, Concat(\"h\"), Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(3, 5)] [Mark(\"x\"), Dense(4), Tanh, Concat(\"x\"), Dense(2), Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(3, 5)] [Dense(4), Mark(\"h\"), Dense(7), Tanh, Concat(\"h\"), Flatten] [MeanSquaredError]",
        "[Network(1, 5)] [Dense(4), Mark(\"h\"), Dense(7), Tanh, Concat(\"h\"), Flatten] [MeanSquaredError]",
        // Products: of equal shapes, of a value with itself, gates of both forms and on either side.
        "[Network(7)] [Dense(6), Tanh, Mark(\"h\"), Dense(6), Sigmoid, Multiply(\"h\"), Dense(3)] [MeanSquaredError]",
        "[Network(7)] [Dense(6), Mark(\"h\"), Multiply(\"h\"), Dense(3)] [MeanSquaredError]",
        "[Network(7)] [Mark(\"x\"), Dense(7), Sigmoid, Multiply(\"x\")] [MeanSquaredError]",
        "[Network(4, 3, 5)] [Tanh, Mark(\"x\"), Flatten, Dense(4), Sigmoid, Multiply(\"x\"), Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(4, 3, 5)] [Mark(\"x\"), Flatten, Dense(4), Sigmoid, Multiply(\"x\"), Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(3, 4, 4)] [Mark(\"x\"), Flatten, Dense(3), Sigmoid, Mark(\"g\"), Multiply(\"x\"), Multiply(\"g\"), Flatten, Dense(3)] [HalfSquaredError]",
        "[Network(4, 1, 1)] [Tanh, Mark(\"g\"), Sigmoid, Multiply(\"g\"), Flatten, Dense(3)] [MeanSquaredError]",
        // One of several inputs has no memory of its own behind it.
        "[Network(2)] [Input(\"b\", 5), Softmax, Concat(\"b\"), Dense(3)] [MeanSquaredError]",
        "[Network] [Input(\"a\", 3), Input(\"b\", 17), Input(\"c\", 2), LogSoftmax, Concat(\"c\"), Mark(\"ac\"), From(\"b\"), Softmax, Concat(\"ac\"), "
            + "Dense(3)] [MeanSquaredError]",
        // (1, 1) from a convolution is one channel, not one feature.
        "[Network(1, 3)] [Conv1D(3, 3), Tanh, Mark(\"a\"), Conv1D(1, 1), Concat(\"a\"), Flatten] [MeanSquaredError]",
        // A U: values from the way down join on the way up.
        "[Network(16)] [Dense(16), ReLU, Mark(\"a\"), Dense(8), ReLU, Mark(\"b\"), Dense(4), Tanh, Dense(8), ReLU, Concat(\"b\"), Dense(16), ReLU, "
            + "Concat(\"a\"), Dense(3), Softmax] [CrossEntropy]",
        // Tiny ones take a road of their own.
        "[Network(2)] [Dense(3), Tanh, Mark(\"h\"), Dense(3), Tanh, Add(\"h\"), Concat(\"h\"), Multiply(\"m\"), Dense(1)] [MeanSquaredError]"
            .Replace("Multiply(\"m\")", "Mark(\"m\"), Multiply(\"m\")", StringComparison.Ordinal),
        "[Network(2)] [Mark(\"x\"), Dense(2), Tanh, Add(\"x\"), Concat(\"x\"), Dense(1), Sigmoid] [BinaryCrossEntropy]",
    ];

    [Theory, MemberData(nameof(Declarations))]
    public void Everything_matches_the_double_reference(string declaration)
    {
        foreach (int batch in (int[])[1, 5, 32, 45])
            Comparison.Check(declaration, batch, seed: 7 + batch);
    }

    [Fact]
    public void Frozen_layers_inside_branches_pass_gradients_on() => Comparison.Check(
        "[Network(7)] [Dense(6, Trainable = false), ReLU, Mark(\"h\"), Dense(6), Tanh, Add(\"h\"), Dense(5, Trainable = false), Concat(\"h\"), Dense(3)] "
            + "[MeanSquaredError]", batch: 37, seed: 5);

    [Theory, MemberData(nameof(Declarations))]
    public void Gradients_match_finite_differences(string declaration) =>
        new FiniteDifferenceTests().Gradients_match_finite_differences(declaration);

    [Theory, MemberData(nameof(Declarations))]
    public void Single_predictions_match_blocks_and_threads_change_no_bit(string declaration)
    {
        TestNetwork network = NetworkCompiler.Compile(declaration).Create(seed: 2);
        float[] inputs = Samples.Normal(3, 600 * network.Info.InputLength);
        network.Network.Threads = 1;
        float[] alone = network.Predict(inputs);
        network.Network.Threads = 4;
        Assert.Equal(Bits.Of(alone), Bits.Of(network.Predict(inputs)));

        DoubleNetwork reference = DoubleNetwork.Of(declaration, network);
        for (int sample = 0; sample < 3; sample++)
        {
            float[] input = inputs[(sample * network.Info.InputLength)..((sample + 1) * network.Info.InputLength)];
            Tolerance.Check($"sample {sample}", network.Predict(input), reference.Predict(DoubleNetwork.Exact(input)));
        }
    }

    /// <summary>A gradient that two branches share is one memory: nobody may write to it.</summary>
    [Fact]
    public void Training_a_wide_residual_network_gives_the_same_bits_for_any_number_of_threads()
    {
        const string Declaration = "[Network(100)] [Dense(90), ReLU, Mark(\"a\"), Dense(90), ReLU, Add(\"a\"), Mark(\"b\"), Dense(60), Tanh, Concat(\"b\"), "
            + "Dense(90), Sigmoid, Multiply(\"a\"), Dense(7), Softmax] [CrossEntropy]";
        ThreadAgreement.Check(NetworkCompiler.Compile(Declaration), "Adam", 256, 256, 256, 256);
    }

    [Fact]
    public void Steps_of_branches_allocate_nothing()
    {
        TestNetwork network = NetworkCompiler.Compile(
            "[Network(3, 5)] [Mark(\"x\"), Dense(4), Tanh, Concat(\"x\"), Dense(5), Add(\"x\"), Flatten, Dense(3)] [MeanSquaredError]").Create();
        float[] inputs = Samples.Normal(1, 45 * network.Info.InputLength), targets = Samples.Targets(network.Info, 2, 45);
        float[] outputs = new float[targets.Length];
        Adam optimizer = new();
        Allocations.AssertNone(Step);

        void Step()
        {
            network.Train(inputs, targets, optimizer);
            network.Predict(inputs, outputs);
            network.Predict(inputs.AsSpan(0, 15), outputs.AsSpan(0, 3));
        }
    }
}
