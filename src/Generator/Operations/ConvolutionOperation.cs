using NetGen.Generator.Emission;
using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;

namespace NetGen.Generator.Operations;

/// <summary>y[o, p] = f(b[o] + Σ w[o, c, k] · x[c, p · stride + k · dilation − padding]), the sum over channels c of o's group and taps k;
/// or the same backwards, a transposed convolution.  Shapes: x [C, (H,) W], w [O, C / groups, kh, kw], b [O], y [O, (H,) W].</summary>
/// <remarks>
/// Backward, given dy:  dx[c, i] = Σ w[o, c, k] · dy[o, p] over all p and k that read i,  dw[o, c, k] = Σ x[c, …] · dy[o, p],
/// db[o] = Σ dy[o, p], the sums over positions and the batch. Saves its input. Goodfellow, Bengio and Courville 2016, sections 9.1 and 9.5.
/// f is the identity, or a cheap activation that fusion has moved here.
/// </remarks>
internal sealed class ConvolutionOperation(
    ConvolutionGeometry geometry, bool hasBias, ElementwiseFunction? activation = null, bool isScaled = false) : Operation
{
    /// <summary>Whether a scale and a shift per output channel, the last two inputs, come before the activation: in inference.</summary>
    public bool IsScaled { get; } = isScaled;

    public ConvolutionGeometry Geometry { get; } = geometry;

    public bool HasBias { get; } = hasBias;

    public ElementwiseFunction? Activation { get; } = activation;

    public override string Name => (Geometry.IsTransposed ? "ConvTranspose" : "Conv") + OutputScaling.Name(IsScaled) + Activation?.Name;

    /// <summary>The same with an activation behind it.</summary>
    public ConvolutionOperation With(ElementwiseFunction function) => new(Geometry, HasBias, function, IsScaled);

    public override void Differentiate(Differentiation d, Node node)
    {
        Tensor x = node.Inputs[0], weight = node.Inputs[1], dy = d.GradientOf(node.Output)!;
        Tensor? bias = HasBias ? node.Inputs[2] : null;
        d.Contribute(x, new ConvolutionInputGradientOperation(Geometry), node, dy, weight);
        bool needsWeight = d.Needs(weight), needsBias = bias is not null && d.Needs(bias);
        if (!needsWeight && !needsBias)
            return;

        Tensor clean = ClearIdleLanesOperation.Apply(d, dy);
        if (needsWeight)
            Contribute(d, node, weight, new ConvolutionWeightGradientOperation(Geometry), ClearIdleLanesOperation.Apply(d, x), clean);
        if (needsBias)
            Contribute(d, node, bias!, new ChannelSumOperation(), clean);
    }

    /// <summary>The gradient of a parameter: summed over the batch at once, or over each block first. Uses of one parameter go the same
    /// way, for their sums are split between the threads in the same places.</summary>
    private static void Contribute(Differentiation d, Node node, Tensor parameter, BatchSumOperation sum, params Tensor[] inputs)
    {
        bool byBlock = d.UsesOf(parameter.Parameter!).All(use => use.Operation is ConvolutionOperation { Geometry.SumsByBlock: true });
        if (!byBlock)
        {
            d.Contribute(parameter, sum, node, inputs);
            return;
        }

        Tensor sums = d.NewTensor(parameter.Name + "_sums", new Shape((int)parameter.Shape.Length));
        d.Apply(new SumOfBlockOperation(sum), node, inputs, sums);
        d.Contribute(parameter, new BlockSumOperation(), node, sums);
    }

    public override void EmitPanels(StepWriter steps, Node node) => steps.Call(
        ConvolutionProduct.Forward(Geometry, HasBias, Activation, IsScaled), [.. node.Inputs.Select(steps.Ref), steps.Ref(node.Output)]);

}

/// <summary>dx of a convolution, times f'(x) where fusion has moved an activation's derivative here.  Inputs: dy, w and, in that case, the
/// activation's output.</summary>
internal sealed class ConvolutionInputGradientOperation(ConvolutionGeometry geometry, ElementwiseFunction? activation = null) : Operation
{
    public ConvolutionGeometry Geometry { get; } = geometry;

    public ElementwiseFunction? Activation { get; } = activation;

    public override string Name => "ConvolutionInputGradient" + Activation?.Name;

    public override void EmitPanels(StepWriter steps, Node node) => steps.Call(
        ConvolutionProduct.InputGradient(Geometry, Activation), [.. node.Inputs.Select(steps.Ref), steps.Ref(node.Output)]);
}

/// <summary>dw of a convolution.  Inputs: x and dy, both with 0 in lanes of nobody.</summary>
internal sealed class ConvolutionWeightGradientOperation(ConvolutionGeometry geometry) : BatchSumOperation
{
    private readonly ConvolutionWeightGradient kernel = new(geometry);

    public override string Name => "ConvolutionWeightGradient";

    public override void EmitPanels(StepWriter steps, Node node) => steps.CallByRows(kernel, node);

    public override void EmitBlocks(StepWriter steps, Node node) => steps.CallByBlocks(kernel, node, "0", Identifier.Text(kernel.Rows));
}

/// <summary>db[c] = Σ dy[c, position] over positions and the batch.  Input: dy, with 0 in lanes of nobody.</summary>
internal sealed class ChannelSumOperation : BatchSumOperation
{
    public override string Name => "ChannelSum";

    public override void EmitPanels(StepWriter steps, Node node) => steps.CallOnce(Kernel(node), node);

    public override void EmitBlocks(StepWriter steps, Node node) => steps.CallByBlocks(Kernel(node), node);

    private static ChannelSum Kernel(Node node)
    {
        Shape shape = node.Inputs[0].Shape;
        int channels = shape.Extents[0];
        return new ChannelSum(channels, (int)shape.Length / channels);
    }
}
