using NetGen.Generator.Diagnostics;
using NetGen.Generator.Emission;
using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;

namespace NetGen.Generator.Operations;

/// <summary>y[g] = max x[g · k + j] for j &lt; k, k neighbouring units.  Shapes: x [.., U] or [U, ..], y [.., U / k] or [U / k, ..].</summary>
/// <remarks>
/// Backward: dx[g · k + j] = dy[g] for the first j with x[g · k + j] = y[g], else 0. Saves its input and its output. Goodfellow, Warde-Farley,
/// Mirza, Courville and Bengio, Maxout Networks, 2013.
/// </remarks>
internal sealed class MaxoutOperation(int pieces) : Operation
{
    public override string Name => "Maxout";

    public static Tensor? Build(LayerContext context, Tensor x)
    {
        int pieces = context.Argument("pieces", 0), units = UnitAxis.Of(x.Shape).Units;
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

        return context.Builder.Apply(new MaxoutOperation(pieces), context.Name, UnitAxis.Resize(x.Shape, units / pieces), x);
    }

    public override void Differentiate(Differentiation d, Node node) => d.Contribute(
        node.Inputs[0], new MaxoutGradientOperation(pieces), node, d.GradientOf(node.Output)!, node.Inputs[0], node.Output);

    public override void EmitPanels(StepWriter steps, Node node) => steps.Call(
        new MaxoutKernel(UnitAxis.Of(node.Output.Shape), pieces), steps.Ref(node.Inputs[0]), steps.Ref(node.Output));

    public override void EmitSingle(StepWriter steps, Node node) => steps.Call(
        new MaxoutSingle(UnitAxis.Of(node.Output.Shape), pieces), steps.Ref(node.Inputs[0]), steps.Ref(node.Output));

    public override bool WorksOnLanes => true;

    public override void EmitLanes(LaneWriter lanes, Node node)
    {
        string[] x = lanes[node.Inputs[0]];
        lanes.Define(node.Output, g => Enumerable.Range((g * pieces) + 1, pieces - 1).Aggregate(
            x[g * pieces], (largest, i) => lanes.Isa.Max(largest, x[i])));
    }
}

/// <summary>dx[g · k + j] = dy[g] for the first j with x[g · k + j] = y[g], else 0. Inputs: dy, x, y.</summary>
internal sealed class MaxoutGradientOperation(int pieces) : Operation
{
    public override string Name => "MaxoutGradient";

    public override void EmitPanels(StepWriter steps, Node node) => steps.Call(
        new MaxoutGradientKernel(UnitAxis.Of(node.Inputs[0].Shape), pieces), [.. node.Inputs.Select(steps.Ref), steps.Ref(node.Output)]);

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
