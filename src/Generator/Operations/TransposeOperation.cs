using NetGen.Generator.Emission;
using NetGen.Generator.Graph;

namespace NetGen.Generator.Operations;

/// <summary>A panel [feature][lane] as rows [lane][feature]: what a weight gradient reads along the features.</summary>
internal sealed class TransposeOperation : Operation
{
    public override string Name => "Transpose";

    public override Layout OutputLayout => Layout.Rows;

    public override void EmitPanels(StepWriter steps, Node node)
    {
        Tensor x = node.Inputs[0];
        for (int row = 0; row < x.Shape.Rows; row++)
        {
            steps.Line($"Panels.ToRows({steps.RefAt(x, row * x.Shape.Last * Panel.Lanes)}, {steps.RefAt(node.Output, row * Panel.Lanes * Panel.RowStride(x.Shape.Last))}, "
                + $"{x.Shape.Last}, {Panel.RowStride(x.Shape.Last)}, {steps.RowsBlockStride}, stride, samples);");
        }
    }
}
