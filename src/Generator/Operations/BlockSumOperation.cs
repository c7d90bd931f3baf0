using NetGen.Generator.Emission;
using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;

namespace NetGen.Generator.Operations;

/// <summary>d[c] = Σ of the blocks' sums.  Input: [channels] of every block, as <see cref="ChannelSums"/> leaves it.</summary>
internal sealed class BlockSumOperation : Operation
{
    public override string Name => "BlockSum";

    public override Scope Scope => Scope.Parameters;

    public override void EmitPanels(StepWriter steps, Node node) => steps.CallOnce(new BlockSum((int)node.Output.Shape.Length), node);
}
