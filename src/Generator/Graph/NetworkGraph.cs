namespace NetGen.Generator.Graph;

/// <summary>What a graph is built for; operations may differ between training and inference.</summary>
internal enum GraphPurpose
{
    /// <summary>Inference: input to output.</summary>
    Prediction,

    /// <summary>Inference, and the value of the loss.</summary>
    Evaluation,

    /// <summary>Training forward pass, loss and the gradients of the trainable parameters.</summary>
    Training,

    /// <summary>Training forward pass, and from a given output gradient the gradients of the input and the parameters.</summary>
    Backward,
}

/// <summary>One static graph: nodes in an order in which they can run.</summary>
internal sealed class NetworkGraph(GraphPurpose purpose, Tensor input, Tensor output, IReadOnlyList<Node> nodes)
{
    public GraphPurpose Purpose { get; } = purpose;

    public Tensor Input { get; } = input;

    /// <summary>The network's prediction.</summary>
    public Tensor Output { get; set; } = output;

    /// <summary>Every node that is needed, in order; forward first.</summary>
    public IReadOnlyList<Node> Nodes { get; set; } = nodes;

    /// <summary>What the loss is compared with, or null.</summary>
    public Tensor? Targets { get; init; }

    /// <summary>Loss per sample, or null.</summary>
    public Tensor? Losses { get; init; }

    /// <summary>Gradient of the output that the caller gives, or null.</summary>
    public Tensor? OutputGradient { get; init; }

    /// <summary>Gradient of the input, or null where it is not wanted.</summary>
    public Tensor? InputGradient { get; init; }

    /// <summary>How many nodes read each tensor.</summary>
    public Dictionary<Tensor, int> CountConsumers()
    {
        Dictionary<Tensor, int> consumers = [];
        foreach (Tensor tensor in Nodes.SelectMany(node => node.Inputs))
            consumers[tensor] = (consumers.TryGetValue(tensor, out int count) ? count : 0) + 1;
        return consumers;
    }
}
