using NetGen.Generator.Diagnostics;
using NetGen.Generator.Emission;
using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;

namespace NetGen.Generator.Operations;

/// <summary>y = a · b, element by element. Shapes: a, b and y are equal.</summary>
/// <remarks>Backward: da = dy · b, db = dy · a. Saves both inputs.</remarks>
internal sealed class MultiplyOperation : Operation
{
    public override string Name => "Multiply";

    /// <summary>The current value and a marked one; either may be a gate of the other.</summary>
    public static Tensor? Build(LayerContext context, Tensor x)
    {
        if (MarkOperation.Find(context) is not Tensor other)
            return null;
        if (x.Shape == other.Shape)
            return context.Builder.Apply(new MultiplyOperation(), context.Name, x.Shape, x, other);
        if (GateOperation.Gates(other, x))
            return context.Builder.Apply(new GateOperation(), context.Name, x.Shape, x, other);
        if (GateOperation.Gates(x, other))
            return context.Builder.Apply(new GateOperation(), context.Name, other.Shape, other, x);
        context.Report(Descriptors.MultiplyShapes, context.Describe(), context.Network, x.Shape.Describe(), other.Shape.Describe());
        return null;
    }

    public override void Differentiate(Differentiation d, Node node)
    {
        Tensor dy = d.GradientOf(node.Output)!;
        d.Contribute(node.Inputs[0], new MultiplyOperation(), node, dy, node.Inputs[1]);
        d.Contribute(node.Inputs[1], new MultiplyOperation(), node, dy, node.Inputs[0]);
    }

    public override void EmitPanels(StepWriter steps, Node node) => Emit(steps, node, steps.PanelFloats(node.Output));

    public override void EmitSingle(StepWriter steps, Node node) => Emit(steps, node, steps.PaddedFloats(node.Output));

    public override bool WorksOnLanes => true;

    public override void EmitLanes(LaneWriter lanes, Node node) =>
        lanes.Define(node.Output, i => $"{lanes[node.Inputs[0]][i]} * {lanes[node.Inputs[1]][i]}");

    private static void Emit(StepWriter steps, Node node, int floats) => steps.Call(
        new ElementwiseKernel("Multiply", "y = a · b", ["a", "b"], "y", floats, (_, values) => $"{values[0]} * {values[1]}"),
        steps.Ref(node.Inputs[0]), steps.Ref(node.Inputs[1]), steps.Ref(node.Output));
}

/// <summary>y[c, h, w] = x[c, h, w] · g[c].  Shapes: x and y (C, H, W) or (C, L), g (C), (C, 1, 1) or (C, 1).</summary>
/// <remarks>Backward: dx[c, h, w] = dy[c, h, w] · g[c], dg[c] = Σ dy[c, h, w] · x[c, h, w]. Saves both inputs. Hu, Shen and Sun,
/// Squeeze-and-Excitation Networks, 2018.</remarks>
internal sealed class GateOperation : Operation
{
    public override string Name => "Gate";

    /// <summary>Whether the first value has a factor for each channel of the second, an image or what a convolution along one axis has
    /// made.</summary>
    public static bool Gates(Tensor gate, Tensor image) =>
        (image.Shape.Rank == 3 || (image.Shape.Rank == 2 && UnitAxis.Of(image) != UnitAxis.Of(image.Shape)))
        && (gate.Shape.Rank == 1 || gate.Shape.Rank == image.Shape.Rank)
        && gate.Shape.Extents[0] == image.Shape.Extents[0] && gate.Shape.Length == gate.Shape.Extents[0];

    public override void Differentiate(Differentiation d, Node node)
    {
        Tensor dy = d.GradientOf(node.Output)!, x = node.Inputs[0], gate = node.Inputs[1];
        d.Contribute(x, new GateOperation(), node, dy, gate);
        d.Contribute(gate, new GateGradientOperation(), node, dy, x);
    }

    public override void EmitPanels(StepWriter steps, Node node) => Emit(steps, node, Panel.Lanes);

    public override void EmitSingle(StepWriter steps, Node node) => Emit(steps, node, lanes: 1);

    private static void Emit(StepWriter steps, Node node, int lanes)
    {
        int channels = node.Output.Shape.Extents[0];
        steps.Call(
            new GateKernel(channels, (int)node.Output.Shape.Length / channels, lanes > 1),
            steps.Ref(node.Inputs[0]), steps.Ref(node.Inputs[1]), steps.Ref(node.Output));
    }
}

/// <summary>dg[c] = Σ dy[c, h, w] · x[c, h, w].  Inputs: dy, x (C, H, W).</summary>
internal sealed class GateGradientOperation : Operation
{
    public override string Name => "GateGradient";

    public override void EmitPanels(StepWriter steps, Node node)
    {
        int channels = node.Inputs[0].Shape.Extents[0];
        steps.Call(
            new GateGradientKernel(channels, (int)node.Inputs[0].Shape.Length / channels),
            steps.Ref(node.Inputs[0]), steps.Ref(node.Inputs[1]), steps.Ref(node.Output));
    }
}
