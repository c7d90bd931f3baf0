using NetGen.Generator.Emission;
using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;

namespace NetGen.Generator.Operations;

/// <summary>y[c] = exp(x[c]) / Σ exp(x[j]) over the last axis.  Shapes: x and y are equal.</summary>
/// <remarks>
/// Backward: dx[c] = y[c] · (dy[c] - Σ y[j] · dy[j]). Saves its output. Before CrossEntropy it takes no part in training: the loss reads
/// x itself, whose gradient is y - target (Goodfellow, Bengio and Courville 2016, section 6.2.2.3).
/// </remarks>
internal sealed class SoftmaxOperation : Operation
{
    public override string Name => "Softmax";

    public static Tensor? Build(LayerContext context, Tensor x) =>
        context.Builder.Apply(new SoftmaxOperation(), context.Name, x.Shape, x);

    public override void Differentiate(Differentiation d, Node node) =>
        d.Contribute(node.Inputs[0], new SoftmaxGradientOperation(), node, d.GradientOf(node.Output)!, node.Output);

    public override void EmitPanels(StepWriter steps, Node node) => steps.Call(
        new SoftmaxKernel(node.Output.Shape.Last, node.Output.Shape.Rows), steps.Ref(node.Inputs[0]), steps.Ref(node.Output));

    public override void EmitSingle(StepWriter steps, Node node) => steps.Call(
        new SoftmaxSingle(node.Output.Shape.Last, node.Output.Shape.Rows), steps.Ref(node.Inputs[0]), steps.Ref(node.Output));
}

/// <summary>dx[c] = y[c] · (dy[c] - Σ y[j] · dy[j]).  Inputs: dy, y.</summary>
internal sealed class SoftmaxGradientOperation : Operation
{
    public override string Name => "SoftmaxGradient";

    public override void EmitPanels(StepWriter steps, Node node) => steps.Call(
        new SoftmaxGradientKernel(node.Output.Shape.Last, node.Output.Shape.Rows),
        steps.Ref(node.Inputs[0]), steps.Ref(node.Inputs[1]), steps.Ref(node.Output));
}
