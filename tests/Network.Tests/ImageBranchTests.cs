namespace NetGen.Network.Tests;

/// <summary>Branches in image networks: residual blocks with normalisation, dense connections, a U, squeeze and excitation.</summary>
public class ImageBranchTests
{
    public static TheoryData<string> Declarations =>
    [
        "[Network(2, 5, 5)] [Conv2D(4, 3, Padding = 1, Bias = false), BatchNorm, ReLU, Mark(\"x\"), Conv2D(4, 3, Padding = 1, Bias = false), BatchNorm, ReLU, "
            + "Conv2D(4, 3, Padding = 1, Bias = false), BatchNorm, Add(\"x\"), ReLU, GlobalAveragePool, Dense(3)] [MeanSquaredError]",
        "[Network(2, 6, 4)] [Conv2D(3, 3, Padding = 1), ReLU, Mark(\"a\"), Conv2D(2, 3, Padding = 1), ReLU, Concat(\"a\"), Mark(\"b\"), "
            + "Conv2D(4, 3, Padding = 1), ReLU, Concat(\"b\"), Conv2D(2, 1), GlobalAveragePool, Dense(3)] [MeanSquaredError]",
        "[Network(1, 8, 8)] [Conv2D(4, 3, Padding = 1), ReLU, Mark(\"top\"), MaxPool2D(2), Conv2D(6, 3, Padding = 1), ReLU, Mark(\"middle\"), MaxPool2D(2), "
            + "Conv2D(8, 3, Padding = 1), ReLU, Upsample(2), Concat(\"middle\"), Conv2D(4, 3, Padding = 1), ReLU, Upsample(2), Concat(\"top\"), "
            + "Conv2D(1, 3, Padding = 1)] [MeanSquaredError]",
        "[Network(3, 4, 5)] [Conv2D(4, 3, Padding = 1), Tanh, Mark(\"x\"), GlobalAveragePool, Dense(2), ReLU, Dense(4), Sigmoid, Multiply(\"x\"), "
            + "Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(3, 8)] [Conv1D(4, 3, Padding = 1), Tanh, Mark(\"x\"), Conv1D(2, 3, Padding = 1), Concat(\"x\"), Conv1D(4, 1), Add(\"x\"), Flatten, Dense(2)] "
            + "[MeanSquaredError]",
        "[Network(2, 4, 4)] [Input(\"meta\", 3)] [Conv2D(4, 3, Padding = 1), ReLU, GlobalMaxPool, Concat(\"meta\"), Dense(5), Tanh, Output(\"y\"), Dense(2), "
            + "Output(\"z\")] [MeanSquaredError(Output = \"y\"), Huber(Output = \"z\")]",
    ];

    [Theory, MemberData(nameof(Declarations))]
    public void Everything_matches_the_double_reference(string declaration)
    {
        foreach (int batch in (int[])[2, 37])
            Comparison.Check(declaration, batch, seed: 3 + batch);
    }

    [Theory, MemberData(nameof(Declarations))]
    public void Any_number_of_threads_gives_the_same_bits_and_single_samples_agree(string declaration) =>
        new BranchTests().Single_predictions_match_blocks_and_threads_change_no_bit(declaration);

    /// <summary>A convolution may be used on images of different sizes: its weights are the same.</summary>
    [Theory]
    [InlineData(8)]         // the smaller image has few positions, so both uses sum over the batch
    [InlineData(16)]        // both sum over each block first
    public void Shared_convolutions_on_two_sizes_train_to_the_same_bits_on_any_number_of_threads(int size)
    {
        int[] alone = Train(1);
        for (int threads = 2; threads <= 4; threads++)
            Assert.Equal(alone, Train(threads));

        int[] Train(int threads)
        {
            TestNetwork network = NetworkCompiler.Compile(
                $"[Network(8, {size}, {size})] [Use<Body>, MaxPool2D(2), Use<Body>(Shared = true), GlobalAveragePool, Dense(5), Softmax] [CrossEntropy]",
                types: "[Block] [Conv2D(8, 3, Padding = 1), ReLU] class Body;").Create(seed: 1);
            Assert.Equal(
                ["body1.conv1.weight", "body1.conv1.bias", "dense1.weight", "dense1.bias"],
                network.Info.Parameters.Select(one => one.Name));
            network.Network.Threads = threads;
            float[] inputs = Samples.Normal(3, 128 * network.Info.InputLength), targets = Samples.Targets(network.Info, 4, 128);
            Adam optimizer = new();
            for (int step = 0; step < 3; step++)
                network.Train(inputs, targets, optimizer);
            return [.. network.Parameters.ToArray().Select(BitConverter.SingleToInt32Bits)];
        }
    }
}
