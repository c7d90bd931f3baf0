using NetGen.Generator.Emission;
using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;

namespace NetGen.Generator.Operations;

/// <summary>A convolution of one sample in the form that is faster for its shape, with what the planner has moved here from behind it.
/// Inputs: x, w, b, scale and shift, and what is added; those that there are.</summary>
/// <remarks>With vectors over the channels the output lies [pixel][channel], and the input may, otherwise both lie as documented.</remarks>
internal sealed class SingleConvolutionOperation(
    ConvolutionGeometry geometry, bool hasBias, ConvolutionEpilogue epilogue, bool overChannels, bool readsPixels) : Operation
{
    public override string Name => $"{(geometry.IsTransposed ? "ConvTranspose" : "Conv")}{epilogue.Name.Replace("_", "")}";

    public override void EmitPanels(StepWriter steps, Node node) => throw new InvalidOperationException($"{Name} runs on a single sample.");

    public override void EmitSingle(StepWriter steps, Node node)
    {
        Kernel kernel = overChannels
            ? new ConvolutionChannels(geometry, hasBias, epilogue, readsPixels)
            : new ConvolutionPixels(geometry, hasBias, epilogue);
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
        steps.Line(
            $"Panels.ToPlanes({steps.Ref(node.Inputs[0])}, {steps.Ref(node.Output)}, {node.Output.Shape.Length / channels}, {channels});");
    }
}
