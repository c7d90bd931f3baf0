using NetGen.Generator.Graph;
using NetGen.Generator.Model;
using NetGen.Generator.Operations;
using NetGen.Generator.Planning;
using NetGen.Generator.Tests.Graph;
using static NetGen.Generator.Tests.Graph.Declare;

namespace NetGen.Generator.Tests.Planning;

/// <summary>What moves into the product before it, and what must not.</summary>
public class FusionTests
{
    private static readonly Shape Four = new(4);

    [Theory]
    [InlineData("ReLU", false, "DenseReLU")]
    [InlineData("LeakyReLU", false, "DenseLeakyReLU0_01")]
    [InlineData("Tanh", false, "Dense, Tanh")]            // would spill the tile's registers
    [InlineData("Tanh", true, "DenseTanh")]               // one sample has few accumulators
    [InlineData("Sigmoid", true, "DenseSigmoid")]
    [InlineData("Softmax", true, "Dense, Softmax")]
    [InlineData("LayerNorm", true, "Dense, GroupNorm")]
    public void Activations_fuse_where_they_fit(string activation, bool single, string expected) =>
        Assert.Equal(expected, Fused(Declare.Graph(Network([3], Dense(4), Layer(activation)), GraphPurpose.Prediction), single));

    [Fact]
    public void Only_the_first_of_two_activations_fuses() => Assert.Equal(
        "DenseReLU, ReLU",
        Fused(Declare.Graph(Network([3], Dense(4), Layer("ReLU"), Layer("ReLU")), GraphPurpose.Prediction), single: true));

    [Theory]
    [InlineData("ReLU", false, "Dense, GroupNormReLU")]
    [InlineData("Tanh", false, "Dense, GroupNorm, Tanh")]
    [InlineData("Tanh", true, "Dense, GroupNormTanh")]
    public void Activations_fuse_with_a_normalisation(string activation, bool single, string expected) => Assert.Equal(
        expected, Fused(Declare.Graph(Network([3], Dense(4), Layer("LayerNorm"), Layer(activation)), GraphPurpose.Prediction), single));

    [Theory]
    [InlineData("ReLU", false, "BatchNormFold, DenseScaledReLU")]
    [InlineData("Tanh", false, "BatchNormFold, DenseScaled, Tanh")]
    [InlineData("Tanh", true, "BatchNormFold, DenseScaledTanh")]
    public void A_batch_normalisation_folds_into_the_product_before_it(string activation, bool single, string expected) => Assert.Equal(
        expected, Fused(Declare.Graph(Network([3], Dense(4), Layer("BatchNorm"), Layer(activation)), GraphPurpose.Prediction), single));

    [Theory]
    [InlineData(false, "BatchNormFold, Dense, ScaleReLU")] // its result is still rows
    [InlineData(true, "BatchNormFold, DenseScaledReLU")]
    public void A_layer_that_reads_rows_leaves_the_scale_to_its_panel(bool single, string expected) => Assert.Equal(
        expected, Fused(Declare.Graph(Network([9], Dense(4), Layer("BatchNorm"), Layer("ReLU")), GraphPurpose.Prediction), single));

    [Fact]
    public void Batch_statistics_are_not_folded_in_training() => Assert.StartsWith(
        "Dense, BatchMoments, BatchStatistics, BatchNormReLU, MeanSquaredError, ",
        Fused(
            Declare.Graph(Network([3], Dense(4), Layer("BatchNorm"), Layer("ReLU"), Layer("MeanSquaredError")), GraphPurpose.Training),
            single: false),
        StringComparison.Ordinal);

    [Fact]
    public void The_derivative_fuses_into_the_product_that_gives_the_gradient()
    {
        string fused = Fused(
            Declare.Graph(Network([3], Dense(4), Layer("ReLU"), Dense(2), Layer("MeanSquaredError")), GraphPurpose.Training),
            single: false);

        Assert.StartsWith("DenseReLU, Dense, MeanSquaredError, ", fused, StringComparison.Ordinal);
        Assert.Contains(", DenseInputGradientReLU, ", fused, StringComparison.Ordinal);
        Assert.DoesNotContain(" ReLUGradient", fused, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MaxPool2D", "ReLU", true)]
    [InlineData("AveragePool2D", "ReLU", true)]
    [InlineData("AveragePool2D", "Sigmoid", false)]
    public void The_derivative_fuses_into_the_gradient_of_a_pool(string pool, string activation, bool fuses)
    {
        NetworkDecl network = Network(
            [36], Dense(36), Layer("Reshape", ("shape", new EquatableArray<int>(new[] { 1, 6, 6 }))), Layer(activation),
            Layer(pool, ("size", 2)), Layer("Flatten"), Layer("MeanSquaredError"));

        string fused = Fused(Declare.Graph(network, GraphPurpose.Training), single: false);

        Assert.Equal(fuses, !fused.Contains($"{activation}Gradient", StringComparison.Ordinal));
        Assert.Equal(fuses, fused.Contains($"MaxPoolGradient{activation}", StringComparison.Ordinal)
            || fused.Contains($"Spread{activation}", StringComparison.Ordinal));
    }

    [Fact]
    public void A_function_that_saves_its_input_keeps_it_in_training() => Assert.StartsWith(
        "Dense, LeakyReLUm0_5,",
        Fused(
            Declare.Graph(
                Network([3], Dense(4), Layer("LeakyReLU", ("slope", -0.5f)), Dense(2), Layer("MeanSquaredError")), GraphPurpose.Training),
            single: false),
        StringComparison.Ordinal);

    [Fact]
    public void A_value_used_twice_stays()
    {
        GraphBuilder builder = Builder();
        (Tensor x, Tensor h) = Product(builder);
        Tensor activated = builder.Apply(new ElementwiseOperation(ElementwiseFunction.ReLU), "relu", Four, h);
        Tensor y = builder.Apply(new AddOperation(), "y", Four, h, activated);

        Assert.Equal("Dense, ReLU, Add", Fused(new NetworkGraph(GraphPurpose.Prediction, x, y, builder.Nodes), single: true));
    }

    [Fact]
    public void A_view_between_keeps_them_apart()
    {
        GraphBuilder builder = Builder();
        (Tensor x, Tensor h) = Product(builder);
        Tensor view = builder.View(h, "view", new Shape(2, 2));
        Tensor y = builder.Apply(new ElementwiseOperation(ElementwiseFunction.ReLU), "relu", view.Shape, view);

        Assert.Equal("Dense, View, ReLU", Fused(new NetworkGraph(GraphPurpose.Prediction, x, y, builder.Nodes), single: true));
    }

    [Fact]
    public void The_prediction_is_not_fused_away()
    {
        GraphBuilder builder = Builder();
        (Tensor x, Tensor h) = Product(builder);
        builder.Apply(new ElementwiseOperation(ElementwiseFunction.ReLU), "relu", Four, h);

        Assert.Equal("Dense, ReLU", Fused(new NetworkGraph(GraphPurpose.Evaluation, x, h, builder.Nodes), single: true));
    }

    [Fact]
    public void The_gradient_of_the_input_is_not_fused_away()
    {
        GraphBuilder builder = Builder(GraphPurpose.Backward);
        Tensor x = builder.NewTensor("x", Four, TensorRole.Input);
        Tensor dy = builder.NewTensor("dy", Four, TensorRole.Targets);
        Tensor weight = builder.AddParameter("weight", new Shape(4, 4), true, true, true, Initialization.Xavier, 4, 4);
        Tensor dx = builder.Apply(new DenseInputGradientOperation(), "dx", Four, dy, weight);
        builder.Apply(new ElementwiseGradientOperation(ElementwiseFunction.ReLU), "dz", Four, dx, x);

        Assert.Equal(
            "DenseInputGradient, ReLUGradient",
            Fused(new NetworkGraph(GraphPurpose.Backward, x, x, builder.Nodes) { InputGradient = dx }, single: false));
    }

    [Fact]
    public void A_fused_node_reads_what_both_read_and_writes_what_the_second_wrote()
    {
        NetworkGraph graph = Declare.Graph(
            Network([3], Dense(4), Layer("ReLU"), Dense(2), Layer("MeanSquaredError")), GraphPurpose.Training);
        Fusion.Run(graph, single: false);

        Node gradient = Assert.Single(graph.Nodes, node => node.Operation is DenseInputGradientOperation { Activation: not null });
        Assert.Equal(["∂dense2", "dense2.weight", "relu1"], gradient.Inputs.Select(input => input.Name));
        Assert.Same(gradient, gradient.Output.Producer);
        Assert.Contains(graph.Nodes, node => node.Operation is TransposeOperation && node.Inputs[0] == gradient.Output);
    }

    private static (Tensor X, Tensor H) Product(GraphBuilder builder)
    {
        Tensor x = builder.NewTensor("x", Four, TensorRole.Input);
        Tensor weight = builder.AddParameter("weight", new Shape(4, 4), true, true, true, Initialization.Xavier, 4, 4);
        return (x, builder.Apply(new DenseOperation(hasBias: false), "h", Four, x, weight));
    }

    private static string Fused(NetworkGraph graph, bool single)
    {
        Fusion.Run(graph, single);
        return string.Join(", ", graph.Nodes.Select(node => node.Operation.Name));
    }
}
