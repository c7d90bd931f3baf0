using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;
using NetGen.Generator.Model;
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
        ProgramPlan plan = ProgramPlan.ForPanels(
            Declare.Graph(Network([64], Repeat(layers, Dense(64), Layer("Tanh"))), GraphPurpose.Prediction));

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

    /// <summary>The widest step of a training network with branches, told by what is alive: nothing can do with less.</summary>
    [Theory]
    [InlineData(nameof(GraphPurpose.Prediction))]
    [InlineData(nameof(GraphPurpose.Training))]
    public void Memory_is_near_the_lower_bound(string name)
    {
        GraphPurpose purpose = Enum.Parse<GraphPurpose>(name);
        LayerDecl loss = Layer("MeanSquaredError"), relu = Layer("ReLU");
        LayerDecl[] chain =
            [.. Enumerable.Range(0, 20).SelectMany(i => new[] { Dense(16 + (i * 37 % 48)), Layer("Tanh") }), Dense(4), loss];
        LayerDecl[] unet =
        [
            Dense(64), relu, Mark("a"), Dense(32), relu, Mark("b"), Dense(16), relu, Mark("c"), Dense(8), relu,
            Dense(16), relu, Join("Concat", "c"), Dense(32), relu, Join("Concat", "b"), Dense(64), relu, Join("Concat", "a"), Dense(4),
            loss,
        ];
        LayerDecl[] residual = [Dense(32), .. Enumerable.Range(0, 8).SelectMany(i => new[]
        {
            Mark($"r{i}"), Dense(32), relu, Dense(32), Join("Add", $"r{i}"), relu,
        }), Dense(4), loss];
        foreach (LayerDecl[] layers in new[] { chain, unet, residual })
        {
            ProgramPlan plan = ProgramPlan.ForPanels(Declare.Graph(Network([64], layers), purpose));
            long bound = LowerBound(plan);

            Assert.InRange(plan.Memory.Floats, bound, bound + (bound / 10));
            ReplayPanels(plan, seed: -1);
        }

        static LayerDecl Mark(string mark) => Join("Mark", mark);

        static LayerDecl Join(string kind, string mark) => Layer(kind, ("name", mark));
    }

    [Fact]
    public void Parts_of_a_concatenation_are_computed_in_their_place()
    {
        LayerDecl[] layers = [Dense(32), Layer("Tanh"), Layer("Mark", ("name", "a")), Dense(16), Layer("Concat", ("name", "a"))];
        foreach (ProgramPlan plan in new[]
        {
            ProgramPlan.ForPanels(Declare.Graph(Network([64], layers), GraphPurpose.Prediction)),
            ProgramPlan.ForSingle(Declare.Graph(Network([64], layers), GraphPurpose.Prediction)),
        })
        {
            Node concat = Assert.Single(plan.Graph.Nodes, node => node.Operation is ConcatOperation);
            Assert.All(concat.Inputs, part => Assert.Same(concat.Output, part.Storage));
            Assert.Equal([0, 16], concat.Inputs.Select(part => part.Offset));
        }
    }

    [Fact]
    public void A_single_sample_keeps_a_part_that_would_reach_into_the_next_one_apart()
    {
        ProgramPlan plan = ProgramPlan.ForSingle(Declare.Graph(
            Network([64], Dense(32), Layer("Tanh"), Layer("Mark", ("name", "a")), Dense(15), Layer("Concat", ("name", "a"))),
            GraphPurpose.Prediction));

        Node concat = Assert.Single(plan.Graph.Nodes, node => node.Operation is ConcatOperation);
        Assert.All(concat.Inputs, part => Assert.NotSame(concat.Output, part.Storage));
        ReplaySingle(plan, seed: -1);
    }

    [Fact]
    public void Depth_costs_an_evaluation_no_memory()
    {
        ProgramPlan shallow = ProgramPlan.ForPanels(
            Declare.Graph(Network([64], Dense(64), Layer("MeanSquaredError")), GraphPurpose.Evaluation));
        ProgramPlan deep = ProgramPlan.ForPanels(
            Declare.Graph(Network([64], [.. Repeat(30, Dense(64)), Layer("MeanSquaredError")]), GraphPurpose.Evaluation));

        Assert.Equal(shallow.Memory.Floats, deep.Memory.Floats);
    }

    /// <summary>The most floats that are alive at any step: from their first use to their last, each float by itself.</summary>
    private static long LowerBound(ProgramPlan plan)
    {
        Dictionary<(Tensor Storage, int Feature), (int First, int Last)> lives = [];
        NetworkGraph graph = plan.Graph;
        List<Node> nodes = [.. plan.Phases.SelectMany(phase => phase.Nodes).Where(node => node.Operation is not ViewOperation)];
        Use(graph.Targets, -1);
        Use(graph.OutputGradient, -1);
        for (int step = 0; step < nodes.Count; step++)
        {
            foreach (Tensor tensor in nodes[step].Inputs.Concat(nodes[step].Outputs))
                Use(tensor, step);
        }

        Use(graph.Purpose == GraphPurpose.Prediction ? graph.Output : null, nodes.Count);
        Use(graph.Losses, nodes.Count);
        return Panel.Lanes * Enumerable.Range(-1, nodes.Count + 2)
            .Max(step => lives.Values.LongCount(life => life.First <= step && step <= life.Last));

        void Use(Tensor? tensor, int step)
        {
            if (tensor?.Storage.Role is not (TensorRole.Activation or TensorRole.Targets))
                return;
            int features = MemoryPlan.PanelFloats(tensor) / Panel.Lanes;
            for (int feature = tensor.Offset; feature < tensor.Offset + features; feature++)
            {
                lives[(tensor.Storage, feature)] = lives.TryGetValue((tensor.Storage, feature), out var life)
                    ? (life.First, step) : (step, step);
            }
        }
    }

    private static Tensor Product(GraphBuilder builder, Tensor x, int units)
    {
        Tensor weight = builder.AddParameter(
            "weight", new Shape(units, x.Shape.Last), true, true, true, Initialization.Xavier, x.Shape.Last, units);
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
            // A concatenation writes what does not lie in it already.
            foreach (Tensor y in node.Outputs.Where(_ => node.Operation is not ConcatOperation))
                Write(y);
            if (node.Operation is ConcatOperation)
                WriteCopies(node);
            // A kernel writes while it still reads.
            foreach (Tensor tensor in node.Inputs.Concat(node.Outputs))
                Read(tensor);
        }

        bool outputIsRead = graph.Purpose is GraphPurpose.Prediction or GraphPurpose.Evaluation;
        foreach (Tensor? result in new[] { outputIsRead ? graph.Output : null, graph.Losses, graph.InputGradient })
            Read(result);

        // Behind a part lies the next one, and nothing that only fills the last vector.
        Span<Tensor?> Place(Tensor tensor) => owners.AsSpan(
            plan.Memory.OffsetOf(tensor),
            tensor.Place == tensor.Storage ? floats(tensor) : (int)tensor.Shape.Length * (holdsInput ? 1 : Panel.Lanes));

        void Write(Tensor? tensor)
        {
            if (Lives(tensor))
                Place(tensor!).Fill(tensor!.Storage);
        }

        void Read(Tensor? tensor)
        {
            if (!Lives(tensor))
                return;
            foreach (Tensor? owner in Place(tensor!))
                Assert.True(owner == tensor!.Storage, $"seed {seed}: {tensor} was overwritten by {owner}");
        }

        void WriteCopies(Node node)
        {
            for (int part = 0; part < node.Inputs.Count; part++)
            {
                int lanes = holdsInput ? 1 : Panel.Lanes, start = ConcatOperation.StartOf(node, part);
                if (node.Inputs[part].Storage != node.Output.Storage || node.Inputs[part].Offset != node.Output.Offset + start)
                {
                    owners.AsSpan(plan.Memory.OffsetOf(node.Output) + (start * lanes), (int)node.Inputs[part].Shape.Length * lanes)
                        .Fill(node.Output.Storage);
                }
            }

            // Behind the last part lies only what fills the last vector.
            int end = (int)node.Output.Shape.Length * (holdsInput ? 1 : Panel.Lanes);
            Place(node.Output)[end..].Fill(node.Output.Storage);
        }

        bool Lives(Tensor? tensor) =>
            tensor?.Storage.Role is TensorRole.Activation or TensorRole.Targets || (holdsInput && tensor?.Storage.Role is TensorRole.Input);
    }

}
