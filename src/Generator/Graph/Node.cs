using NetGen.Generator.Operations;

namespace NetGen.Generator.Graph;

/// <summary>One application of an operation.</summary>
internal sealed class Node(Operation operation, string name, IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor> outputs)
{
    public Operation Operation { get; } = operation;

    /// <summary>The layer it belongs to, for comments: <c>dense1</c>.</summary>
    public string Name { get; } = name;

    public IReadOnlyList<Tensor> Inputs { get; } = inputs;

    public IReadOnlyList<Tensor> Outputs { get; } = outputs;

    /// <summary>The only output of most operations.</summary>
    public Tensor Output => Outputs[0];

    public override string ToString() => $"{Operation.Name}({string.Join(", ", Inputs)}) → {string.Join(", ", Outputs)}";
}
