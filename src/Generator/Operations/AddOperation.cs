using NetGen.Generator.Emission;
using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;

namespace NetGen.Generator.Operations;

/// <summary>y = a + b, element by element. Shapes: a, b and y are equal.</summary>
/// <remarks>Backward: da = dy, db = dy. It also sums the gradients of a value that is used more than once.</remarks>
internal sealed class AddOperation : Operation
{
    public override string Name => "Add";

    public override void Differentiate(Differentiation d, Node node)
    {
        Tensor dy = d.GradientOf(node.Output)!;
        d.ContributeView(node.Inputs[0], dy);
        d.ContributeView(node.Inputs[1], dy);
    }

    public override void EmitPanels(StepWriter steps, Node node) => Emit(steps, node, steps.PanelFloats(node.Output));

    public override void EmitSingle(StepWriter steps, Node node) => Emit(steps, node, steps.PaddedFloats(node.Output));

    public override bool WorksOnLanes => true;

    public override void EmitLanes(LaneWriter lanes, Node node) =>
        lanes.Define(node.Output, i => $"{lanes[node.Inputs[0]][i]} + {lanes[node.Inputs[1]][i]}");

    private static void Emit(StepWriter steps, Node node, int floats) => steps.Call(
        new ElementwiseKernel("Add", "y = a + b", ["a", "b"], "y", floats, (_, values) => $"{values[0]} + {values[1]}"),
        steps.Ref(node.Inputs[0]), steps.Ref(node.Inputs[1]), steps.Ref(node.Output));
}
