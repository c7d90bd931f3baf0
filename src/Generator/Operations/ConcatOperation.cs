using NetGen.Generator.Diagnostics;
using NetGen.Generator.Emission;
using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;

namespace NetGen.Generator.Operations;

/// <summary>y = a, then b, along the channels of images (C, H, W) or the features of vectors (N) and sequences (T, F).</summary>
/// <remarks>
/// Along the first axis the parts of y lie one behind the other, in a block of samples as well: wherever possible the planner has the parts
/// computed in their place in y, and then there is nothing to do. Backward: da and db are the parts of dy, without a copy. Along the
/// features of a sequence the parts take turns, and are copied. Huang et al., Densely Connected Convolutional Networks, 2017.
/// </remarks>
/// <param name="axis">Along which the parts follow each other: 0, or 1 for sequences.</param>
internal sealed class ConcatOperation(int axis = 0) : Operation
{
    private int Axis { get; } = axis;

    public override string Name => "Concat";

    /// <summary>The current value, then a marked one.</summary>
    public static Tensor? Build(LayerContext context, Tensor x)
    {
        if (MarkOperation.Find(context) is not Tensor other)
            return null;
        // What a convolution along one axis has made is (C, L), and its channels are the first axis.
        int axis = x.Shape.Rank == 2 && !UnitAxis.IsConvolved(x) ? 1 : 0;
        if (Join(x.Shape, other.Shape, axis) is Shape shape)
            return context.Builder.Apply(new ConcatOperation(axis), context.Name, shape, x, other);
        string needed = $"({string.Join(", ", x.Shape.Extents.Select((extent, i) => i == axis ? "any" : Identifier.Text(extent)))})";
        context.Report(
            Descriptors.ConcatShapes, context.Describe(), context.Network, other.Shape.Describe(), x.Shape.Describe(), needed);
        return null;
    }

    /// <summary>Whether the parts of y lie one behind the other.</summary>
    public static bool IsContiguous(Node node) => ((ConcatOperation)node.Operation).Axis == 0 || node.Output.Shape.Extents[0] == 1;

    /// <summary>Where a part starts in each row of y, in floats of a sample.</summary>
    public static int StartOf(Node node, int part) => node.Inputs.Take(part).Sum(input => RowLength(node, input));

    public override void Differentiate(Differentiation d, Node node)
    {
        Tensor dy = d.GradientOf(node.Output)!;
        for (int part = 0; part < node.Inputs.Count; part++)
        {
            if (IsContiguous(node))
                d.ContributePart(node.Inputs[part], dy, StartOf(node, part));
            else
                d.Contribute(node.Inputs[part], new ColumnsOperation(StartOf(node, part)), node, dy);
        }
    }

    public override void EmitPanels(StepWriter steps, Node node)
    {
        for (int part = 0; part < node.Inputs.Count; part++)
        {
            Tensor x = node.Inputs[part];
            if (!IsInPlace(node, part))
            {
                CopyPanels(
                    steps, steps.Ref(x), steps.RefAt(node.Output, StartOf(node, part) * Panel.Lanes),
                    Rows(node), RowLength(node, x), RowLength(node, x), RowLength(node, node.Output));
            }
        }
    }

    public override void EmitSingle(StepWriter steps, Node node)
    {
        for (int part = 0; part < node.Inputs.Count; part++)
        {
            Tensor x = node.Inputs[part];
            int length = RowLength(node, x);
            for (int row = 0; row < Rows(node) && !IsInPlace(node, part); row++)
            {
                string place = steps.RefAt(node.Output, (row * RowLength(node, node.Output)) + StartOf(node, part));
                steps.Line($"Panels.Copy({steps.RefAt(x, row * length)}, {place}, {length});");
            }
        }
    }

    public override bool WorksOnLanes => true;

    public override void EmitLanes(LaneWriter lanes, Node node) => lanes.Join(node.Output, node.Inputs);

    /// <summary>Prints a copy of rows inside each block of samples.</summary>
    public static void CopyPanels(StepWriter steps, string from, string to, int rows, int length, int fromStride, int toStride) => steps.Line(
        $"Panels.CopyRows({from}, {to}, {rows}, {length * Panel.Lanes}, {fromStride * Panel.Lanes}, {toStride * Panel.Lanes}, stride, samples);");

    /// <summary>Whether the planner had the part computed where it belongs.</summary>
    private static bool IsInPlace(Node node, int part) =>
        node.Inputs[part].Storage == node.Output.Storage && node.Inputs[part].Offset == node.Output.Offset + StartOf(node, part);

    private static int Rows(Node node) => IsContiguous(node) ? 1 : node.Output.Shape.Extents[0];

    private static int RowLength(Node node, Tensor tensor) => (int)tensor.Shape.Length / Rows(node);

    private static Shape? Join(Shape a, Shape b, int axis)
    {
        if (a.Rank != b.Rank || Enumerable.Range(0, a.Rank).Any(other => other != axis && a.Extents[other] != b.Extents[other]))
            return null;
        return new Shape([.. a.Extents.Select((extent, i) => i == axis ? extent + b.Extents[i] : extent)]);
    }
}

/// <summary>Some columns of a sequence (T, F): the gradient of a part of a concatenation.</summary>
/// <param name="first">The first column.</param>
internal sealed class ColumnsOperation(int first) : Operation
{
    public override string Name => "Columns";

    public override void EmitPanels(StepWriter steps, Node node)
    {
        int columns = node.Output.Shape.Last;
        ConcatOperation.CopyPanels(
            steps, steps.RefAt(node.Inputs[0], first * Panel.Lanes), steps.Ref(node.Output), node.Output.Shape.Rows, columns,
            node.Inputs[0].Shape.Last, columns);
    }
}
