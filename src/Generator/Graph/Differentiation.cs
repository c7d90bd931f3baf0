using NetGen.Generator.Operations;

namespace NetGen.Generator.Graph;

/// <summary>Reverse-mode differentiation of a graph: appends the backward nodes to it.</summary>
/// <remarks>
/// Nodes are visited in reverse; each operation adds the nodes that turn the gradient of its outputs into gradients of its inputs.
/// A value used more than once receives the sum. Only gradients that somebody needs are derived, so a frozen layer has no gradient
/// code. Griewank and Walther, Evaluating Derivatives, 2008, chapter 3.
/// </remarks>
internal sealed class Differentiation
{
    private readonly GraphBuilder builder;
    private readonly IReadOnlyList<Node> forward;
    private readonly HashSet<Tensor> needed;
    private readonly Dictionary<Tensor, Tensor> gradients = [];
    private readonly List<Tensor> results = [];

    /// <param name="builder">Receives the backward nodes.</param>
    /// <param name="nodes">The forward nodes, in order.</param>
    /// <param name="wanted">Values besides the trainable parameters whose gradients are asked for.</param>
    public Differentiation(GraphBuilder builder, IReadOnlyList<Node> nodes, IEnumerable<Tensor> wanted)
    {
        this.builder = builder;
        forward = [.. nodes];
        needed = [.. wanted];
        foreach (Node node in forward)
        {
            if (node.Inputs.Any(Needs))
                needed.UnionWith(node.Outputs);
        }
    }

    /// <summary>Whether the gradient of this tensor leads to one that is asked for.</summary>
    public bool Needs(Tensor tensor) => needed.Contains(tensor) || tensor is { Role: TensorRole.Parameter, Parameter.Trainable: true };

    /// <summary>The forward nodes that read a parameter: several where layers share it.</summary>
    public IEnumerable<Node> UsesOf(Parameter parameter) =>
        forward.Where(node => node.Inputs.Any(input => ReferenceEquals(input.Parameter, parameter)));

    /// <summary>The gradient of a tensor as known so far, or null.</summary>
    public Tensor? GradientOf(Tensor tensor) => gradients.TryGetValue(tensor, out Tensor? gradient) ? gradient : null;

    /// <summary>Says what the gradient of a tensor is, or a part of its sum: where the reverse sweep starts.</summary>
    public void Seed(Tensor tensor, Tensor gradient) => Accumulate(tensor, gradient);

    /// <summary>Derives all gradients; returns those of the parameters.</summary>
    public IReadOnlyList<Tensor> Run()
    {
        for (int i = forward.Count - 1; i >= 0; i--)
        {
            Node node = forward[i];
            if (node.Outputs.Any(output => gradients.ContainsKey(output)) && node.Inputs.Any(Needs))
                node.Operation.Differentiate(this, node);
        }

        return results;
    }

    /// <summary>Applies a backward operation whose output is a contribution to the gradient of <paramref name="of"/>.</summary>
    public void Contribute(Tensor of, Operation operation, Node node, params Tensor[] inputs)
    {
        if (!Needs(of))
            return;
        if (of.Role == TensorRole.Parameter)
        {
            Tensor gradient = builder.NewTensor("∂" + of.Name, of.Shape, TensorRole.ParameterGradient, of.Parameter);
            builder.Apply(operation, node.Name, inputs, gradient);
            results.Add(gradient);
            return;
        }

        Accumulate(of, builder.Apply(operation, "∂" + of.Name, of.Shape, inputs));
    }

    /// <summary>Applies one backward operation whose outputs are the gradients of several parameters of a layer.</summary>
    public void Contribute(IReadOnlyList<Tensor> parameters, Operation operation, Node node, params Tensor[] inputs)
    {
        if (!parameters.Any(Needs))
            return;
        Tensor[] outputs = [.. parameters.Select(parameter =>
            builder.NewTensor("∂" + parameter.Name, parameter.Shape, TensorRole.ParameterGradient, parameter.Parameter))];
        builder.Apply(operation, node.Name, inputs, outputs);
        results.AddRange(outputs);
    }

    /// <summary>Applies a backward operation whose output is an intermediate of the gradient computation.</summary>
    public Tensor Intermediate(Operation operation, string name, Shape shape, params Tensor[] inputs) =>
        builder.Apply(operation, name, shape, inputs);

    /// <summary>A new intermediate value.</summary>
    public Tensor NewTensor(string name, Shape shape, TensorRole role = TensorRole.Activation) => builder.NewTensor(name, shape, role);

    /// <summary>Applies a backward operation whose outputs are intermediates of the gradient computation.</summary>
    public void Apply(Operation operation, Node node, Tensor[] inputs, params Tensor[] outputs) =>
        builder.Apply(operation, node.Name, inputs, outputs);

    /// <summary>The gradient of a view is the same memory under the shape of what it views.</summary>
    public void ContributeView(Tensor of, Tensor gradient)
    {
        if (Needs(of))
            Accumulate(of, builder.View(gradient, "∂" + of.Name, of.Shape));
    }

    /// <summary>The gradient of what became a part of a value is that part of the value's gradient.</summary>
    public void ContributePart(Tensor of, Tensor gradient, int offset)
    {
        if (Needs(of))
            Accumulate(of, builder.Part(gradient, "∂" + of.Name, of.Shape, offset));
    }

    private void Accumulate(Tensor of, Tensor contribution) =>
        gradients[of] = gradients.TryGetValue(of, out Tensor? sum)
            ? builder.Apply(new AddOperation(), "∂" + of.Name, of.Shape, sum, contribution)
            : contribution;
}
