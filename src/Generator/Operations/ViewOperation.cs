using NetGen.Generator.Emission;
using NetGen.Generator.Graph;

namespace NetGen.Generator.Operations;

/// <summary>The same floats under another shape. No code: the output shares its input's memory.</summary>
internal sealed class ViewOperation : Operation
{
    public override string Name => "View";

    /// <summary>Flatten: any shape becomes a vector, in row-major order.</summary>
    public static Tensor? BuildFlatten(LayerContext context, Tensor x) =>
        context.Builder.View(x, context.Name, new Shape((int)x.Shape.Length));

    public override void Differentiate(Differentiation d, Node node) =>
        d.ContributeView(node.Inputs[0], d.GradientOf(node.Output)!);

    public override bool WorksOnLanes => true;

    public override void EmitLanes(LaneWriter lanes, Node node) => lanes.Alias(node.Output, node.Inputs[0]);

    public override void EmitPanels(StepWriter steps, Node node)
    {
    }

    public override void EmitSingle(StepWriter steps, Node node)
    {
    }
}
