using NetGen.Generator.Emission;
using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;

namespace NetGen.Generator.Operations;

/// <summary>A convolution of one sample in the form that is faster for its shape, with an activation and a 2 × 2 pool that fusion has moved
/// here.  Inputs: x, w and b.</summary>
/// <remarks>With vectors over the channels the output lies [pixel][channel], otherwise as documented.</remarks>
internal sealed class SingleConvolutionOperation(
    ConvolutionGeometry geometry, bool hasBias, ElementwiseFunction? activation, FusedPool pool, bool overChannels,
    bool isScaled = false) : Operation
{
    public override string Name => $"{(geometry.IsTransposed ? "ConvTranspose" : "Conv")}{OutputScaling.Name(isScaled)}{activation?.Name}{(pool == FusedPool.None ? "" : pool + "Pool")}";

    public override void EmitPanels(StepWriter steps, Node node) => throw new InvalidOperationException($"{Name} runs on a single sample.");

    public override void EmitSingle(StepWriter steps, Node node)
    {
        Kernel kernel = overChannels
            ? new ConvolutionChannels(geometry, hasBias, activation, pool, isScaled)
            : new ConvolutionPixels(geometry, hasBias, activation, pool, isScaled);
        steps.Call(kernel, [.. node.Inputs.Select(steps.Ref), steps.Ref(node.Output)]);
    }
}

/// <summary>One sample's values [pixel][channel] as they are documented, [channel][pixel].</summary>
internal sealed class ChannelsFirstOperation : Operation
{
    public override string Name => "ChannelsFirst";

    public override void EmitPanels(StepWriter steps, Node node) => throw new InvalidOperationException($"{Name} runs on a single sample.");

    public override void EmitSingle(StepWriter steps, Node node)
    {
        int channels = node.Output.Shape.Extents[0];
        steps.Line($"Panels.ToPlanes({steps.Ref(node.Inputs[0])}, {steps.Ref(node.Output)}, {node.Output.Shape.Length / channels}, {channels});");
    }
}
