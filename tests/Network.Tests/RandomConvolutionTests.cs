using FsCheck;
using FsCheck.Fluent;

namespace NetGen.Network.Tests;

/// <summary>Any stack of convolutions, any strides, paddings, dilations and groups: the generated network computes what the reference
/// implementation computes, forward and back.</summary>
public class RandomConvolutionTests
{
    private const int Cases = 40;

    private static Gen<string> Activation => Gen.Elements("", ", ReLU", ", LeakyReLU(0.2f)", ", Tanh");

    private static Gen<string> Named =>
        from stride in Gen.Frequency((3, Gen.Constant(1)), (3, Gen.Choose(2, 4)))
        from padding in Gen.Frequency((1, Gen.Constant(-1)), (2, Gen.Constant(0)), (3, Gen.Choose(1, 4)))
        from dilation in Gen.Frequency((3, Gen.Constant(1)), (1, Gen.Choose(2, 3)))
        from bias in Gen.Elements("", "", ", Bias = false")
        from penalty in Gen.Frequency((5, Gen.Constant("")), (1, Gen.Elements(", L1 = 0.25f", ", L2 = 0.5f")))
        select (stride == 1 ? "" : $", Stride = {stride}") + (padding == 0 ? "" : padding < 0 ? ", Padding = Padding.Same" : $", Padding = {padding}")
            + (dilation == 1 ? "" : $", Dilation = {dilation}") + bias + penalty;

    /// <summary>Extents of kernels, the long ones rare.</summary>
    private static Gen<int> Kernel => Gen.Frequency((3, Gen.Choose(1, 3)), (2, Gen.Choose(4, 6)), (1, Gen.Choose(7, 10)));

    /// <summary>Filters per group, around the sizes of register tiles.</summary>
    private static Gen<int> Filters => Gen.Frequency((3, Gen.Choose(1, 6)), (1, Gen.Choose(7, 20)));

    private static Gen<string> ImageLayer =>
        from kind in Gen.Choose(0, 6)
        from filters in Filters
        from groups in Gen.Frequency((3, Gen.Constant(1)), (1, Gen.Choose(2, 3)))
        from height in Kernel
        from width in Kernel
        from named in Named
        from activation in Activation
        select kind switch
        {
            0 or 1 => $"Conv2D({filters * groups}, {height}{(groups == 1 ? "" : $", Groups = {groups}")}{named})",
            2 => $"Conv2D({filters}, {height}, {width}{named})",
            3 => $"DepthwiseConv2D({width}{(filters > 3 ? "" : $", Multiplier = {filters}")}{named})",
            4 => $"SeparableConv2D({filters}, {height}{named})",
            5 => $"Conv2D({filters * groups}, 1{(groups == 1 ? "" : $", Groups = {groups}")}{named})",
            _ => $"ConvTranspose2D({filters * groups}, {height}{(groups == 1 ? "" : $", Groups = {groups}")}{named})",
        } + activation;

    private static Gen<string> SequenceLayer =>
        from filters in Filters
        from kernel in Gen.Frequency((4, Kernel), (1, Gen.Choose(11, 20)))
        from named in Named
        from activation in Activation
        select $"Conv1D({filters}, {kernel}{named}){activation}";

    private static Gen<ConvolutionCase> Networks =>
        from sequence in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
        from channels in Gen.Choose(1, 6)
        from height in Gen.Choose(1, 12)
        from width in Gen.Choose(1, 14)
        from depth in Gen.Choose(1, 2)
        from layers in (sequence ? SequenceLayer : ImageLayer).ListOf(depth)
        from batch in Gen.Elements(1, 2, 7, 8, 15, 16, 17, 31, 32, 33, 40)
        from seed in Gen.Choose(0, 1 << 20)
        select new ConvolutionCase(sequence ? [channels, width] : [channels, height, width], [.. layers], batch, seed);

    [Fact]
    public void Generated_convolutions_compute_what_the_double_reference_computes()
    {
        int checkedCases = 0;
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(Cases * 4).WithReplay(20240229, 7),
            Prop.ForAll(Arb.From(Networks), one =>
            {
                // Shapes that do not fit are the diagnostics' concern; enough of the others are checked.
                if (checkedCases < Cases && DoubleConvolution.Fits(one.Declaration))
                {
                    checkedCases++;
                    Matches(one);
                }
            }));
        Assert.Equal(Cases, checkedCases);
    }

    private static void Matches(ConvolutionCase one)
    {
        TestNetwork network = NetworkCompiler.Compile(one.Declaration).Create((ulong)one.Seed);

        // Leaves numbers in the lanes that a smaller batch does not use.
        network.Gradients(
            Samples.Normal(5, 64 * network.Info.InputLength), Samples.Targets(network.Info, 6, 64), new float[network.Parameters.Length]);

        Comparison.Check(network, one.Declaration, one.Batch, one.Seed);
    }

    /// <param name="Shape">Of the input.</param>
    /// <param name="Layers">Convolutions with their activations.</param>
    /// <param name="Batch">Number of samples.</param>
    /// <param name="Seed">Of parameters and data.</param>
    private sealed record ConvolutionCase(IReadOnlyList<int> Shape, IReadOnlyList<string> Layers, int Batch, int Seed)
    {
        public string Declaration => $"[Network({string.Join(", ", Shape)})] [{string.Join(", ", Layers)}] [MeanSquaredError]";

        public override string ToString() => $"{Declaration}, batch {Batch}, seed {Seed}";
    }
}
