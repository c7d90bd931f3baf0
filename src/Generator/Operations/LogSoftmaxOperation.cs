using NetGen.Generator.Emission;
using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;

namespace NetGen.Generator.Operations;

/// <summary>y[c] = x[c] - ln Σ exp(x[j]) over the last axis.  Shapes: x and y are equal.</summary>
/// <remarks>Backward: dx[c] = dy[c] - exp(y[c]) · Σ dy[j]. Saves its output.</remarks>
internal sealed class LogSoftmaxOperation : Operation
{
    public override string Name => "LogSoftmax";

    public static Tensor? Build(LayerContext context, Tensor x) =>
        context.Builder.Apply(new LogSoftmaxOperation(), context.Name, x.Shape, x);

    public override void Differentiate(Differentiation d, Node node) =>
        d.Contribute(node.Inputs[0], new LogSoftmaxGradientOperation(), node, d.GradientOf(node.Output)!, node.Output);

    public override void EmitPanels(StepWriter steps, Node node) => steps.Call(
        new LogSoftmaxKernel(node.Output.Shape.Last, node.Output.Shape.Rows), steps.Ref(node.Inputs[0]), steps.Ref(node.Output));

    public override void EmitSingle(StepWriter steps, Node node) => steps.Call(
        new LogSoftmaxSingle(node.Output.Shape.Last, node.Output.Shape.Rows), steps.Ref(node.Inputs[0]), steps.Ref(node.Output));
}

/// <summary>dx[c] = dy[c] - exp(y[c]) · Σ dy[j].  Inputs: dy, y.</summary>
internal sealed class LogSoftmaxGradientOperation : Operation
{
    public override string Name => "LogSoftmaxGradient";

    public override void EmitPanels(StepWriter steps, Node node) => steps.Call(
        new LogSoftmaxGradientKernel(node.Output.Shape.Last, node.Output.Shape.Rows),
        steps.Ref(node.Inputs[0]), steps.Ref(node.Inputs[1]), steps.Ref(node.Output));
}
