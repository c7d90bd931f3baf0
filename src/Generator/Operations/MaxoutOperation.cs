using NetGen.Generator.Diagnostics;
using NetGen.Generator.Emission;
using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;

namespace NetGen.Generator.Operations;

/// <summary>y[g] = max x[g · k + j] for j &lt; k, k neighbouring units.
/// Shapes: x [.., U] or [U, ..], y [.., U / k] or [U / k, ..].</summary>
/// <remarks>
/// Backward: dx[g · k + j] = dy[g] for the first j with x[g · k + j] = y[g], else 0. Saves its input and its output. Goodfellow,
/// Warde-Farley, Mirza, Courville and Bengio, Maxout Networks, 2013.
/// </remarks>
/// <param name="pieces">k.</param>
/// <param name="axis">Where the units of y lie.</param>
internal sealed class MaxoutOperation(int pieces, UnitAxis axis) : Operation
{
    public override string Name => "Maxout";

    public static Tensor? Build(LayerContext context, Tensor x)
    {
        UnitAxis read = UnitAxis.Of(x);
        int pieces = context.Argument("pieces", 0), units = read.Units;
        if (pieces < 2)
        {
            context.Report(Descriptors.TooFewPieces, context.Number, context.Network, pieces);
            return null;
        }

        if (units % pieces != 0)
        {
            int above = (units / pieces * pieces) + pieces;
            string fitting = above == pieces
                ? FormattableString.Invariant($"{above}") : FormattableString.Invariant($"{above - pieces} or {above}");
            context.Report(Descriptors.PiecesDoNotFit, pieces, context.Network, x.Shape.Describe(), units, fitting);
            return null;
        }

        UnitAxis axis = read with { Units = units / pieces };
        return context.Builder.Apply(new MaxoutOperation(pieces, axis), context.Name, read.Resize(x.Shape, axis.Units), x);
    }

    public override void Differentiate(Differentiation d, Node node) => d.Contribute(
        node.Inputs[0], new MaxoutGradientOperation(pieces, axis), node, d.GradientOf(node.Output)!, node.Inputs[0], node.Output);

    public override void EmitPanels(StepWriter steps, Node node) => steps.Call(
        new MaxoutKernel(axis, pieces), steps.Ref(node.Inputs[0]), steps.Ref(node.Output));

    public override void EmitSingle(StepWriter steps, Node node) => steps.Call(
        new MaxoutSingle(axis, pieces), steps.Ref(node.Inputs[0]), steps.Ref(node.Output));

    public override bool WorksOnLanes => true;

    public override void EmitLanes(LaneWriter lanes, Node node)
    {
        string[] x = lanes[node.Inputs[0]];
        lanes.Define(node.Output, g => Enumerable.Range((g * pieces) + 1, pieces - 1).Aggregate(
            x[g * pieces], (largest, i) => lanes.Isa.Max(largest, x[i])));
    }
}

/// <summary>dx[g · k + j] = dy[g] for the first j with x[g · k + j] = y[g], else 0. Inputs: dy, x, y.</summary>
internal sealed class MaxoutGradientOperation(int pieces, UnitAxis axis) : Operation
{
    public override string Name => "MaxoutGradient";

    public override void EmitPanels(StepWriter steps, Node node) => steps.Call(
        new MaxoutGradientKernel(axis, pieces), [.. node.Inputs.Select(steps.Ref), steps.Ref(node.Output)]);

    public override bool WorksOnLanes => true;

    public override void EmitLanes(LaneWriter lanes, Node node)
    {
        string[] dy = lanes[node.Inputs[0]], x = lanes[node.Inputs[1]], y = lanes[node.Inputs[2]];
        InstructionSet isa = lanes.Isa;
        lanes.Define(node.Output, i =>
        {
            int g = i / pieces;
            string unclaimed = Enumerable.Range(g * pieces, i % pieces).Aggregate(
                dy[g], (left, earlier) => isa.Select(isa.GreaterThan(y[g], x[earlier]), left, isa.Zero));
            return isa.Select(isa.GreaterThan(y[g], x[i]), isa.Zero, unclaimed);
        });
    }
}
