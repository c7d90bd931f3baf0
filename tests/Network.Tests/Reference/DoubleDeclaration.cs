namespace NetGen.Network.Tests;

/// <summary>What a declaration says, read attribute by attribute: the layers in order, and the loss.</summary>
internal sealed class DoubleDeclaration
{
    private readonly DeclaredAttribute network;
    private readonly DoubleDropout.StepKey randomKey;
    private readonly List<DoubleLayer> layers = [];
    private readonly Dictionary<string, int> counts = [];
    private readonly Dictionary<string, (int Value, int[] Shape, bool IsConvolved)> marks = [];
    private readonly Dictionary<string, DoubleDense> dense = [];
    private readonly Dictionary<string, DoubleNorm> norms = [];
    private readonly List<(string Name, int Value, int[] Shape)> outputs = [];
    private readonly List<(DeclaredAttribute Attribute, DoubleLoss Loss)> losses = [];
    private int[] shape;
    private int dropouts;

    /// <summary>Whether two axes are channels and columns, instead of rows and features.</summary>
    private bool isConvolved;

    private DoubleDeclaration(IReadOnlyList<DeclaredAttribute> attributes, DoubleDropout.StepKey randomKey)
    {
        this.randomKey = randomKey;
        network = attributes[0];
        shape = [.. network.Values.Select((_, axis) => network.Int(axis))];
        InputLength = AddInputs([.. attributes.Where(attribute => attribute.Kind == "Input")]);
    }

    public IReadOnlyList<DoubleLayer> Layers => layers;

    /// <summary>Null where nothing is trained.</summary>
    public DoubleLoss? Loss { get; private set; }

    public int InputLength { get; }

    public int OutputLength => Length(shape);

    /// <summary>Reads a declaration.</summary>
    /// <param name="declaration">Its attributes.</param>
    /// <param name="randomKey">What dropout draws from.</param>
    /// <exception cref="NotSupportedException">It has a layer or loss that the reference implementation does not know.</exception>
    public static DoubleDeclaration Read(string declaration, DoubleDropout.StepKey randomKey)
    {
        IReadOnlyList<DeclaredAttribute> attributes = DeclaredAttribute.Parse(declaration);
        DoubleDeclaration result = new(attributes, randomKey);
        foreach (DeclaredAttribute attribute in attributes.Skip(1))
            result.Add(attribute);
        result.JoinOutputs();
        return result;
    }

    private static int Length(int[] shape) => shape.Aggregate(1, (product, extent) => product * extent);

    private void Add(DeclaredAttribute attribute)
    {
        string name = NameOf(attribute);
        isConvolved = attribute.Kind.Contains("Conv", StringComparison.Ordinal)
            || (isConvolved && attribute.Kind is not ("Dense" or "Flatten" or "Reshape"));
        if (AddConnection(attribute) || AddLayer(attribute, name) || AddActivation(attribute, name))
            return;
        if (DoublePlanes.TryCreate(attribute, ref shape) is DoubleLayer planes)
        {
            layers.Add(planes);
            return;
        }

        int[] judged = attribute.Named.TryGetValue("Output", out string? output) ? outputs.Single(one => one.Name == output).Shape : shape;
        Loss = DoubleLoss.Create(attribute, Length(judged), judged[^1])
            ?? throw new NotSupportedException($"The reference implementation does not know {attribute.Kind}.");
        losses.Add((attribute, Loss));
    }

    /// <summary>Adds what names values and joins them; false where the attribute does neither.</summary>
    private bool AddConnection(DeclaredAttribute attribute)
    {
        switch (attribute.Kind)
        {
            case "Input":
                break;
            case "From":
                (int value, shape, isConvolved) = marks[attribute.Values[0]];
                layers.Add(new DoubleFrom(value));
                break;
            case "Output":
                outputs.Add((attribute.Values[0], layers.Count, shape));
                marks.Add(attribute.Values[0], (layers.Count, shape, isConvolved));
                break;
            case "Mark":
                marks.Add(attribute.Values[0], (layers.Count, shape, isConvolved));
                break;
            case "Add":
                layers.Add(new DoubleAdd(marks[attribute.Values[0]].Value));
                break;
            case "Multiply":
                (int factor, int[] factorShape, _) = marks[attribute.Values[0]];
                layers.Add(new DoubleMultiply(factor));
                shape = Length(factorShape) > Length(shape) ? factorShape : shape;
                break;
            case "Concat":
                (int behind, int[] behindShape, _) = marks[attribute.Values[0]];
                bool sequence = shape.Length == 2 && !isConvolved;
                layers.Add(new DoubleConcat(behind, sequence ? shape[0] : 1));
                shape = sequence ? [shape[0], shape[1] + behindShape[1]] : [shape[0] + behindShape[0], .. shape[1..]];
                break;
            default:
                return false;
        }

        return true;
    }

    /// <summary>Adds a layer with weights, a normalisation or a dropout; false where the attribute is none.</summary>
    private bool AddLayer(DeclaredAttribute attribute, string name)
    {
        switch (attribute.Kind)
        {
            case "Dense":
                // A second layer of that name has the parameters of the first.
                if (!dense.TryGetValue(name, out DoubleDense? layer))
                    dense.Add(name, layer = CreateDense(attribute, name));
                layers.Add(layer);
                shape = [.. shape[..^1], attribute.Int(0)];
                break;
            case "Conv2D" or "Conv1D" or "DepthwiseConv2D" or "SeparableConv2D" or "ConvTranspose2D":
                shape = DoubleConvolution.Add(layers, attribute, network, name, shape);
                break;
            case "Flatten":
                layers.Add(new DoubleFlatten());
                shape = [Length(shape)];
                break;
            case "BatchNorm" or "LayerNorm" or "GroupNorm" or "RMSNorm":
                if (!norms.TryGetValue(name, out DoubleNorm? norm))
                    norms.Add(name, norm = DoubleNorm.Create(attribute, network, name, shape, isConvolved));
                layers.Add(norm);
                break;
            case "Dropout":
                layers.Add(new DoubleDropout((float)attribute.Number(0, 0), 1, dropouts++, randomKey));
                break;
            case "ChannelDropout":
                layers.Add(new DoubleDropout((float)attribute.Number(0, 0), shape[1] * shape[2], dropouts++, randomKey));
                break;
            default:
                return false;
        }

        return true;
    }

    /// <summary>Adds an activation; false where the attribute is none.</summary>
    private bool AddActivation(DeclaredAttribute attribute, string name)
    {
        DoubleLayer? layer = attribute.Kind switch
        {
            "ReLU" => new DoubleRectifier(0),
            "LeakyReLU" => new DoubleRectifier(attribute.Number(0, 0.01)),
            "PReLU" => CreatePReLU(name, DoubleUnits.Of(shape, isConvolved), IsOn(attribute, "Trainable")),
            "Activation" when attribute.Flag("Learnable", false) =>
                DoubleLearned.Create(attribute.Values[0], name, DoubleUnits.Of(shape, isConvolved), IsOn(attribute, "Trainable")),
            "Maxout" => new DoubleMaxout(attribute.Int(0), DoubleUnits.Of(shape, isConvolved).Inner),
            "Step" => new DoubleStep(),
            "Sigmoid" => new DoubleSigmoid(),
            "Tanh" => new DoubleTanh(),
            "Softmax" => new DoubleSoftmax(shape[^1]),
            "LogSoftmax" => new DoubleLogSoftmax(shape[^1]),
            _ => DoubleActivation.TryCreate(attribute),
        };
        if (layer is null)
            return false;
        layers.Add(layer);
        if (attribute.Kind == "Maxout")
        {
            int axis = shape.Length == 2 && !isConvolved ? 1 : 0;
            shape = [.. shape[..axis], shape[axis] / attribute.Int(0), .. shape[(axis + 1)..]];
        }

        return true;
    }

    private static DoublePReLU CreatePReLU(string name, DoubleUnits units, bool trainable) =>
        new(new DoubleParameter(name + ".weight", units.Count, trainable), units);

    private DoubleDense CreateDense(DeclaredAttribute attribute, string name)
    {
        int units = attribute.Int(0), inputs = shape[^1];
        bool trainable = IsOn(attribute, "Trainable"), trainBias = IsOn(attribute, "TrainBias");
        return new DoubleDense(
            new DoubleParameter(name + ".weight", units * inputs, trainable) { L1 = Penalty("L1"), L2 = Penalty("L2") },
            IsOn(attribute, "Bias") ? new DoubleParameter(name + ".bias", units, trainable && trainBias) : null, inputs, units);

        float Penalty(string penalty) => (float)attribute.Number(penalty, network.Number(penalty, 0));
    }

    /// <summary>An option of the layer, else the network's default, else true.</summary>
    private bool IsOn(DeclaredAttribute attribute, string flag) => attribute.Flag(flag, network.Flag(flag, true));

    /// <summary>Cuts a sample into the inputs, and returns its length; the first input comes last, for the layers begin there.</summary>
    private int AddInputs(IReadOnlyList<DeclaredAttribute> attributes)
    {
        List<(string Name, int[] Shape)> inputs =
        [
            .. attributes.Select(
                attribute => (attribute.Values[0], attribute.Values.Skip(1).Select((_, axis) => attribute.Int(axis + 1)).ToArray())),
        ];
        if (shape.Length > 0)
            inputs.Insert(0, ("\"input\"", shape));
        int length = inputs.Sum(input => Length(input.Shape)), end = length;
        foreach ((string name, int[] extents) in Enumerable.Reverse(inputs))
        {
            int floats = Length(extents);
            end -= floats;
            if (inputs.Count > 1)
                layers.Add(new DoublePart(end, floats));
            marks.Add(name, (layers.Count, extents, false));
            shape = extents;
        }

        return length;
    }

    /// <summary>Puts the outputs one behind the other, and sums their losses.</summary>
    private void JoinOutputs()
    {
        if (outputs.Count > 0)
        {
            layers.Add(new DoubleFrom(outputs[0].Value));
            foreach ((_, int value, _) in outputs.Skip(1))
                layers.Add(new DoubleConcat(value, 1));
            shape = outputs.Count == 1 ? outputs[0].Shape : [outputs.Sum(output => Length(output.Shape))];
        }

        if (outputs.Count > 1 || losses.Any(part => part.Attribute.Named.ContainsKey("Weight")))
            Loss = SumLosses();
    }

    /// <summary>The weighted sum of the losses of all outputs.</summary>
    private DoubleWeightedSum SumLosses()
    {
        List<(int First, int Length, double Weight, DoubleLoss Loss)> parts = [];
        foreach ((DeclaredAttribute attribute, DoubleLoss part) in losses)
        {
            int first = 0, length = OutputLength;
            if (attribute.Named.TryGetValue("Output", out string? name))
            {
                int[] lengths = [.. outputs.Select(output => Length(output.Shape))];
                int place = outputs.FindIndex(output => output.Name == name);
                (first, length) = (lengths[..place].Sum(), lengths[place]);
            }

            parts.Add((first, length, attribute.Number("Weight", 1), part));
        }

        return new DoubleWeightedSum(parts);
    }

    private string NameOf(DeclaredAttribute attribute)
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
}
