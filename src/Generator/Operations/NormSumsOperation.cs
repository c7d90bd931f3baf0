using NetGen.Generator.Emission;
using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;

namespace NetGen.Generator.Operations;

/// <summary>Σ dy and Σ dy · x̂ of every channel over each block of samples, x̂ = (x - μ) · root: what a normalisation's bias and weight
/// gradients are made of.  Inputs: dy, x, μ (not for RMSNorm), root.  Outputs: the sums of dy · x̂ and of dy, [channels] a block.</summary>
/// <param name="shape">The normalisation's view of its values.</param>
/// <param name="isBatch">Whether μ and root are the batch's, one per channel, or each sample's, one per group.</param>
/// <param name="isCentered">Whether there is a μ.</param>
internal sealed class NormSumsOperation(NormShape shape, bool isBatch, bool isCentered) : Operation
{
    public override string Name => "NormSums";

    public override Layout OutputLayout => Layout.Block;

    /// <summary>Adds the gradients of weight and bias where they are asked for.</summary>
    /// <returns>The sums of dy · x̂ and of dy; null where nobody needs them.</returns>
    public static (Tensor Products, Tensor Gradients)? Contribute(
        Differentiation d, Node node, NormShape shape, bool isBatch, Tensor dy, Tensor x, Tensor[] statistics, Tensor weight, Tensor? bias,
        bool always = false)
    {
        if (!always && !d.Needs(weight) && (bias is null || !d.Needs(bias)))
            return null;
        Tensor products = d.NewTensor(node.Name + "_products", new Shape(shape.Channels));
        Tensor gradients = d.NewTensor(node.Name + "_gradients", new Shape(shape.Channels));
        d.Apply(new NormSumsOperation(shape, isBatch, statistics.Length == 2), node, [dy, x, .. statistics], products, gradients);
        d.Contribute(weight, new BlockSumOperation(), node, products);
        if (bias is not null)
            d.Contribute(bias, new BlockSumOperation(), node, gradients);
        return (products, gradients);
    }

    public override void EmitPanels(StepWriter steps, Node node)
    {
        ChannelExtent extent = isBatch ? ChannelExtent.Channels : ChannelExtent.Groups;
        List<ChannelOperand> operands = [ChannelOperand.Values("dy"), ChannelOperand.Values("x")];
        if (isCentered)
            operands.Add(new ChannelOperand("mean", extent));
        operands.Add(new ChannelOperand("root", extent));
        ChannelSums kernel = new(
            isBatch ? "BatchNormSums" : isCentered ? "GroupNormSums" : "RMSNormSums",
            $"products[c] = Σ dy · x̂ and gradients[c] = Σ dy with x̂ = {(isCentered ? "(x - mean)" : "x")} · root", shape, operands,
            ["products", "gradients"],
            (_, values) => [(values[0], isCentered ? $"({values[1]} - {values[2]}) * {values[3]}" : $"{values[1]} * {values[2]}"), (values[0], null)]);
        steps.Call(kernel, [.. node.Inputs.Concat(node.Outputs).Select(steps.Ref)]);
    }
}
