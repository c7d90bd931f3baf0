using NetGen.Generator.Diagnostics;
using NetGen.Generator.Emission;
using NetGen.Generator.Graph;
using NetGen.Generator.Model;

namespace NetGen.Generator.Operations;

/// <summary>The same floats under another shape, or a part of them. No code: the output shares its input's memory.</summary>
/// <param name="offset">Where the part starts, in floats of a sample.</param>
internal sealed class ViewOperation(int offset = 0) : Operation
{
    public override string Name => "View";

    /// <summary>Flatten: any shape becomes a vector, in row-major order.</summary>
    public static Tensor? BuildFlatten(LayerContext context, Tensor x) =>
        context.Builder.View(x, context.Name, new Shape((int)x.Shape.Length));

    /// <summary>Reshape: the extents given, one of which may follow from the others.</summary>
    public static Tensor? BuildReshape(LayerContext context, Tensor x)
    {
        int[] extents = [.. context.Argument("shape", EquatableArray<int>.Empty)];
        int free = Array.IndexOf(extents, -1);
        if (extents.Length is 0 or > 4 || extents.Where((extent, axis) => axis != free && extent < 1).Any())
        {
            context.Report(Descriptors.ReshapeExtents, context.Network, new Shape(extents).Describe());
            return null;
        }

        // Four extents below 2³¹ may not fit a long; beyond the largest value the exact number no longer matters.
        long length = 1;
        foreach (int extent in extents.Where((_, axis) => axis != free))
            length = Math.Min(length * extent, GraphBuilder.MaximumValues + 1);
        if (free >= 0 ? x.Shape.Length % length != 0 : x.Shape.Length != length)
        {
            context.Report(
                Descriptors.ReshapeLength, context.Network, new Shape(extents).Describe(), length, x.Shape.Describe(), x.Shape.Length);
            return null;
        }

        if (free >= 0)
            extents[free] = (int)(x.Shape.Length / length);
        return context.Builder.View(x, context.Name, new Shape(extents));
    }

    public override void Differentiate(Differentiation d, Node node) =>
        d.ContributeView(node.Inputs[0], d.GradientOf(node.Output)!);

    public override bool WorksOnLanes => true;

    public override void EmitLanes(LaneWriter lanes, Node node) => lanes.Alias(node.Output, node.Inputs[0], offset);

    public override void EmitPanels(StepWriter steps, Node node)
    {
    }

    public override void EmitSingle(StepWriter steps, Node node)
    {
    }
}
