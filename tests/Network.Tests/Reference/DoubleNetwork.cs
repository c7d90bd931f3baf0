namespace NetGen.Network.Tests;

/// <summary>The reference implementation: interprets a declaration layer by layer in double precision, with bounds of float32's
/// error.</summary>
/// <remarks>Shares nothing with the generator, not even the reading of attributes.</remarks>
internal sealed class DoubleNetwork
{
    private readonly List<DoubleLayer> layers = [];
    private readonly DoubleLoss? loss;

    private DoubleNetwork(string declaration)
    {
        IReadOnlyList<DeclaredAttribute> attributes = DeclaredAttribute.Parse(declaration);
        DeclaredAttribute network = attributes[0];
        int[] shape = [.. network.Values.Select((_, axis) => network.Int(axis))];
        Dictionary<string, int> counts = [];
        int dropouts = 0;
        bool isConvolved = false;
        Dictionary<string, (int Value, int[] Shape)> marks = [];
        Dictionary<string, DoubleDense> dense = [];
        Dictionary<string, DoubleNorm> norms = [];
        List<(string Name, int Value, int[] Shape)> outputs = [];
        List<(DeclaredAttribute Attribute, DoubleLoss Loss)> partLosses = [];
        InputLength = AddInputs(attributes, marks, ref shape);
        foreach (DeclaredAttribute attribute in attributes.Skip(1))
        {
            int length = shape.Aggregate(1, (product, extent) => product * extent);
            string name = Name(counts, attribute);
            isConvolved = attribute.Kind.Contains("Conv", StringComparison.Ordinal) || (isConvolved && attribute.Kind is not ("Dense" or "Flatten" or "Reshape"));
            switch (attribute.Kind)
            {
                case "Dense":
                    // A second layer of that name has the parameters of the first.
                    if (!dense.TryGetValue(name, out DoubleDense? layer))
                        dense.Add(name, layer = Dense(attribute, network, name, shape[^1]));
                    layers.Add(layer);
                    shape = [.. shape[..^1], attribute.Int(0)];
                    break;
                case "Conv2D" or "Conv1D" or "DepthwiseConv2D" or "SeparableConv2D" or "ConvTranspose2D":
                    shape = DoubleConvolution.Add(layers, attribute, network, name, shape);
                    break;
                case "Flatten":
                    layers.Add(new DoubleFlatten());
                    shape = [length];
                    break;
                case "BatchNorm" or "LayerNorm" or "GroupNorm" or "RMSNorm":
                    if (!norms.TryGetValue(name, out DoubleNorm? norm))
                        norms.Add(name, norm = DoubleNorm.Create(attribute, network, name, shape, isConvolved));
                    layers.Add(norm);
                    break;
                case "Dropout":
                    layers.Add(new DoubleDropout((float)attribute.Number(0, 0), 1, dropouts++, RandomKey));
                    break;
                case "ChannelDropout":
                    layers.Add(new DoubleDropout((float)attribute.Number(0, 0), shape[1] * shape[2], dropouts++, RandomKey));
                    break;
                case "Input":
                    break;
                case "From":
                    (int value, shape) = marks[attribute.Values[0]];
                    layers.Add(new DoubleFrom(value));
                    break;
                case "Output":
                    outputs.Add((attribute.Values[0], layers.Count, shape));
                    marks.Add(attribute.Values[0], (layers.Count, shape));
                    break;
                case "Mark":
                    marks.Add(attribute.Values[0], (layers.Count, shape));
                    break;
                case "Add":
                    layers.Add(new DoubleAdd(marks[attribute.Values[0]].Value));
                    break;
                case "Multiply":
                    (int factor, int[] factorShape) = marks[attribute.Values[0]];
                    layers.Add(new DoubleMultiply(factor));
                    shape = factorShape.Aggregate(1, (product, extent) => product * extent) > length ? factorShape : shape;
                    break;
                case "Concat":
                    (int behind, int[] behindShape) = marks[attribute.Values[0]];
                    bool sequence = shape.Length == 2 && !isConvolved;
                    layers.Add(new DoubleConcat(behind, sequence ? shape[0] : 1));
                    shape = sequence ? [shape[0], shape[1] + behindShape[1]] : [shape[0] + behindShape[0], .. shape[1..]];
                    break;
                case "ReLU":
                    layers.Add(new DoubleRectifier(0));
                    break;
                case "LeakyReLU":
                    layers.Add(new DoubleRectifier(attribute.Number(0, 0.01)));
                    break;
                case "PReLU":
                    DoubleUnits units = DoubleUnits.Of(shape, isConvolved);
                    layers.Add(new DoublePReLU(
                        new DoubleParameter(name + ".weight", units.Count, Flag(attribute, network, "Trainable")), units));
                    break;
                case "Activation" when attribute.Flag("Learnable", false):
                    layers.Add(DoubleLearned.Create(
                        attribute.Values[0], name, DoubleUnits.Of(shape, isConvolved), Flag(attribute, network, "Trainable")));
                    break;
                case "Maxout":
                    int axis = shape.Length == 2 && !isConvolved ? 1 : 0;
                    layers.Add(new DoubleMaxout(attribute.Int(0), DoubleUnits.Of(shape, isConvolved).Inner));
                    shape[axis] /= attribute.Int(0);
                    break;
                case "Step":
                    layers.Add(new DoubleStep());
                    break;
                case "Sigmoid":
                    layers.Add(new DoubleSigmoid());
                    break;
                case "Tanh":
                    layers.Add(new DoubleTanh());
                    break;
                case "Softmax":
                    layers.Add(new DoubleSoftmax(shape[^1]));
                    break;
                case "LogSoftmax":
                    layers.Add(new DoubleLogSoftmax(shape[^1]));
                    break;
                default:
                    if (DoublePlanes.TryCreate(attribute, ref shape) is DoubleLayer planes)
                    {
                        layers.Add(planes);
                        break;
                    }

                    if (DoubleActivation.TryCreate(attribute) is DoubleActivation activation)
                    {
                        layers.Add(activation);
                        break;
                    }

                    int[] judged = attribute.Named.TryGetValue("Output", out string? output) ? outputs.Single(one => one.Name == output).Shape : shape;
                    loss = DoubleLoss.Create(attribute, judged.Aggregate(1, (product, extent) => product * extent), judged[^1])
                        ?? throw new NotSupportedException($"The reference implementation does not know {attribute.Kind}.");
                    partLosses.Add((attribute, loss));
                    break;
            }
        }

        if (outputs.Count > 0)
            shape = JoinOutputs(outputs);
        if (outputs.Count > 1 || partLosses.Any(part => part.Attribute.Named.ContainsKey("Weight")))
            loss = Sum(partLosses, outputs, shape);
        OutputLength = shape.Aggregate(1, (product, extent) => product * extent);
        Parameters = [.. layers.SelectMany(layer => layer.Parameters).Distinct()];
    }

    /// <summary>Layers before what the loss reads.</summary>
    private int Depth => loss!.IsFused ? layers.Count - 1 : layers.Count;

    /// <summary>Seed of the network that is replayed, and the training steps it has done.</summary>
    public DoubleDropout.StepKey RandomKey { get; } = new();

    /// <summary>A weight per sample of the batches to come, or null.</summary>
    public float[]? SampleWeights { get; set; }

    public int InputLength { get; }

    public int OutputLength { get; }

    public IReadOnlyList<DoubleParameter> Parameters { get; }

    /// <summary>The interpreter of a declaration.</summary>
    /// <exception cref="NotSupportedException">It has a layer or loss that this one does not know.</exception>
    public static DoubleNetwork Of(string declaration) => new(declaration);

    /// <summary>The interpreter of a declaration, or null where it has a layer or loss that this one does not know.</summary>
    public static DoubleNetwork? TryOf(string declaration)
    {
        try
        {
            return new DoubleNetwork(declaration);
        }
        catch (NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>The interpreter with a generated network's parameters.</summary>
    public static DoubleNetwork Of(string declaration, TestNetwork network)
    {
        DoubleNetwork reference = new(declaration);
        reference.CopyParameters(network);
        return reference;
    }

    /// <summary>Floats as they are.</summary>
    public static Bounded[] Exact(float[] values) => Array.ConvertAll(values, value => (Bounded)value);

    /// <summary>Doubles as the nearest floats.</summary>
    public static Bounded[] Rounded(double[] values) => Array.ConvertAll(values, Bounded.Rounded);

    /// <summary>Takes a generated network's parameters, which are exact.</summary>
    public void CopyParameters(TestNetwork network)
    {
        foreach (DoubleParameter parameter in Parameters)
            Exact(network.Extract(parameter.Name)).CopyTo(parameter.Values, 0);
    }

    public Bounded[] Predict(Bounded[] inputs) => [.. inputs.Chunk(InputLength).SelectMany(x => Forward(x, layers.Count)[^1])];

    /// <summary>Mean loss of a batch in training, with the penalties of the weights.</summary>
    public Bounded Loss(Bounded[] inputs, Bounded[] targets) => Bounded.Sum(Penalized.Select(parameter => parameter.Penalty)
        .Prepend(MeanLoss(ForwardBatch([.. inputs.Chunk(InputLength)], Depth)[^1], targets)));

    /// <summary>Mean loss of a batch in inference, without penalties.</summary>
    public Bounded EvaluationLoss(Bounded[] inputs, Bounded[] targets) =>
        MeanLoss([.. inputs.Chunk(InputLength).Select(x => Forward(x, Depth)[^1])], targets);

    /// <summary>The outputs of a batch in training.</summary>
    public Bounded[] TrainingOutputs(Bounded[] inputs) =>
        [.. ForwardBatch([.. inputs.Chunk(InputLength)], layers.Count)[^1].SelectMany(output => output)];

    /// <summary>What a training step changes besides the parameters it trains, from the last batch that went forward.</summary>
    public void UpdateState()
    {
        foreach (DoubleLayer layer in layers)
            layer.UpdateState();
    }

    /// <summary>Gradients of the mean loss: of the parameters by name (frozen ones included) and of the inputs.</summary>
    public DoubleGradients Gradients(Bounded[] inputs, Bounded[] targets)
    {
        Bounded scale = 1f / TotalWeight(targets);
        return Run(inputs, Depth, (sample, x) =>
            Array.ConvertAll(loss!.Gradient(x, targets[(sample * OutputLength)..((sample + 1) * OutputLength)]), gradient =>
                WeightOf(sample, gradient * scale)), Penalized);
    }

    /// <summary>Gradient of the mean loss with respect to the network's outputs.</summary>
    public Bounded[] OutputGradient(Bounded[] outputs, Bounded[] targets)
    {
        Bounded scale = 1f / TotalWeight(targets);
        return [.. outputs.Chunk(OutputLength).Zip(targets.Chunk(OutputLength), (y, t) => loss!.OutputGradient(y, t))
            .SelectMany((gradient, sample) => gradient.Select(value => WeightOf(sample, value * scale)))];
    }

    /// <summary>Gradients of the inputs and, summed over the samples, of the parameters from those of the outputs.</summary>
    public DoubleGradients Backward(Bounded[] inputs, Bounded[] outputGradients) =>
        Run(inputs, layers.Count, (sample, _) => outputGradients[(sample * OutputLength)..((sample + 1) * OutputLength)], []);

    private IEnumerable<DoubleParameter> Penalized => Parameters.Where(parameter => parameter is { Trainable: true } and ({ L1: > 0 } or { L2: > 0 }));

    private static DoubleDense Dense(DeclaredAttribute attribute, DeclaredAttribute network, string name, int inputs)
    {
        int units = attribute.Int(0);
        bool trainable = Flag(attribute, network, "Trainable"), trainBias = Flag(attribute, network, "TrainBias");
        return new DoubleDense(
            new DoubleParameter(name + ".weight", units * inputs, trainable) { L1 = Penalty("L1"), L2 = Penalty("L2") },
            Flag(attribute, network, "Bias") ? new DoubleParameter(name + ".bias", units, trainable && trainBias) : null, inputs, units);

        float Penalty(string penalty) => (float)attribute.Number(penalty, network.Number(penalty, 0));
    }

    /// <summary>An option of the layer, else the network's default, else true.</summary>
    private static bool Flag(DeclaredAttribute attribute, DeclaredAttribute network, string flag) =>
        attribute.Flag(flag, network.Flag(flag, true));

    /// <summary>Cuts a sample into the inputs, and returns its length; the first input comes last, for the layers begin there.</summary>
    private int AddInputs(IReadOnlyList<DeclaredAttribute> attributes, Dictionary<string, (int Value, int[] Shape)> marks, ref int[] shape)
    {
        List<(string Name, int[] Shape)> inputs =
        [
            .. attributes.Where(attribute => attribute.Kind == "Input")
                .Select(attribute => (attribute.Values[0], attribute.Values.Skip(1).Select((_, axis) => attribute.Int(axis + 1)).ToArray())),
        ];
        if (shape.Length > 0)
            inputs.Insert(0, ("\"input\"", shape));
        int end = inputs.Sum(input => input.Shape.Aggregate(1, (product, extent) => product * extent)), length = end;
        if (inputs.Count == 1)
        {
            marks.Add(inputs[0].Name, (0, inputs[0].Shape));
            shape = inputs[0].Shape;
            return length;
        }

        foreach ((string name, int[] extents) in Enumerable.Reverse(inputs))
        {
            int floats = extents.Aggregate(1, (product, extent) => product * extent);
            end -= floats;
            layers.Add(new DoublePart(end, floats));
            marks.Add(name, (layers.Count, extents));
            shape = extents;
        }

        return length;
    }

    /// <summary>Puts the outputs one behind the other.</summary>
    private int[] JoinOutputs(List<(string Name, int Value, int[] Shape)> outputs)
    {
        layers.Add(new DoubleFrom(outputs[0].Value));
        foreach ((_, int value, _) in outputs.Skip(1))
            layers.Add(new DoubleConcat(value, 1));
        return outputs.Count == 1 ? outputs[0].Shape : [outputs.Sum(output => output.Shape.Aggregate(1, (product, extent) => product * extent))];
    }

    /// <summary>The weighted sum of the losses of all outputs.</summary>
    private static DoubleWeightedSum Sum(
        List<(DeclaredAttribute Attribute, DoubleLoss Loss)> losses, List<(string Name, int Value, int[] Shape)> outputs, int[] shape)
    {
        List<(int First, int Length, double Weight, DoubleLoss Loss)> parts = [];
        foreach ((DeclaredAttribute attribute, DoubleLoss part) in losses)
        {
            int first = 0, length = shape.Aggregate(1, (product, extent) => product * extent);
            if (attribute.Named.TryGetValue("Output", out string? name))
            {
                int[] lengths = [.. outputs.Select(output => output.Shape.Aggregate(1, (product, extent) => product * extent))];
                int place = outputs.FindIndex(output => output.Name == name);
                (first, length) = (lengths[..place].Sum(), lengths[place]);
            }

            parts.Add((first, length, attribute.Number("Weight", 1), part));
        }

        return new DoubleWeightedSum(parts);
    }

    private static string Name(Dictionary<string, int> counts, DeclaredAttribute attribute)
    {
        string prefix = attribute.Kind switch
        {
            "Conv1D" or "Conv2D" => "conv",
            "DepthwiseConv2D" => "depthwise",
            "SeparableConv2D" => "separable",
            "ConvTranspose2D" => "deconv",
            "BatchNorm" or "LayerNorm" or "GroupNorm" or "RMSNorm" => "norm",
            _ => attribute.Kind.ToLowerInvariant(),
        };
        counts[prefix] = counts.GetValueOrDefault(prefix) + 1;
        return attribute.Named.TryGetValue("Name", out string? given) ? given.Trim('"') : $"{prefix}{counts[prefix]}";
    }

    private DoubleGradients Run(
        Bounded[] inputs, int depth, Func<int, Bounded[], Bounded[]> outputGradient, IEnumerable<DoubleParameter> penalized)
    {
        foreach (DoubleParameter parameter in Parameters)
            Array.Clear(parameter.Gradient);
        Bounded[][][] values = ForwardBatch([.. inputs.Chunk(InputLength)], depth);
        Bounded[][]?[] gradients = new Bounded[][]?[depth + 1];
        gradients[depth] = [.. values[^1].Select((output, sample) => outputGradient(sample, output))];
        for (int i = depth - 1; i >= 0; i--)
            Differentiate(layers[i], i, values, gradients);

        foreach (DoubleParameter parameter in penalized)
            parameter.AddPenaltyGradient();
        return new DoubleGradients(
            Parameters.ToDictionary(parameter => parameter.Name, parameter => Array.ConvertAll(parameter.Gradient, sum => sum.Result)),
            [.. gradients[0]?.SelectMany(gradient => gradient) ?? new Bounded[inputs.Length]]);
    }

    private Bounded MeanLoss(Bounded[][] outputs, Bounded[] targets) =>
        Bounded.Sum(outputs.Zip(targets.Chunk(OutputLength), loss!.Value).Select((value, sample) => WeightOf(sample, value)))
            / TotalWeight(targets);

    /// <summary>What the losses of all samples count together.</summary>
    private Bounded TotalWeight(Bounded[] targets)
    {
        Bounded[] weights = [.. targets.Chunk(OutputLength).Select((t, sample) => WeightOf(sample, loss!.Weight(t)))];
        // Sums of weights are in double precision, and rounded once.
        double sum = weights.Sum(weight => weight.Value);
        return (float)sum == sum ? new Bounded(sum) : Bounded.Rounded(sum);
    }

    /// <summary>A value times the weight of its sample.</summary>
    private Bounded WeightOf(int sample, Bounded value) => SampleWeights is null ? value : value * SampleWeights[sample];

    /// <summary>The input and the output of each of the first layers for a batch in training.</summary>
    private Bounded[][][] ForwardBatch(Bounded[][] x, int depth)
    {
        Bounded[][][] values = new Bounded[depth + 1][][];
        values[0] = x;
        for (int i = 0; i < depth; i++)
            values[i + 1] = layers[i] is DoubleJoin join ? [.. values[i].Zip(values[join.Other], join.Join)] : layers[i].ForwardBatch(values[i]);
        return values;
    }

    /// <summary>Adds to the gradients of what a layer reads.</summary>
    private static void Differentiate(DoubleLayer layer, int index, Bounded[][][] values, Bounded[][]?[] gradients)
    {
        if (gradients[index + 1] is not Bounded[][] dy)
            return;
        if (layer is not DoubleJoin join)
        {
            Add(index, layer.BackwardBatch(values[index], values[index + 1], dy));
            return;
        }

        (Bounded[]? X, Bounded[]? Other)[] parts =
            [.. dy.Select((gradient, sample) => join.Split(values[index][sample], values[join.Other][sample], gradient))];
        Add(index, [.. parts.Select(part => part.X).OfType<Bounded[]>()]);
        Add(join.Other, [.. parts.Select(part => part.Other).OfType<Bounded[]>()]);

        void Add(int value, Bounded[][] gradient)
        {
            if (gradient.Length == 0)
                return;
            gradients[value] = gradients[value] is Bounded[][] sum
                ? [.. sum.Zip(gradient, (left, right) => (Bounded[])[.. left.Zip(right, (a, b) => a + b)])]
                : gradient;
        }
    }

    /// <summary>The input and the output of each of the first layers.</summary>
    private Bounded[][] Forward(Bounded[] x, int depth)
    {
        Bounded[][] values = new Bounded[depth + 1][];
        values[0] = x;
        for (int i = 0; i < depth; i++)
            values[i + 1] = layers[i] is DoubleJoin join ? join.Join(values[i], values[join.Other]) : layers[i].Forward(values[i]);
        return values;
    }
}

/// <param name="Parameters">By name, row-major in the documented shape; what is frozen has one too.</param>
/// <param name="Inputs">Sample after sample.</param>
internal sealed record DoubleGradients(IReadOnlyDictionary<string, Bounded[]> Parameters, Bounded[] Inputs);
