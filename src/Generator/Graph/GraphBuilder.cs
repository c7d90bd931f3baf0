using Microsoft.CodeAnalysis;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Model;
using NetGen.Generator.Operations;

namespace NetGen.Generator.Graph;

/// <summary>Turns a declaration into graphs: shapes are inferred, parameters placed, and what does not fit is reported.</summary>
internal sealed class GraphBuilder
{
    /// <summary>Most floats that one network may hold: what an array of floats can address with room for alignment.</summary>
    public const long MaximumParameters = 536_870_911;

    /// <summary>Most floats that the values of one sample may have, input and layers together: a block of 32 samples with all gradients
    /// then stays within the range of int.</summary>
    public const long MaximumValues = 16_777_216;

    private readonly NetworkDecl declaration;
    private readonly List<Node> nodes = [];
    private readonly List<Parameter> parameters = [];
    private readonly List<LayerSummary> layers = [];
    private readonly List<Problem> problems = [];
    private readonly IReadOnlyList<string> names;
    private readonly Dictionary<string, Tensor> parametersByName = new(StringComparer.Ordinal);
    private (float L1, float L2) penalty;
    private long parameterCount;
    private int nextTensor, nextRandomStream, currentLayer;

    /// <summary>Number of the latest layer apart from inputs; 0 before the first one.</summary>
    private int lastLayer;

    private bool sharedMisfit;

    /// <summary>An empty graph; <see cref="Build(NetworkDecl, GraphPurpose)"/> fills it from the declaration.</summary>
    public GraphBuilder(NetworkDecl declaration, GraphPurpose purpose)
    {
        this.declaration = declaration;
        names = LayerNames.Of(declaration.Layers);
        Purpose = purpose;
        Outputs = new NetworkOutputs(this, declaration);
    }

    public GraphPurpose Purpose { get; }

    /// <summary>Whether operations take their training form.</summary>
    public bool Training => Purpose is GraphPurpose.Training or GraphPurpose.Backward;

    /// <summary>In an order in which they can run.</summary>
    public IReadOnlyList<Node> Nodes => nodes;

    /// <summary>The values that have names.</summary>
    public Marks Marks { get; } = new();

    /// <summary>The outputs named so far.</summary>
    public NetworkOutputs Outputs { get; }

    /// <summary>The inputs; null before they are built.</summary>
    public NetworkInputs? Inputs { get; private set; }

    /// <summary>Builds what tells whether the declaration can be compiled: its problems are all there are.</summary>
    public static BuiltGraph Check(NetworkDecl declaration)
    {
        bool trains = declaration.Layers.Any(layer => LossTable.Find(layer.Kind) is not null);
        return Build(declaration, trains ? GraphPurpose.Training : GraphPurpose.Prediction);
    }

    /// <summary>Builds the graph for one purpose.</summary>
    public static BuiltGraph Build(NetworkDecl declaration, GraphPurpose purpose)
    {
        GraphBuilder builder = new(declaration, purpose);
        NetworkGraph? graph = builder.Build();
        return new BuiltGraph(graph, builder.parameters, builder.layers, builder.problems)
        {
            Inputs = builder.Inputs?.Ports ?? [],
            Outputs = builder.Outputs.Ports,
        };
    }

    /// <summary>A new intermediate value.</summary>
    public Tensor NewTensor(string name, Shape shape, TensorRole role = TensorRole.Activation, Parameter? parameter = null) =>
        new(nextTensor++, name, shape, role) { Parameter = parameter };

    /// <summary>A number for each layer that is random, the same in the graphs of all purposes.</summary>
    public int NextRandomStream() => nextRandomStream++;

    /// <summary>Applies an operation with one output.</summary>
    public Tensor Apply(Operation operation, string name, Shape outputShape, params Tensor[] inputs)
    {
        Tensor output = NewTensor(name, outputShape);
        Apply(operation, name, inputs, output);
        return output;
    }

    /// <summary>Applies an operation whose outputs exist.</summary>
    public void Apply(Operation operation, string name, Tensor[] inputs, params Tensor[] outputs)
    {
        Node node = new(operation, name, inputs, outputs);
        foreach (Tensor output in outputs)
            output.Producer = node;
        nodes.Add(node);
    }

    /// <summary>The same value under another shape: no copy, no code.</summary>
    public Tensor View(Tensor tensor, string name, Shape shape)
    {
        Tensor view = Apply(new ViewOperation(), name, shape, tensor);
        view.ViewOf = tensor;
        return view;
    }

    /// <summary>The floats from <paramref name="offset"/> on under a shape of their own: no copy, no code.</summary>
    public Tensor Part(Tensor tensor, string name, Shape shape, int offset)
    {
        Tensor part = Apply(new ViewOperation(offset), name, shape, tensor);
        part.ViewOf = tensor;
        part.ViewOffset = offset;
        return part;
    }

    /// <summary>A parameter at the next free place of the flat vector. Weights, which are what decays, get the layer's penalties. In a
    /// block that shares its parameters it is the one that is there.</summary>
    public Tensor AddParameter(
        string name, Shape shape, bool transposed, bool trainable, bool decays, Initialization start, int fanIn, int fanOut,
        float startValue = 0f)
    {
        if (currentLayer < declaration.Layers.Count && declaration.Layers[currentLayer].Block is { IsShared: true }
            && parametersByName.TryGetValue(name, out Tensor? shared))
        {
            if (shared.Shape != shape)
            {
                sharedMisfit = true;
                Report(
                    Descriptors.SharedShape, currentLayer + 1, names[currentLayer], declaration.Type.Name, name, shape.Describe(),
                    shared.Shape.Describe());
            }

            return shared;
        }

        // An overflowing count is reported once, at the end of its layer; the offset no longer matters then.
        int offset = (int)Math.Min(parameterCount, MaximumParameters);
        bool penalized = decays && trainable;
        Parameter parameter = new(name, shape, transposed, offset, trainable, decays, start, fanIn, fanOut)
        {
            StartValue = startValue,
            L1 = penalized ? penalty.L1 : 0f,
            L2 = penalized ? penalty.L2 : 0f,
        };
        parameters.Add(parameter);
        parameterCount += shape.Length;
        Tensor tensor = NewTensor(name, shape, TensorRole.Parameter, parameter);
        parametersByName[name] = tensor;
        return tensor;
    }

    /// <summary>A state at the next free place of the flat vector: saved and loaded, but neither trained nor decayed.</summary>
    public Tensor AddState(string name, Shape shape, float startValue)
    {
        Parameter parameter = AddParameter(
            name, shape, transposed: false, trainable: false, decays: false, Initialization.Constant, fanIn: 1, fanOut: 1, startValue).Parameter!;
        return NewTensor(name, shape, TensorRole.State, parameter);
    }

    private NetworkGraph? Build()
    {
        if (NetworkInputs.Build(this, declaration) is not NetworkInputs inputs)
            return null;

        Inputs = inputs;
        if (BuildLayers(inputs) is not Tensor last)
            return null;

        Tensor prediction = Outputs.Join(last);
        if (prediction != last)
            CheckUse(last);
        foreach ((int attribute, string name) in Marks.Unused)
        {
            bool isInput = attribute == 0 || declaration.Layers[attribute - 1].Kind == "Input";
            Report(isInput ? Descriptors.UnusedInput : Descriptors.UnusedMark, attribute, declaration.Type.Name, name);
        }

        return Purpose switch
        {
            GraphPurpose.Prediction => new NetworkGraph(Purpose, inputs.Sample, prediction, Liveness.Reachable(nodes, [prediction])),
            GraphPurpose.Backward => BuildBackward(inputs, prediction),
            _ => BuildLoss(inputs.Sample, last, prediction),
        };
    }

    /// <summary>The value behind the last layer; null after a problem was reported.</summary>
    private Tensor? BuildLayers(NetworkInputs inputs)
    {
        Tensor current = inputs.Parts[0];
        long values = inputs.Sample.Shape.Length;
        for (int i = 0; i < declaration.Layers.Count; i++)
        {
            if (LayerTable.Find(declaration.Layers[i].Kind) is not LayerRule rule)
                continue;
            if (BuildLayer(i, rule, current) is not Tensor next)
                return null;

            values += next.Shape.Length;
            if (values > MaximumValues)
            {
                Report(Descriptors.ValueTooLarge, i + 1, declaration.Type.Name, $"sample up to layer {i + 1}", values, MaximumValues);
                return null;
            }

            current = next;
        }

        return current;
    }

    private Tensor? BuildLayer(int index, LayerRule rule, Tensor x)
    {
        LayerContext context = new(this, declaration, index, names[index]);
        long before = parameterCount;
        if (!context.CheckPenalty("L1") || !context.CheckPenalty("L2"))
            return null;
        penalty = (context.Argument("L1", 0f), context.Argument("L2", 0f));
        currentLayer = index;
        if (rule(context, x) is not Tensor y || sharedMisfit)
            return null;
        if (parameterCount > MaximumParameters)
        {
            Report(Descriptors.ParameterCountOverflow, index + 1, declaration.Type.Name, parameterCount, MaximumParameters);
            return null;
        }

        string kind = declaration.Layers[index].Kind;
        if (kind == "From" && y != x)
            CheckUse(x);
        if (kind != "Input")
        {
            layers.Add(new LayerSummary(context.Name, context.Describe(), y.Shape, (int)(parameterCount - before), context.MultiplyAdds));
            lastLayer = index + 1;
        }

        return y;
    }

    /// <summary>Warns of a value that is left behind and that nothing has read: the layers before it are in vain.</summary>
    private void CheckUse(Tensor value)
    {
        if (lastLayer > 0 && value.Role != TensorRole.Input && !Marks.Contains(value) && !nodes.Any(node => node.Inputs.Contains(value)))
            Report(Descriptors.ValueLost, lastLayer, names[lastLayer - 1], declaration.Type.Name);
    }

    private NetworkGraph? BuildLoss(Tensor input, Tensor last, Tensor prediction)
    {
        if (Outputs.AddLosses(last) is not NetworkLoss loss)
            return null;

        List<Tensor> results = [loss.Total];
        if (Purpose == GraphPurpose.Evaluation)
        {
            results.Add(prediction);
        }
        else
        {
            Differentiation differentiation = new(this, nodes, wanted: []);
            foreach (LossOutputs one in loss.Losses)
                differentiation.Seed(one.Differentiated, one.Gradient!);
            results.AddRange(differentiation.Run());
            int index = declaration.Layers.Count - 1;
            if (!parameters.Any(parameter => parameter.Trainable))
                Report(Descriptors.NothingToTrain, index + 1, declaration.Type.Name, declaration.Layers[index].Kind);
        }

        return new NetworkGraph(Purpose, input, prediction, Liveness.Reachable(nodes, results))
        {
            Targets = loss.Targets,
            Losses = loss.Total,
        };
    }

    private NetworkGraph BuildBackward(NetworkInputs inputs, Tensor output)
    {
        Tensor outputGradient = NewTensor("∂output", output.Shape, TensorRole.Targets);
        Differentiation differentiation = new(this, nodes, wanted: inputs.Parts);
        differentiation.Seed(output, outputGradient);
        List<Tensor> results = [.. differentiation.Run()];
        Tensor? inputGradient = inputs.Parts.Count == 1
            ? differentiation.GradientOf(inputs.Sample)
            : JoinGradients(inputs, differentiation, outputGradient);
        if (inputGradient is not null)
            results.Add(inputGradient);
        return new NetworkGraph(Purpose, inputs.Sample, output, Liveness.Reachable(nodes, results))
        {
            OutputGradient = outputGradient,
            InputGradient = inputGradient,
        };
    }

    /// <summary>The gradients of all inputs back to back.</summary>
    private Tensor JoinGradients(NetworkInputs inputs, Differentiation differentiation, Tensor outputGradient)
    {
        Tensor[] parts =
        [
            .. inputs.Parts.Select(part =>
            {
                Tensor gradient = differentiation.GradientOf(part)
                    ?? Apply(new ZerosOperation(), "∂" + part.Name, part.Shape, outputGradient);
                return View(gradient, "∂" + part.Name, new Shape((int)part.Shape.Length));
            }),
        ];
        return Apply(new ConcatOperation(), "∂sample", inputs.Sample.Shape, parts);
    }

    /// <summary>Records that the attribute at fault cannot be compiled.</summary>
    public void Report(DiagnosticDescriptor descriptor, int attribute, params object[] arguments) =>
        problems.Add(Problem.Create(descriptor, attribute, arguments));
}

/// <summary>A graph with what all purposes share.</summary>
/// <param name="Graph">Null where a problem stopped the construction.</param>
/// <param name="Parameters">In storage order.</param>
/// <param name="Layers">In the order in which data flows.</param>
/// <param name="Problems">What is wrong with the declaration.</param>
internal sealed record BuiltGraph(
    NetworkGraph? Graph, IReadOnlyList<Parameter> Parameters, IReadOnlyList<LayerSummary> Layers, IReadOnlyList<Problem> Problems)
{
    /// <summary>The inputs, where there are several.</summary>
    public IReadOnlyList<Port> Inputs { get; init; } = [];

    /// <summary>The outputs, where there are several.</summary>
    public IReadOnlyList<Port> Outputs { get; init; } = [];
}

/// <summary>One line of the network's table.</summary>
internal sealed record LayerSummary(string Name, string Kind, Shape OutputShape, int ParameterCount, long MultiplyAdds);
