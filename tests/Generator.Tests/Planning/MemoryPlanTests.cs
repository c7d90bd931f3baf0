using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;
using NetGen.Generator.Operations;
using NetGen.Generator.Planning;
using NetGen.Generator.Tests.Graph;
using static NetGen.Generator.Tests.Graph.Declare;

namespace NetGen.Generator.Tests.Planning;

/// <summary>No value is overwritten while somebody still reads it, and little memory is wasted.</summary>
public class MemoryPlanTests
{
    [Fact]
    public void No_value_is_overwritten_before_its_last_use()
    {
        for (int seed = 0; seed < 500; seed++)
        {
            ReplayPanels(ProgramPlan.ForPanels(RandomGraphs.Create(seed)), seed);
            ReplaySingle(ProgramPlan.ForSingle(RandomGraphs.Create(seed)), seed);
        }
    }

    [Theory]
    [InlineData(nameof(GraphPurpose.Prediction))]
    [InlineData(nameof(GraphPurpose.Evaluation))]
    [InlineData(nameof(GraphPurpose.Training))]
    [InlineData(nameof(GraphPurpose.Backward))]
    public void Declared_networks_replay_as_well(string name)
    {
        GraphPurpose purpose = Enum.Parse<GraphPurpose>(name);
        NetworkGraph graph = Declare.Graph(
            Network([7, 3], Dense(9), Layer("Tanh"), Layer("Flatten"), Dense(5), Layer("ReLU"), Dense(3), Layer("Softmax"), Layer("CrossEntropy")), purpose);
        ReplayPanels(ProgramPlan.ForPanels(graph), seed: -1);
    }

    /// <summary>The replay itself must see an overlap.</summary>
    [Fact]
    public void Replay_finds_an_overlap()
    {
        ProgramPlan plan = ProgramPlan.ForPanels(RandomGraphs.Create(seed: 3));

        // Every tensor twice as large as it was planned for.
        Assert.ThrowsAny<Exception>(() => Replay(plan, tensor => 2 * MemoryPlan.PanelFloats(tensor), holdsInput: false, seed: 3));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(50)]
    public void A_chain_of_equal_layers_predicts_in_the_memory_of_two(int layers)
    {
        ProgramPlan plan = ProgramPlan.ForPanels(Declare.Graph(Network([64], Repeat(layers, Dense(64), Layer("Tanh"))), GraphPurpose.Prediction));

        Assert.Equal(2 * 64 * Panel.Lanes, plan.Memory.Floats);
    }

    [Fact]
    public void Values_saved_on_the_way_down_of_a_U_leave_no_holes()
    {
        // Down: 64, 32, 16, 8; back up, each step adds the value of its size from the way down.
        GraphBuilder builder = Builder(GraphPurpose.Prediction);
        Tensor input = builder.NewTensor("input", new Shape(64), TensorRole.Input);
        Stack<Tensor> saved = [];
        Tensor current = input;
        foreach (int units in new[] { 32, 16, 8 })
        {
            saved.Push(current);
            current = Product(builder, current, units);
        }

        while (saved.TryPop(out Tensor? other))
            current = builder.Apply(new AddOperation(), "add", other.Shape, Product(builder, current, other.Shape.Last), other);
        NetworkGraph graph = new(GraphPurpose.Prediction, input, current, builder.Nodes);
        ProgramPlan plan = ProgramPlan.ForPanels(graph);

        // At the widest step 64 saved, 64 from below and 64 for the sum live together.
        int bound = 3 * 64 * Panel.Lanes;
        Assert.InRange(plan.Memory.Floats, bound, bound + (bound / 10));
        ReplayPanels(plan, seed: -1);
    }

    [Fact]
    public void Depth_costs_an_evaluation_no_memory()
    {
        ProgramPlan shallow = ProgramPlan.ForPanels(Declare.Graph(Network([64], Dense(64), Layer("MeanSquaredError")), GraphPurpose.Evaluation));
        ProgramPlan deep = ProgramPlan.ForPanels(
            Declare.Graph(Network([64], [.. Repeat(30, Dense(64)), Layer("MeanSquaredError")]), GraphPurpose.Evaluation));

        Assert.Equal(shallow.Memory.Floats, deep.Memory.Floats);
    }

    private static Tensor Product(GraphBuilder builder, Tensor x, int units)
    {
        Tensor weight = builder.AddParameter("weight", new Shape(units, x.Shape.Last), true, true, true, Initialization.Xavier, x.Shape.Last, units);
        return builder.Apply(new DenseOperation(hasBias: false), "product", new Shape(units), x, weight);
    }

    /// <summary>Blocks of samples read the input where the caller has it.</summary>
    private static void ReplayPanels(ProgramPlan plan, int seed) => Replay(plan, MemoryPlan.PanelFloats, holdsInput: false, seed);

    private static void ReplaySingle(ProgramPlan plan, int seed) =>
        Replay(plan, tensor => Panel.Padded((int)tensor.Shape.Length), holdsInput: true, seed);

    /// <summary>Runs the steps on a memory that remembers whose each float is.</summary>
    private static void Replay(ProgramPlan plan, Func<Tensor, int> floats, bool holdsInput, int seed)
    {
        NetworkGraph graph = plan.Graph;
        Tensor?[] owners = new Tensor?[plan.Memory.Floats];
        foreach (Tensor? given in new[] { graph.Input, graph.Targets, graph.OutputGradient })
            Write(given);
        foreach (Tensor? given in new[] { graph.Input, graph.Targets, graph.OutputGradient })
            Read(given);
        foreach (Node node in plan.Phases.SelectMany(phase => phase.Nodes).Where(node => node.Operation is not ViewOperation))
        {
            foreach (Tensor x in node.Inputs)
                Read(x);
            foreach (Tensor y in node.Outputs)
                Write(y);
            // A kernel writes while it still reads.
            foreach (Tensor tensor in node.Inputs.Concat(node.Outputs))
                Read(tensor);
        }

        bool outputIsRead = graph.Purpose is GraphPurpose.Prediction or GraphPurpose.Evaluation;
        foreach (Tensor? result in new[] { outputIsRead ? graph.Output : null, graph.Losses, graph.InputGradient })
            Read(result);

        Span<Tensor?> Place(Tensor storage) => owners.AsSpan(plan.Memory.OffsetOf(storage), floats(storage));

        void Write(Tensor? tensor)
        {
            if (Lives(tensor))
                Place(tensor!.Storage).Fill(tensor.Storage);
        }

        void Read(Tensor? tensor)
        {
            if (!Lives(tensor))
                return;
            foreach (Tensor? owner in Place(tensor!.Storage))
                Assert.True(owner == tensor.Storage, $"seed {seed}: {tensor} was overwritten by {owner}");
        }

        bool Lives(Tensor? tensor) =>
            tensor?.Storage.Role is TensorRole.Activation or TensorRole.Targets || (holdsInput && tensor?.Storage.Role is TensorRole.Input);
    }

}
