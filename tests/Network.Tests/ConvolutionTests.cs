namespace NetGen.Network.Tests;

/// <summary>Convolutions that take roads of their own through the kernels, against the reference implementation; and what holds for all:
/// the same bits on any number of threads.</summary>
public class ConvolutionTests
{
    public static TheoryData<string> Declarations =>
    [
        // Images large enough to be cut into strips.
        "[Network(2, 24, 26)] [Conv2D(8, 3, Padding = 1), ReLU, Conv2D(3, 3, Stride = 2)] [MeanSquaredError]",
        "[Network(17, 9, 9)] [Conv2D(35, 1), ReLU, Conv2D(2, 1)] [MeanSquaredError]",
        "[Network(13, 16, 12)] [Conv2D(11, 1, Bias = false), ReLU, Conv2D(2, 1, Stride = 3)] [MeanSquaredError]",
        // Tiles with a rest of channels, in every direction.
        "[Network(17, 4, 5)] [Conv2D(19, 3, Padding = 1), ReLU, Conv2D(17, 2)] [MeanSquaredError]",
        "[Network(3, 5, 4)] [Conv2D(29, 2, 3), ReLU, ConvTranspose2D(15, 3)] [MeanSquaredError]",
        // Long kernels, whose taps are loops.
        "[Network(2, 60)] [Conv1D(5, 21, Padding = Padding.Same), Tanh, Conv1D(3, 9, Stride = 3)] [MeanSquaredError]",
        "[Network(1, 14, 15)] [Conv2D(3, 11, Padding = 5), ReLU, Conv2D(2, 8, 9)] [MeanSquaredError]",
        "[Network(2, 7, 8)] [ConvTranspose2D(2, 9, Stride = 2, Padding = 4), ReLU, ConvTranspose2D(3, 8)] [MeanSquaredError]",
        // Strides beyond the residues that are printed one by one, patches without overlap, and strides beyond the kernel.
        "[Network(2, 13, 14)] [Conv2D(3, 3, Padding = 1), ReLU, Conv2D(4, 5, Stride = 4, Padding = 1)] [MeanSquaredError]",
        "[Network(3, 16, 16)] [Conv2D(3, 1), Conv2D(6, 4, Stride = 4)] [MeanSquaredError]",
        "[Network(2, 11, 12)] [ReLU, Conv2D(5, 2, Stride = 3)] [MeanSquaredError]",
        "[Network(2, 3, 4)] [ConvTranspose2D(3, 2, Stride = 5, OutputPadding = 3)] [MeanSquaredError]",
        // More padding than kernel: results that see nothing but padding.
        "[Network(2, 3, 2)] [Conv2D(3, 2, Padding = 4), ReLU] [MeanSquaredError]",
        "[Network(2, 3, 2)] [Conv2D(3, 3, Padding = 3, Dilation = 3, Stride = 2), Tanh] [MeanSquaredError]",
        // Groups, with tiles inside each.
        "[Network(6, 5, 6)] [Conv2D(9, 3, Groups = 3, Padding = 1), ReLU, ConvTranspose2D(6, 2, Groups = 3, Stride = 2)] [MeanSquaredError]",
        "[Network(4, 6, 5)] [DepthwiseConv2D(3, Multiplier = 3, Stride = 2, Padding = Padding.Same), ReLU, Conv2D(4, 1, Groups = 4)] [MeanSquaredError]",
        "[Network(5, 8, 7)] [SeparableConv2D(7, 3, Padding = 1), ReLU, SeparableConv2D(3, 5, Dilation = 1, Bias = false)] [MeanSquaredError]",
        // One pixel, one channel.
        "[Network(1, 1, 1)] [Conv2D(1, 1), Tanh] [MeanSquaredError]",
        "[Network(1, 1)] [Conv1D(2, 3, Padding = 1)] [MeanSquaredError]",
    ];

    [Theory, MemberData(nameof(Declarations))]
    public void Convolutions_compute_what_the_double_reference_computes(string declaration) =>
        Comparison.Check(declaration, batch: 35, seed: 11);

    /// <summary>What a larger batch has left in the lanes behind a smaller one's last sample must not enter any sum.</summary>
    [Fact]
    public void Lanes_of_nobody_count_for_nothing()
    {
        const string declaration =
            "[Network(2, 6, 7)] [Conv2D(5, 3, Padding = 1), ReLU, Conv2D(4, 1), Flatten, Dense(3)] [MeanSquaredError]";
        TestNetwork used = NetworkCompiler.Compile(declaration).Create(seed: 1);
        TestNetwork fresh = NetworkCompiler.Compile(declaration).Create(seed: 1);
        float[] huge = Samples.Normal(1, 64 * used.Info.InputLength, scale: 1e30), targets = Samples.Targets(used.Info, 2, 64);
        float[] before = new float[used.Parameters.Length], after = new float[before.Length], expected = new float[before.Length];
        used.Gradients(huge, targets, before);
        Assert.Contains(before, gradient => !float.IsFinite(gradient));

        foreach (int samples in (int[])[1, 9, 16, 17, 31, 33])
        {
            float[] inputs = Samples.Normal(3, samples * used.Info.InputLength);
            used.Gradients(inputs, targets.AsSpan(0, samples * used.Info.OutputLength), after);
            fresh.Gradients(inputs, targets.AsSpan(0, samples * used.Info.OutputLength), expected);
            Assert.Equal(expected, after);
        }
    }

    [Theory, InlineData("SGD"), InlineData("Momentum"), InlineData("Adam")]
    public void Training_gives_the_same_bits_for_any_number_of_threads(string optimizer)
    {
        const string declaration = "[Network(3, 20, 20)] [Conv2D(16, 5, Padding = 2), ReLU, Conv2D(32, 1), ReLU, SeparableConv2D(24, 3), ReLU] "
            + "[ConvTranspose2D(8, 3, Stride = 2), Flatten, Dense(5), Softmax] [CrossEntropy]";
        ThreadAgreement.Check(NetworkCompiler.Compile(declaration), optimizer, 64, 33, 100, 31);
    }
}
