using NetGen.Generator.Emission;
using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;

namespace NetGen.Generator.Operations;

/// <summary>y[c] = exp(x[c]) / Σ exp(x[j]) over the last axis, or its logarithm, y[c] = x[c] - ln Σ exp(x[j]).
/// Shapes: x and y are equal.</summary>
/// <remarks>
/// Backward: dx[c] = y[c] · (dy[c] - Σ y[j] · dy[j]), or dx[c] = dy[c] - exp(y[c]) · Σ dy[j]. Saves its output. Before CrossEntropy softmax
/// takes no part in training: the loss reads x itself, whose gradient is y - target (Goodfellow, Bengio and Courville 2016, section
/// 6.2.2.3).
/// </remarks>
internal sealed class SoftmaxOperation(bool isLog) : Operation
{
    /// <summary>Whether y is the logarithm.</summary>
    public bool IsLog => isLog;

    public override string Name => isLog ? "LogSoftmax" : "Softmax";

    public static LayerRule Build(bool isLog) =>
        (context, x) => context.Builder.Apply(new SoftmaxOperation(isLog), context.Name, x.Shape, x);

    public override void Differentiate(Differentiation d, Node node) =>
        d.Contribute(node.Inputs[0], new SoftmaxGradientOperation(isLog), node, d.GradientOf(node.Output)!, node.Output);

    public override void EmitPanels(StepWriter steps, Node node) => steps.Call(
        new SoftmaxKernel(new SoftmaxForm(node.Output.Shape, isLog)), steps.Ref(node.Inputs[0]), steps.Ref(node.Output));

    public override void EmitSingle(StepWriter steps, Node node)
    {
        string x = steps.Ref(node.Inputs[0]), y = steps.Ref(node.Output);
        if (node.Inputs[0].IsPart)
        {
            // Behind it lies no memory to fill but its neighbour.
            steps.Line($"Panels.Copy({x}, {y}, {node.Output.Shape.Length});");
            x = y;
        }

        steps.Call(new SoftmaxSingle(new SoftmaxForm(node.Output.Shape, isLog)), x, y);
    }
}

/// <summary>dx of <see cref="SoftmaxOperation"/>.  Inputs: dy, y.</summary>
internal sealed class SoftmaxGradientOperation(bool isLog) : Operation
{
    public override string Name => isLog ? "LogSoftmaxGradient" : "SoftmaxGradient";

    public override void EmitPanels(StepWriter steps, Node node) => steps.Call(
        new SoftmaxGradientKernel(new SoftmaxForm(node.Output.Shape, isLog)),
        steps.Ref(node.Inputs[0]), steps.Ref(node.Inputs[1]), steps.Ref(node.Output));
}
