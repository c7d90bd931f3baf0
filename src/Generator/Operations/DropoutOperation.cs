using NetGen.Generator.Diagnostics;
using NetGen.Generator.Emission;
using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;

namespace NetGen.Generator.Operations;

/// <summary>y = x · m / (1 - rate) with m = 0 for the share <paramref name="rate"/> of the values (or channels), else 1.
/// Shapes: x and y are equal.</summary>
/// <remarks>
/// Backward: dx = dy · m / (1 - rate), the same operation on dy. It saves nothing: m is computed again, for about the time that reading it
/// would take. Not part of prediction and evaluation. Srivastava et al., "Dropout: a simple way to prevent neural networks from
/// overfitting", 2014.
/// </remarks>
/// <param name="rate">Probability of 0.</param>
/// <param name="positions">Neighbouring values that share their m.</param>
/// <param name="stream">Sets the random numbers of one layer apart from those of others.</param>
internal sealed class DropoutOperation(float rate, int positions, int stream) : Operation
{
    public override string Name => "Dropout";

    public override bool UsesRandomNumbers => true;

    public static Tensor? Build(LayerContext context, Tensor x) => Add(context, x, positions: 1);

    public static Tensor? BuildOfChannels(LayerContext context, Tensor x)
    {
        if (x.Shape.Rank == 3)
            return Add(context, x, x.Shape.Extents[1] * x.Shape.Extents[2]);
        context.Report(Descriptors.ChannelDropoutNeedsImage, context.Network, x.Shape.Describe());
        return null;
    }

    public override void Differentiate(Differentiation d, Node node) =>
        d.Contribute(node.Inputs[0], this, node, d.GradientOf(node.Output)!);

    public override void EmitPanels(StepWriter steps, Node node) => steps.Call(
        new DropoutKernel(rate, (int)node.Output.Shape.Length / positions, positions),
        steps.Ref(node.Inputs[0]), steps.Ref(node.Output), "random", Identifier.Text(stream));

    private static Tensor? Add(LayerContext context, Tensor x, int positions)
    {
        float rate = context.Argument("rate", 0f);
        if (!(rate >= 0f && rate < 1f))
        {
            context.Report(Descriptors.InvalidRate, context.Number, context.Network, Literal.Of(rate));
            return null;
        }

        int stream = context.Builder.NextRandomStream();
        return context.Builder.Training && rate > 0f
            ? context.Builder.Apply(new DropoutOperation(rate, positions, stream), context.Name, x.Shape, x)
            : x;
    }
}
