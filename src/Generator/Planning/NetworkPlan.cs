using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;
using NetGen.Generator.Model;
using NetGen.Generator.Operations;

namespace NetGen.Generator.Planning;

/// <summary>One graph with its order and its memory.</summary>
internal sealed record ProgramPlan(NetworkGraph Graph, IReadOnlyList<Phase> Phases, MemoryPlan Memory)
{
    /// <summary>Whether a parameter is used several times, so that the sum of its gradients must wait in memory.</summary>
    public bool SumsGradients => Graph.Nodes.SelectMany(node => node.Outputs).Any(output => output.Share != GradientShare.Whole);

    public static ProgramPlan ForPanels(NetworkGraph graph)
    {
        Fusion.Run(graph, single: false);
        InputLayout.Run(graph);
        Concatenations.Run(graph, granularity: 1);
        IReadOnlyList<Phase> phases = Schedule.Of(graph);
        return new ProgramPlan(graph, phases, MemoryPlan.ForPanels(graph, phases));
    }

    public static ProgramPlan ForSingle(NetworkGraph graph)
    {
        Fusion.Run(graph, single: true);
        SingleConvolutions.Run(graph);
        Concatenations.Run(graph, granularity: Panel.Padded(1));
        IReadOnlyList<Phase> phases = Schedule.Of(graph);
        return new ProgramPlan(graph, phases, MemoryPlan.ForSingle(graph, phases));
    }
}

/// <summary>Everything that will be printed for a network.</summary>
internal sealed class NetworkPlan
{
    /// <summary>Floats of which several blocks fit a second-level cache.</summary>
    private const int CachedFloats = 32_768;

    private NetworkPlan(NetworkDecl declaration)
    {
        Declaration = declaration;
        BuiltGraph prediction = GraphBuilder.Build(declaration, GraphPurpose.Prediction);
        Parameters = prediction.Parameters;
        Layers = prediction.Layers;
        Prediction = ProgramPlan.ForPanels(prediction.Graph!);
        Single = ProgramPlan.ForSingle(Graph(GraphPurpose.Prediction));
        IsSmall = SmallNetwork.Fits(Single, Layers);
        Inputs = prediction.Inputs;
        Outputs = prediction.Outputs;
        LayerDecl[] losses = [.. declaration.Layers.Where(layer => LossTable.Find(layer.Kind) is not null)];
        if (losses.Length > 1)
            Loss = string.Join(" + ", losses.Select(Describe));
        string last = declaration.Layers[declaration.Layers.Count - 1].Kind;
        if (LossTable.Find(last) is null)
            return;
        Loss ??= last;
        TakesLabels = losses.Length == 1 && Outputs.Count == 0 && LossTable.TakesLabels(last);
        Evaluation = ProgramPlan.ForPanels(Graph(GraphPurpose.Evaluation));
        NetworkGraph training = Graph(GraphPurpose.Training);
        if (!TakesLabels && TinyTraining.Fits(training, Parameters))
            Tiny = training;
        else
            Training = ProgramPlan.ForPanels(training);
        Backward = ProgramPlan.ForPanels(Graph(GraphPurpose.Backward));
        HashSet<string> reached = [.. training.Nodes.SelectMany(node => node.Outputs)
            .Where(output => output.Role == TensorRole.ParameterGradient).Select(output => output.Parameter!.Name)];
        Trained = [.. Parameters.Where(parameter => reached.Contains(parameter.Name))];
    }

    public NetworkDecl Declaration { get; }

    /// <summary>The inputs, where there are several.</summary>
    public IReadOnlyList<Port> Inputs { get; }

    /// <summary>The outputs, where there are several.</summary>
    public IReadOnlyList<Port> Outputs { get; }

    public IReadOnlyList<Parameter> Parameters { get; }

    public IReadOnlyList<LayerSummary> Layers { get; }

    /// <summary>The loss attribute's kind, or null for a network that predicts only.</summary>
    public string? Loss { get; }

    public bool TakesLabels { get; }

    /// <summary>A weight per class in the loss, or none.</summary>
    public EquatableArray<float> ClassWeights => Loss is null
        ? EquatableArray<float>.Empty
        : Declaration.Layers[Declaration.Layers.Count - 1].Get("ClassWeights", EquatableArray<float>.Empty);

    public ProgramPlan Prediction { get; }

    /// <summary>Prediction of one sample.</summary>
    public ProgramPlan Single { get; }

    /// <summary>Whether one sample's prediction is a single method.</summary>
    public bool IsSmall { get; }

    public ProgramPlan? Evaluation { get; }

    /// <summary>The training step on blocks of samples; null without a loss and for tiny networks.</summary>
    public ProgramPlan? Training { get; }

    /// <summary>The training step of a tiny network, which is a single method; otherwise null.</summary>
    public NetworkGraph? Tiny { get; }

    public ProgramPlan? Backward { get; }

    /// <summary>Whether training draws random numbers, or the gradient of an output that is not trained.</summary>
    public bool IsRandom => DrawsNumbers(Training) || DrawsNumbers(Backward);

    /// <summary>Whether the training loss has penalties of weights.</summary>
    public bool IsPenalized => Trained.Any(parameter => parameter.IsPenalized);

    /// <summary>The parameters that a training step changes: those that are not frozen, and that a loss reaches.</summary>
    public IReadOnlyList<Parameter> Trained { get; } = [];

    /// <summary>The first layer that cannot train from a single sample, for it takes statistics of one value a sample; or null.</summary>
    public string? NeedsPair =>
        Training?.Graph.Nodes.FirstOrDefault(node => node.Operation is BatchMomentsOperation { NeedsPair: true })?.Name;

    public int ParameterCount => Parameters.Sum(parameter => parameter.Length);

    public Shape InputShape => Prediction.Graph.Input.Shape;

    public Shape OutputShape => Prediction.Graph.Output.Shape;

    /// <summary>Whether one block of samples after the other goes through the whole program: where its values weigh more than the
    /// parameters, which each block then reads anew, and are too many to wait in the second-level cache while other blocks pass.</summary>
    public bool GoesBlockByBlock(ProgramPlan program) => program.Memory.Floats > Math.Max(ParameterCount, CachedFloats);

    /// <summary>Samples that a prediction takes through the network together: four blocks, which bounds its memory, or one.</summary>
    public int ChunkOf(ProgramPlan program) => (GoesBlockByBlock(program) ? 1 : 4) * Panel.Lanes;

    /// <summary>Plans a declaration that has passed every check.</summary>
    public static NetworkPlan Of(NetworkDecl declaration) => new(declaration);

    /// <summary>A loss as the summary names it: <c>0.5 · MeanSquaredError(value)</c>.</summary>
    private static string Describe(LayerDecl loss)
    {
        float weight = loss.Get("Weight", 1f);
        string output = loss.Get("Output", "");
        return (weight == 1f ? "" : FormattableString.Invariant($"{weight:R} · ")) + loss.Kind + (output.Length == 0 ? "" : $"({output})");
    }

    private static bool DrawsNumbers(ProgramPlan? program) => program?.Graph.Nodes.Any(node => node.Operation.UsesRandomNumbers) == true;

    private NetworkGraph Graph(GraphPurpose purpose) => GraphBuilder.Build(Declaration, purpose).Graph!;
}
