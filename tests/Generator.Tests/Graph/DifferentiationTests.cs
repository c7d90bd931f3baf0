using NetGen.Generator.Graph;
using NetGen.Generator.Model;
using NetGen.Generator.Operations;
using static NetGen.Generator.Tests.Graph.Declare;

namespace NetGen.Generator.Tests.Graph;

/// <summary>The backward graph: which gradients there are, and which there are not.</summary>
public class DifferentiationTests
{
    private static readonly Shape Four = new(4);

    [Fact]
    public void Gradients_of_a_value_used_twice_are_added()
    {
        GraphBuilder builder = Builder();
        Tensor x = builder.NewTensor("x", Four, TensorRole.Input);
        Tensor h = builder.Apply(new ElementwiseOperation(ElementwiseFunction.Tanh), "h", Four, x);
        Tensor left = builder.Apply(new ElementwiseOperation(ElementwiseFunction.ReLU), "left", Four, h);
        Tensor right = builder.Apply(new ElementwiseOperation(ElementwiseFunction.Sigmoid), "right", Four, h);
        Tensor y = builder.Apply(new AddOperation(), "y", Four, left, right);
        Differentiation differentiation = Run(builder, y, x);

        Tensor sum = differentiation.GradientOf(h)!;
        Assert.IsType<AddOperation>(sum.Producer!.Operation);
        Assert.Equal(
            ["ReLUGradient", "SigmoidGradient"],
            sum.Producer.Inputs.Select(part => part.Producer!.Operation.Name).Order(StringComparer.Ordinal));
        Assert.Same(sum, differentiation.GradientOf(x)!.Producer!.Inputs[0]);
    }

    [Fact]
    public void A_value_used_three_times_has_two_additions()
    {
        GraphBuilder builder = Builder();
        Tensor x = builder.NewTensor("x", Four, TensorRole.Input);
        Tensor[] uses =
            [.. Enumerable.Range(0, 3).Select(_ => builder.Apply(new ElementwiseOperation(ElementwiseFunction.Tanh), "use", Four, x))];
        Tensor y = builder.Apply(new AddOperation(), "y", Four, builder.Apply(new AddOperation(), "two", Four, uses[0], uses[1]), uses[2]);
        int forward = builder.Nodes.Count;
        Run(builder, y, x);

        Assert.Equal(2, builder.Nodes.Skip(forward).Count(node => node.Operation is AddOperation));
        Assert.Equal(3, builder.Nodes.Skip(forward).Count(node => node.Operation is ElementwiseGradientOperation));
    }

    [Fact]
    public void A_value_added_to_itself_has_twice_its_gradient()
    {
        GraphBuilder builder = Builder();
        Tensor x = builder.NewTensor("x", Four, TensorRole.Input);
        Tensor y = builder.Apply(new AddOperation(), "y", Four, x, x);
        Differentiation differentiation = Run(builder, y, x);

        Node sum = differentiation.GradientOf(x)!.Producer!;
        Assert.IsType<AddOperation>(sum.Operation);
        Assert.Same(sum.Inputs[0].Storage, sum.Inputs[1].Storage);
    }

    [Fact]
    public void The_gradient_of_a_view_is_a_view()
    {
        GraphBuilder builder = Builder();
        Tensor x = builder.NewTensor("x", new Shape(2, 2), TensorRole.Input);
        Tensor y = builder.View(x, "y", Four);
        Tensor seed = builder.NewTensor("∂y", Four, TensorRole.Targets);
        Differentiation differentiation = new(builder, builder.Nodes, [x]);
        differentiation.Seed(y, seed);
        differentiation.Run();

        Assert.Equal(x.Shape, differentiation.GradientOf(x)!.Shape);
        Assert.Same(seed, differentiation.GradientOf(x)!.Storage);
    }

    [Fact]
    public void Frozen_layers_have_no_gradient_code()
    {
        NetworkGraph graph = Declare.Graph(
            Network(
                [3], Dense(8, ("Trainable", false)), Layer("Tanh"), Dense(7, ("TrainBias", false)), Layer("Tanh"), Dense(2),
                Layer("MeanSquaredError")),
            GraphPurpose.Training);

        Assert.Equal(
            ["dense2.weight", "dense3.bias", "dense3.weight"],
            graph.Nodes.SelectMany(node => node.Outputs).Where(output => output.Role == TensorRole.ParameterGradient)
                .Select(gradient => gradient.Parameter!.Name).Order(StringComparer.Ordinal));
        // Nothing before dense2 is differentiated: the only gradients of values are those behind it.
        Assert.Single(graph.Nodes, node => node.Operation is DenseInputGradientOperation);
        Assert.Single(graph.Nodes, node => node.Operation is ElementwiseGradientOperation);
    }

    [Fact]
    public void A_frozen_layer_between_trained_ones_passes_the_gradient_on()
    {
        NetworkGraph graph = Declare.Graph(
            Network([3], Dense(8), Dense(7, ("Trainable", false)), Dense(2, ("Trainable", false)), Layer("MeanSquaredError")),
            GraphPurpose.Training);

        Assert.Equal(
            ["dense1.bias", "dense1.weight"],
            graph.Nodes.SelectMany(node => node.Outputs).Where(output => output.Role == TensorRole.ParameterGradient)
                .Select(gradient => gradient.Parameter!.Name).Order(StringComparer.Ordinal));
        Assert.Equal(2, graph.Nodes.Count(node => node.Operation is DenseInputGradientOperation));
    }

    [Theory]
    [InlineData(nameof(GraphPurpose.Training), 1)]
    [InlineData(nameof(GraphPurpose.Backward), 2)]
    public void The_input_has_a_gradient_only_where_it_is_wanted(string name, int inputGradients)
    {
        GraphPurpose purpose = Enum.Parse<GraphPurpose>(name);
        NetworkGraph graph = Declare.Graph(Network([3], Dense(8), Layer("Tanh"), Dense(2), Layer("MeanSquaredError")), purpose);

        Assert.Equal(inputGradients, graph.Nodes.Count(node => node.Operation is DenseInputGradientOperation));
        Assert.Equal(purpose == GraphPurpose.Backward ? graph.Input.Shape : null, graph.InputGradient?.Shape);
    }

    [Fact]
    public void A_fused_loss_leaves_its_last_layer_out_of_training()
    {
        NetworkDecl declaration = Network([3], Dense(4), Layer("Softmax"), Layer("CrossEntropy"));

        Assert.DoesNotContain(Declare.Graph(declaration, GraphPurpose.Training).Nodes, node => node.Operation is SoftmaxOperation);
        Assert.Contains(Declare.Graph(declaration, GraphPurpose.Evaluation).Nodes, node => node.Operation is SoftmaxOperation);
        Assert.Contains(Declare.Graph(declaration, GraphPurpose.Backward).Nodes, node => node.Operation is SoftmaxGradientOperation);
    }

    [Fact]
    public void Every_node_comes_after_those_it_reads()
    {
        foreach (GraphPurpose purpose in Enum.GetValues<GraphPurpose>())
        {
            HashSet<Node> seen = [];
            foreach (Node node in Declare.Graph(Network([5], [.. Repeat(3, Dense(4), Layer("Tanh")), Layer("MeanSquaredError")]), purpose).Nodes)
            {
                Assert.All(node.Inputs.Where(input => input.Producer is not null), input => Assert.Contains(input.Producer!, seen));
                seen.Add(node);
            }
        }
    }

    private static Differentiation Run(GraphBuilder builder, Tensor y, Tensor x)
    {
        Differentiation differentiation = new(builder, builder.Nodes, [x]);
        differentiation.Seed(y, builder.NewTensor("∂y", y.Shape, TensorRole.Targets));
        differentiation.Run();
        return differentiation;
    }
}
