using NetGen.Generator.Emission;
using NetGen.Generator.Graph;

namespace NetGen.Generator.Operations;

/// <summary>A parameter's gradient as a sum over all samples of the batch, or over those of a block.</summary>
internal abstract class BatchSumOperation : Operation
{
    public sealed override Scope Scope => Scope.Parameters;

    /// <summary>Prints the calls that sum over each block of samples by itself.</summary>
    public abstract void EmitBlocks(StepWriter steps, Node node);
}

/// <summary>The same over each block of samples, while its values are in the cache: nobody reads them later, or from another core.
/// <see cref="BlockSumOperation"/> adds up the blocks.  Output: the sums of every block, in the order of the parameter's memory.</summary>
internal sealed class SumOfBlockOperation(BatchSumOperation sum) : Operation
{
    public override string Name => sum.Name;

    public override Layout OutputLayout => Layout.Block;

    public override void EmitPanels(StepWriter steps, Node node) => sum.EmitBlocks(steps, node);
}
