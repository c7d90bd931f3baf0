using NetGen.Generator.Diagnostics;
using NetGen.Generator.Emission;
using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;

namespace NetGen.Generator.Operations;

/// <summary>y = f(a + b), element by element. Shapes: a, b and y are equal.</summary>
/// <remarks>
/// Backward: da = dy, db = dy, the same memory. It also sums the gradients of a value that is used more than once. f is the identity, or a
/// cheap activation that fusion has moved here. He et al., Deep Residual Learning for Image Recognition, 2016.
/// </remarks>
internal sealed class AddOperation(ElementwiseFunction? activation = null) : Operation
{
    public ElementwiseFunction? Activation { get; } = activation;

    public override string Name => "Add" + Activation?.Name;

    /// <summary>The current value and a marked one.</summary>
    public static Tensor? Build(LayerContext context, Tensor x)
    {
        if (MarkOperation.Find(context) is not Tensor other)
            return null;
        if (other.Shape == x.Shape)
            return context.Builder.Apply(new AddOperation(), context.Name, x.Shape, x, other);
        context.Report(
            Descriptors.AddShapes, context.Describe(), context.Network, other.Shape.Describe(), x.Shape.Describe(),
            WhatFits(x.Shape, other.Shape));
        return null;
    }

    public override void Differentiate(Differentiation d, Node node)
    {
        Tensor dy = d.GradientOf(node.Output)!;
        d.ContributeView(node.Inputs[0], dy);
        d.ContributeView(node.Inputs[1], dy);
    }

    public override void EmitPanels(StepWriter steps, Node node) => Emit(steps, node, steps.PanelFloats(node.Output));

    public override void EmitSingle(StepWriter steps, Node node) => Emit(steps, node, steps.PaddedFloats(node.Output));

    public override bool WorksOnLanes => Activation is null;

    public override void EmitLanes(LaneWriter lanes, Node node) =>
        lanes.Define(node.Output, i => $"{lanes[node.Inputs[0]][i]} + {lanes[node.Inputs[1]][i]}");

    private void Emit(StepWriter steps, Node node, int floats) => steps.Call(
        new ElementwiseKernel(
            Name, Activation is null ? "y = a + b" : $"y = {Activation.Name}(a + b)", ["a", "b"], "y", floats,
            (isa, values) => Activation is null ? $"{values[0]} + {values[1]}" : Activation.Value(isa, $"({values[0]} + {values[1]})")),
        steps.Ref(node.Inputs[0]), steps.Ref(node.Inputs[1]), steps.Ref(node.Output));

    /// <summary>The layer that would make the current value as large as the marked one.</summary>
    private static string WhatFits(Shape x, Shape other)
    {
        if (x.Rank == other.Rank && x.Rank <= 2 && x.Rows == other.Rows)
            return $"Dense({other.Last}) before it";
        if (x.Rank == 3 && other.Rank == 3 && x.Length / x.Extents[0] == other.Length / other.Extents[0])
            return $"Conv2D({other.Extents[0]}, 1) before it";
        return x.Length == other.Length ? "Flatten or Reshape before it" : $"a mark of a value of shape {x.Describe()}";
    }
}

/// <summary>dx = f'(x) · (a + b), element by element: the sum of two gradients, and an activation's derivative that fusion has moved here.
/// Inputs: a, b, then what the function saved.</summary>
internal sealed class AddGradientOperation(ElementwiseFunction function) : Operation
{
    public override string Name => $"Add{function.Name}Gradient";

    public override void EmitPanels(StepWriter steps, Node node) => steps.Call(
        new ElementwiseKernel(
            Name, $"dx = {function.GradientFormula}, dy = a + b", ["a", "b", function.SavesInput ? "x" : "y"], "dx",
            steps.PanelFloats(node.Output),
            (isa, values) => function.Gradient(isa, $"({values[0]} + {values[1]})", values[2]), function.GradientMath),
        [.. node.Inputs.Select(steps.Ref), steps.Ref(node.Output)]);
}
