using NetGen.Generator.Graph;
using NetGen.Generator.Operations;
using NetGen.Generator.Planning;
using NetGen.Generator.Tests.Graph;
using static NetGen.Generator.Tests.Graph.Declare;
// Schedule alone would be that of learning rates: NetGen encloses this namespace.
using PhaseSchedule = NetGen.Generator.Planning.Schedule;

namespace NetGen.Generator.Tests.Planning;

/// <summary>Few phases, in an order in which everything is computed before it is read.</summary>
public class ScheduleTests
{
    [Theory]
    [InlineData(nameof(GraphPurpose.Prediction), "Samples")]
    [InlineData(nameof(GraphPurpose.Evaluation), "Samples")]
    [InlineData(nameof(GraphPurpose.Training), "Samples, Parameters")]
    [InlineData(nameof(GraphPurpose.Backward), "Samples, Parameters")]
    public void A_dense_network_has_its_samples_first_and_its_parameters_second(string name, string scopes)
    {
        GraphPurpose purpose = Enum.Parse<GraphPurpose>(name);
        IReadOnlyList<Phase> phases = PhaseSchedule.Of(Declare.Graph(
            Network([5], [.. Repeat(4, Dense(6), Layer("ReLU")), Dense(3), Layer("Softmax"), Layer("CrossEntropy")]), purpose));

        Assert.Equal(scopes, string.Join(", ", phases.Select(phase => phase.Scope)));
        Assert.All(phases, phase => Assert.All(phase.Nodes, node => Assert.Equal(phase.Scope, node.Operation.Scope)));
    }

    [Theory]
    [InlineData(true, nameof(GraphPurpose.Training), "Terms, Samples, Parameters")]
    [InlineData(true, nameof(GraphPurpose.Backward), "Terms, Samples, Parameters")]
    [InlineData(true, nameof(GraphPurpose.Prediction), "Samples")]
    [InlineData(true, nameof(GraphPurpose.Evaluation), "Samples")]
    [InlineData(false, nameof(GraphPurpose.Training), "Samples, Parameters")]
    public void A_large_first_layer_that_trains_is_split_by_terms(bool trains, string name, string scopes)
    {
        NetworkGraph graph = Declare.Graph(
            Network([700], Dense(100, ("Trainable", trains)), Layer("ReLU"), Dense(3), Layer("MeanSquaredError")),
            Enum.Parse<GraphPurpose>(name));

        InputLayout.Run(graph);

        Assert.Equal(scopes, string.Join(", ", PhaseSchedule.Of(graph).Select(phase => phase.Scope)));
    }

    [Theory]
    [InlineData(nameof(GraphPurpose.Prediction), 1, 1)]
    [InlineData(nameof(GraphPurpose.Evaluation), 3, 1)]
    [InlineData(nameof(GraphPurpose.Training), 1, 6)]
    [InlineData(nameof(GraphPurpose.Training), 3, 14)]
    [InlineData(nameof(GraphPurpose.Backward), 1, 6)]
    public void Each_batch_normalisation_adds_two_phases_forward_and_two_back(string name, int norms, int expected)
    {
        IReadOnlyList<Phase> phases = PhaseSchedule.Of(Declare.Graph(
            Network([5], [.. Repeat(norms, Dense(6), Layer("BatchNorm"), Layer("ReLU")), Dense(3), Layer("MeanSquaredError")]),
            Enum.Parse<GraphPurpose>(name)));

        Assert.Equal(expected, phases.Count);
        for (int i = 0; i < phases.Count; i++)
            Assert.Equal(i % 2 == 0 ? Scope.Samples : Scope.Parameters, phases[i].Scope);
    }

    [Theory, InlineData("BatchNorm"), InlineData("PReLU"), InlineData("LayerNorm")]
    public void A_parameter_changes_after_all_that_read_it(string layer)
    {
        IReadOnlyList<Phase> phases = PhaseSchedule.Of(Declare.Graph(
            Network([5], Dense(6), Layer(layer), Dense(4), Layer("BatchNorm"), Dense(3), Layer("MeanSquaredError")),
            GraphPurpose.Training));
        var steps = phases.SelectMany((phase, number) => phase.Nodes.Select(node => (Node: node, Phase: number))).ToArray();
        var updates = steps.SelectMany(step => step.Node.Outputs.Where(output => output.Role == TensorRole.ParameterGradient)
            .Select(output => (output.Parameter, step.Node, step.Phase))).ToArray();

        Assert.NotEmpty(updates);
        foreach (var (parameter, update, phase) in updates)
        {
            foreach (var reader in steps.Where(step => step.Node != update && step.Node.Inputs.Any(input => input.Parameter == parameter)))
                Assert.InRange(reader.Phase, 0, phase - 1);
        }
    }

    [Fact]
    public void No_node_comes_before_what_it_reads()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            NetworkGraph graph = RandomGraphs.Create(seed);
            Fusion.Run(graph, single: false);
            Node[] order = [.. PhaseSchedule.Of(graph).SelectMany(phase => phase.Nodes)];

            Assert.Equal(graph.Nodes.Count, order.Distinct().Count());
            for (int i = 0; i < order.Length; i++)
            {
                foreach (Tensor input in order[i].Inputs.Where(input => input.Producer is not null))
                    Assert.InRange(Array.IndexOf(order, input.Producer), 0, i - 1);
            }
        }
    }

    [Fact]
    public void Work_by_samples_after_work_by_parameters_opens_a_third_phase()
    {
        GraphBuilder builder = Builder();
        Shape four = new(4);
        Tensor x = builder.NewTensor("x", four, TensorRole.Input);
        Tensor before = builder.Apply(new ElementwiseOperation(ElementwiseFunction.Tanh), "before", four, x);
        Tensor sums = builder.Apply(new BiasGradientOperation(), "sums", four, before);
        Tensor after = builder.Apply(new AddOperation(), "after", four, x, sums);

        IReadOnlyList<Phase> phases = PhaseSchedule.Of(new NetworkGraph(GraphPurpose.Training, x, after, builder.Nodes));

        Assert.Equal([Scope.Samples, Scope.Parameters, Scope.Samples], phases.Select(phase => phase.Scope));
        Assert.Equal(["before", "sums", "after"], phases.SelectMany(phase => phase.Nodes).Select(node => node.Name));
    }

    [Theory]
    [InlineData(1, 6, 28, 5, true)]          // LeNet's first
    [InlineData(6, 16, 14, 5, true)]         // its second: 2,400 weights, 138,000 values a block
    [InlineData(64, 64, 8, 3, true)]         // the last stage of ResNet-20
    [InlineData(64, 64, 7, 3, false)]        // 49 positions are few to sum over
    [InlineData(512, 512, 8, 3, false)]      // 2.4 million weights, 2.1 million values a block
    public void A_convolution_sums_its_gradients_block_by_block_where_values_outweigh_weights(
        int channels, int filters, int size, int kernel, bool byBlock)
    {
        NetworkGraph graph = Declare.Graph(
            Network([channels, size, size], Convolution(filters, kernel), Layer("GlobalAveragePool"), Layer("MeanSquaredError")),
            GraphPurpose.Training);

        Phase update = Assert.Single(PhaseSchedule.Of(graph), phase => phase.Scope == Scope.Parameters);
        string[] expected = byBlock ? ["BlockSum", "BlockSum"] : ["ConvolutionWeightGradient", "ChannelSum"];
        Assert.Equal(expected, update.Nodes.Select(node => node.Operation.Name));
        if (byBlock)
            Assert.All(update.Nodes, node => Assert.Equal(Layout.Block, Assert.Single(node.Inputs).Producer!.Operation.OutputLayout));
    }

    private static Model.LayerDecl Convolution(int filters, int kernel) =>
        Layer("Conv2D", ("filters", filters), ("kernel", kernel), ("Padding", kernel / 2));
}
