using NetGen.Generator.Emission;
using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;

namespace NetGen.Generator.Operations;

/// <summary>y[o, p] = f(b[o] + Σ w[o, c, k] · x[c, p · stride + k · dilation − padding]), the sum over channels c of o's group and taps k; or
/// the same backwards, a transposed convolution.  Shapes: x [C, (H,) W], w [O, C / groups, kh, kw], b [O], y [O, (H,) W].</summary>
/// <remarks>
/// Backward, given dy:  dx[c, i] = Σ w[o, c, k] · dy[o, p] over all p and k that read i,  dw[o, c, k] = Σ x[c, …] · dy[o, p],  db[o] = Σ dy[o, p],
/// the sums over positions and the batch. Saves its input. Goodfellow, Bengio and Courville 2016, sections 9.1 and 9.5.
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
            d.Contribute(weight, new ConvolutionWeightGradientOperation(Geometry), node, ClearIdleLanesOperation.Apply(d, x), clean);
        if (needsBias)
            d.Contribute(bias!, new ChannelSumOperation(), node, clean);
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
internal sealed class ConvolutionWeightGradientOperation(ConvolutionGeometry geometry) : Operation
{
    public override string Name => "ConvolutionWeightGradient";

    public override Scope Scope => Scope.Parameters;

    public override void EmitPanels(StepWriter steps, Node node) => steps.CallByRows(new ConvolutionWeightGradient(geometry), node);
}

/// <summary>db[c] = Σ dy[c, position] over positions and the batch.  Input: dy, with 0 in lanes of nobody.</summary>
internal sealed class ChannelSumOperation : Operation
{
    public override string Name => "ChannelSum";

    public override Scope Scope => Scope.Parameters;

    public override void EmitPanels(StepWriter steps, Node node)
    {
        Shape shape = node.Inputs[0].Shape;
        int channels = shape.Extents[0];
        steps.CallOnce(new ChannelSum(channels, (int)shape.Length / channels), node);
    }
}
