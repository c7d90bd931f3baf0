using NetGen.Generator.Emission;
using NetGen.Generator.Graph;

namespace NetGen.Generator.Operations;

/// <summary>Zeroes the lanes of a batch's last block that belong to no sample, in place: for sums over lanes. What else reads the tensor
/// does not look at them.</summary>
internal sealed class ClearIdleLanesOperation : Operation
{
    public override string Name => "ClearIdleLanes";

    /// <summary>The tensor with clean lanes, in the same memory.</summary>
    public static Tensor Apply(Differentiation d, Tensor tensor)
    {
        Tensor clean = d.Intermediate(new ClearIdleLanesOperation(), tensor.Name, tensor.Shape, tensor);
        clean.ViewOf = tensor;
        return clean;
    }

    public override void EmitPanels(StepWriter steps, Node node)
    {
        Tensor tensor = node.Inputs[0];
        steps.Line($"Panels.ClearIdleLanes({steps.Ref(tensor)}, {tensor.Shape.Length}, stride, samples);");
    }
}
