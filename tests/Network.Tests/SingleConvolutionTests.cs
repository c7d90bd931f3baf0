using FsCheck;
using FsCheck.Fluent;

namespace NetGen.Network.Tests;

/// <summary>Convolutions of one sample, in both their forms, with what is fused behind them,
/// against the reference implementation.</summary>
public class SingleConvolutionTests
{
    private const int Cases = 32;

    private static Gen<string> Networks =>
        from channels in Gen.Choose(1, 6)
        from height in Gen.Choose(5, 12)
        from width in Gen.Frequency((2, Gen.Choose(5, 12)), (1, Gen.Choose(13, 40)))
        from filters in Gen.Frequency((2, Gen.Choose(1, 9)), (1, Gen.Elements(16, 17, 20, 24, 32, 40)))
        from kernelHeight in Gen.Choose(1, 5)
        from kernelWidth in Gen.Frequency((5, Gen.Choose(1, 5)), (1, Gen.Elements(8, 9)))
        from stride in Gen.Frequency((3, Gen.Constant(1)), (2, Gen.Choose(2, 3)))
        from dilation in Gen.Frequency((3, Gen.Constant(1)), (1, Gen.Constant(2)))
        from padding in Gen.Choose(0, 4)
        from groups in Gen.Elements(1, 1, 1, channels)
        from transposed in Gen.Elements(false, false, true)
        from bias in Gen.Elements("", ", Bias = false")
        from after in Gen.Elements("", ", ReLU", ", LeakyReLU(0.2f)", ", ReLU, MaxPool2D(2)", ", MaxPool2D(2)", ", AveragePool2D(2)", ", ReLU, AveragePool2D(2)", ", Tanh, MaxPool2D(2)")
        let taps = $"Stride = {stride}, Padding = {Math.Min(padding, Math.Min(kernelHeight, kernelWidth) - 1)}, Dilation = {dilation}, Groups = {groups}{bias}"
        let layer = transposed
            ? $"ConvTranspose2D({filters * groups}, {kernelHeight}, {taps})"
            : $"Conv2D({filters * groups}, {kernelHeight}, {kernelWidth}, {taps})"
        where transposed || ((height + 8 > ((kernelHeight - 1) * dilation) + (2 * stride)) && (width + 8 > ((kernelWidth - 1) * dilation) + (2 * stride)))
        select $"[Network({channels}, {height + 8}, {width + 8})] [{layer}{after}]";

    public static TheoryData<string> Declarations =>
    [
        "[Network(1, 28, 28)] [Conv2D(6, 5, Padding = 2), ReLU, MaxPool2D(2)]",           // over pixels, pooled
        "[Network(1, 28, 28)] [Conv2D(6, 5, Padding = 2), Tanh, AveragePool2D(2)]",
        "[Network(6, 14, 14)] [Conv2D(16, 5), ReLU, MaxPool2D(2)]",                       // over channels, pooled
        "[Network(6, 14, 15)] [Conv2D(16, 5), ReLU, AveragePool2D(2)]",
        "[Network(3, 13, 32)] [Conv2D(16, 3, Padding = 1), ReLU]",                        // over channels, clipped
        "[Network(5, 8, 8)] [Conv2D(64, 3, Padding = 1)]",
        "[Network(5, 9, 9)] [Conv2D(40, 3, Stride = 2, Padding = 1), ReLU]",
        "[Network(4, 9, 11)] [Conv2D(8, 3, Groups = 2), ReLU]",
        "[Network(5, 9, 11)] [DepthwiseConv2D(3, Padding = 1), ReLU]",
        "[Network(5, 9, 35)] [DepthwiseConv2D(3, Padding = 1, Stride = 2), ReLU]",
        "[Network(3, 9, 11)] [SeparableConv2D(7, 3, Padding = Padding.Same)]",
        "[Network(3, 4, 5)] [ConvTranspose2D(5, 3, Stride = 2)]",
        "[Network(3, 4, 17)] [ConvTranspose2D(5, 2, Stride = 3, OutputPadding = 1), ReLU]",
        "[Network(3, 10, 10)] [Conv2D(4, 9, Padding = 4), ReLU]",
        "[Network(16, 6, 6)] [Conv2D(33, 1), ReLU]",
        "[Network(3, 13)] [Conv1D(5, 3, Padding = 1), Tanh]",
        "[Network(3, 40)] [Conv1D(20, 9, Dilation = 2, Padding = Padding.Same), MaxPool1D(2)]",
        "[Network(2, 3, 3)] [Conv2D(3, 3)]",
        "[Network(1, 6, 3)] [Conv2D(2, 3, Padding = 1), ReLU, MaxPool2D(2)]",
        "[Network(1, 12, 12)] [Conv2D(3, 3), ReLU, MaxPool2D(2), Conv2D(16, 3), ReLU, MaxPool2D(2), Flatten, Dense(3)]",
        // Results that stay as pixels, a normalisation and a sum in the convolution; a sum of two convolutions; results that others read
        // too.
        """
        [Network(3, 9, 9)]
        [Conv2D(16, 3, Padding = 1, Bias = false), BatchNorm, ReLU, Mark("a")]
        [Conv2D(16, 3, Padding = 1), BatchNorm, ReLU, Conv2D(16, 3, Padding = 1, Bias = false), BatchNorm, Add("a"), ReLU]
        [Conv2D(24, 3, Stride = 2, Padding = 1, Groups = 2), Sigmoid, GlobalAveragePool, Dense(3)]
        """,
        """
        [Network(4, 8, 10)]
        [Conv2D(16, 3, Padding = 1), Mark("a"), ReLU, Conv2D(16, 1), Add("a"), Tanh, Mark("b"), Conv2D(16, 3, Padding = 1), Multiply("b")]
        [MaxPool2D(2), Conv2D(17, 3), BatchNorm, AveragePool2D(2)]
        """,
        """
        [Network(2, 8, 30)]
        [Conv2D(3, 3, Padding = 1), BatchNorm, ReLU, Mark("a"), Conv2D(3, 3, Padding = 1, Bias = false), BatchNorm, Add("a"), ReLU]
        [Conv2D(4, 3), BatchNorm, ReLU, MaxPool2D(2), Conv2D(3, 3, Padding = 1), BatchNorm, MaxPool2D(2), ConvTranspose2D(2, 2), BatchNorm]
        """,
    ];

    [Theory, MemberData(nameof(Declarations))]
    public void One_sample_matches_the_double_reference(string declaration) => Assert.True(Matches(declaration, 3));

    [Fact]
    public void Any_convolution_of_one_sample_matches_the_double_reference() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(Cases).WithReplay(20261121, 3),
        Prop.ForAll(Arb.From(Networks), declaration => Matches(declaration, 11)));

    private static bool Matches(string declaration, int seed)
    {
        TestNetwork network = NetworkCompiler.Compile(declaration).Create((ulong)seed);
        Samples.Randomize(network, seed);
        DoubleNetwork reference = DoubleNetwork.Of(declaration, network);
        for (int sample = 0; sample < 2; sample++)
        {
            float[] input = Samples.Normal(seed + sample + 1, network.Info.InputLength);
            Tolerance.Check("one sample", network.Predict(input), reference.Predict(DoubleNetwork.Exact(input)));
        }

        return true;
    }
}
