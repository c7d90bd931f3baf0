using NetGen.Generator.Emission;
using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;

namespace NetGen.Generator.Operations;

/// <summary>y = Σ wᵢ · xᵢ with constant weights: the loss of a network from those of its outputs. Shapes: all xᵢ and y are equal.</summary>
/// <remarks>It has no derivative of its own: each loss gives a gradient that has its weight already.</remarks>
internal sealed class WeightedSumOperation(IReadOnlyList<float> weights) : Operation
{
    public override string Name => "WeightedSum";

    public override void EmitPanels(StepWriter steps, Node node)
    {
        string[] names = [.. weights.Select((_, i) => FormattableString.Invariant($"x{i}"))];
        string kernel = "WeightedSum" + string.Concat(weights.Select(weight => "_" + Identifier.Of(weight))) + "_";
        steps.Call(
            new ElementwiseKernel(
                kernel, $"y = {string.Join(" + ", weights.Select((weight, i) => $"{Literal.Of(weight)} · {names[i]}"))}", names, "y",
                steps.PanelFloats(node.Output),
                (isa, values) => string.Join(" + ", values.Select((value, i) => $"{isa.Constant(weights[i])} * {value}"))),
            [.. node.Inputs.Select(steps.Ref), steps.Ref(node.Output)]);
    }
}

/// <summary>0 everywhere: the gradient of an input that nothing depends on. The operand only says where in the order it stands.</summary>
internal sealed class ZerosOperation : Operation
{
    public override string Name => "Zeros";

    public override void EmitPanels(StepWriter steps, Node node) =>
        steps.Line($"Panels.Clear({steps.Ref(node.Output)}, {steps.PanelFloats(node.Output)}, stride, samples);");
}
