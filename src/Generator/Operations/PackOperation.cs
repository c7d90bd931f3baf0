using NetGen.Generator.Emission;
using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;

namespace NetGen.Generator.Operations;

/// <summary>Rows, one sample after the other, as a panel [feature][lane].
/// The rows are the caller's input or a first layer's result.</summary>
internal sealed class PackOperation : Operation
{
    public override string Name => "Pack";

    public override void EmitPanels(StepWriter steps, Node node)
    {
        Tensor rows = node.Inputs[0];
        int features = (int)rows.Shape.Length, rowLength = (int)rows.Storage.Shape.Length;
        steps.Line(rows.Storage.Role == TensorRole.Input
            ? rows.Storage.Shape.Length == features
                ? $"Panels.FromRows({steps.Ref(rows)}, {steps.Ref(node.Output)}, {features}, stride, samples);"
                : $"Panels.FromRows({steps.Ref(rows)}, {steps.Ref(node.Output)}, {features}, {rowLength}, {Panel.Lanes * rowLength}, stride, samples);"
            : $"Panels.FromRows({steps.Ref(rows)}, {steps.Ref(node.Output)}, {features}, {Panel.RowStride(features)}, stride, stride, samples);");
    }
}
