using NetGen.Generator.Emission;
using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;

namespace NetGen.Generator.Operations;

/// <summary>A panel [feature][lane] as rows [lane][feature]: what a weight gradient reads along the features.</summary>
internal sealed class TransposeOperation : Operation
{
    public override string Name => "Transpose";

    public override Layout OutputLayout => Layout.Rows;

    public override bool WorksOnLanes => true;

    /// <summary>Registers have no layout.</summary>
    public override void EmitLanes(LaneWriter lanes, Node node) => lanes.Alias(node.Output, node.Inputs[0]);

    public override void EmitPanels(StepWriter steps, Node node)
    {
        Tensor x = node.Inputs[0];
        int features = x.Shape.Last, rowStride = Panel.RowStride(features);
        for (int t = 0; t < x.Shape.Rows; t++)
        {
            string panels = steps.RefAt(x, t * features * Panel.Lanes), rows = steps.RefAt(node.Output, t * rowStride * Panel.Lanes);
            steps.Line($"Panels.ToRows({panels}, {rows}, {features}, {rowStride}, stride, stride, samples);");
        }
    }
}
