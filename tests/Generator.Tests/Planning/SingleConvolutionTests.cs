using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;
using NetGen.Generator.Planning;
using NetGen.Generator.Tests.Graph;
using static NetGen.Generator.Tests.Graph.Declare;

namespace NetGen.Generator.Tests.Planning;

/// <summary>The form of a single sample's convolution, and what moves into it.</summary>
public class SingleConvolutionTests
{
    [Theory]
    [InlineData(1, 6, 28, 5, 1, false)]      // LeNet's first: six channels fill no vector, a row of 28 fills two but for 4 lanes
    [InlineData(6, 16, 14, 5, 1, true)]      // its second: 16 channels are a vector, rows of 10 are not
    [InlineData(3, 16, 32, 3, 1, true)]      // equally full: channels need no frame
    [InlineData(16, 16, 32, 3, 1, true)]
    [InlineData(64, 64, 8, 3, 1, true)]
    [InlineData(3, 4, 32, 3, 1, false)]
    [InlineData(3, 4, 32, 3, 2, false)]      // every other column
    [InlineData(3, 1, 7, 3, 3, true)]        // columns too far apart for a vector
    public void Fuller_vectors_win(int channels, int filters, int size, int kernel, int stride, bool overChannels)
    {
        ConvolutionAxis axis = ConvolutionAxis.Of(size, kernel, stride, channels == 6 ? 0 : kernel / 2, 1);

        Assert.Equal(overChannels, SingleConvolutions.PrefersChannels(new ConvolutionGeometry(channels, filters, 1, axis, axis)));
    }

    [Fact]
    public void Transposed_and_depthwise_convolutions_run_over_pixels()
    {
        ConvolutionAxis axis = ConvolutionAxis.Of(16, 3, 1, 1, 1);

        Assert.False(SingleConvolutions.PrefersChannels(new ConvolutionGeometry(32, 32, 32, axis, axis)));
        Assert.False(SingleConvolutions.PrefersChannels(new ConvolutionGeometry(32, 32, 1, axis, axis, IsTransposed: true)));
    }

    [Theory]
    [InlineData("MaxPool2D", 2, 0, "ZeroPad, ConvReLUMaxPool")]
    [InlineData("AveragePool2D", 2, 0, "ZeroPad, ConvReLUAveragePool")]
    [InlineData("MaxPool2D", 3, 0, "ZeroPad, ConvReLU, MaxPool")]
    [InlineData("MaxPool2D", 2, 1, "ZeroPad, ConvReLU, MaxPool")]
    public void A_pool_of_two_by_two_moves_into_the_convolution(string pool, int size, int stride, string expected) => Assert.Equal(
        expected, Planned([1, 28, 28], Convolution(6, 5, 2), Layer("ReLU"), Layer(pool, ("size", size), ("Stride", stride))));

    [Theory]
    [InlineData(0, "ConvReLUMaxPool, ChannelsFirst")]
    [InlineData(1, "ConvReLU, ChannelsFirst, MaxPool")]    // two rows at the edge do not have the same taps
    public void A_pool_behind_channels_needs_whole_windows(int padding, string expected) =>
        Assert.Equal(expected, Planned([6, 14, 14], Convolution(16, 5, padding), Layer("ReLU"), Layer("MaxPool2D", ("size", 2))));

    [Fact]
    public void A_result_of_one_pixel_needs_no_other_order() => Assert.Equal("Conv", Planned([6, 5, 5], Convolution(16, 5, 0)));

    /// <summary>Values stay by pixel from convolution to convolution; only what reads them as documented has them transposed.</summary>
    [Fact]
    public void A_residual_block_is_its_convolutions() => Assert.Equal(
        "BatchNormFold, BatchNormFold, ReLU, Conv, ConvScaledReLU, ConvScaledAddReLU, ChannelsFirst, SumPool",
        Planned(
            [16, 8, 8], Layer("ReLU"), Convolution(16, 3, 1), Layer("Mark", ("name", "a")), Convolution(16, 3, 1), Layer("BatchNorm"),
            Layer("ReLU"), Convolution(16, 3, 1), Layer("BatchNorm"), Layer("Add", ("name", "a")), Layer("ReLU"),
            Layer("GlobalAveragePool")));

    [Fact]
    public void A_sum_with_something_in_another_order_stays_by_itself() => Assert.Equal(
        "ReLU, Conv, ChannelsFirst, Add",
        Planned([16, 8, 8], Layer("ReLU"), Layer("Mark", ("name", "a")), Convolution(16, 3, 1), Layer("Add", ("name", "a"))));

    [Fact]
    public void A_value_that_two_read_is_transposed_for_one() => Assert.Equal(
        "Conv, ChannelsFirst, ConvReLU, ChannelsFirst, Concat",
        Planned(
            [3, 8, 8], Convolution(16, 3, 1), Layer("Mark", ("name", "a")), Convolution(16, 3, 1), Layer("ReLU"),
            Layer("Concat", ("name", "a"))));

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(16)]
    public void Vectors_cover_a_row_exactly(int lanes)
    {
        InstructionSet isa = InstructionSet.Vectors.Single(one => one.Lanes == lanes);
        for (int length = 1; length <= 100; length++)
        {
            HashSet<int> covered = [];
            foreach (LaneGroup group in ConvolutionPixels.Cover(isa, length))
            {
                Assert.InRange(group.Vectors.Count, 1, 2);
                foreach (LaneVector vector in group.Vectors)
                {
                    Assert.True(vector.Valid == vector.Isa.Lanes || length < 4);
                    covered.UnionWith(Enumerable.Range(group.First + vector.Offset, vector.Valid));
                }
            }

            Assert.Equal(Enumerable.Range(0, length), covered.Order());
        }
    }

    private static Model.LayerDecl Convolution(int filters, int kernel, int padding) =>
        Layer("Conv2D", ("filters", filters), ("kernel", kernel), ("Padding", padding));

    private static string Planned(int[] input, params Model.LayerDecl[] layers)
    {
        NetworkGraph graph = Declare.Graph(Network(input, layers), GraphPurpose.Prediction);
        return string.Join(", ", ProgramPlan.ForSingle(graph).Graph.Nodes.Select(node => node.Operation.Name));
    }
}
