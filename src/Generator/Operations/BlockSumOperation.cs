using NetGen.Generator.Emission;
using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;

namespace NetGen.Generator.Operations;

/// <summary>d = Σ of the blocks' sums.  Input: the sums of every block, in the order of the parameter's memory.</summary>
internal sealed class BlockSumOperation : Operation
{
    public override string Name => "BlockSum";

    public override Scope Scope => Scope.Parameters;

    public override void EmitPanels(StepWriter steps, Node node) => steps.CallByFloats(new BlockSum((int)node.Output.Shape.Length), node);
}
