using NetGen.Generator.Emission;
using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;

namespace NetGen.Generator.Operations;

/// <summary>y[c, i, j] = x[c, i - top, j - left] where that exists, else 0.  Shapes: x [C, H, W], y [C, H', W'].</summary>
/// <remarks>Backward: dx is the part of dy that x fills. It saves nothing.</remarks>
internal sealed class ZeroPadOperation(FrameGeometry geometry) : Operation
{
    public override string Name => "ZeroPad";

    public static Tensor? Build(LayerContext context, Tensor x)
    {
        int all = context.Argument("padding", 0);
        (string Name, int Value)[] sides =
            [.. new[] { "top", "bottom", "left", "right" }.Select(side => (side, context.Argument(side, all)))];
        string layer = $"ZeroPad({string.Join(", ", sides.Select(side => side.Value))})";
        if (!PoolLayers.CheckPlanes(context, x, layer))
            return null;
        foreach ((string name, int value) in sides)
        {
            if (!context.CheckRange(name, value, 0))
                return null;
        }

        bool isImage = x.Shape.Rank == 3;
        int top = isImage || all == 0 ? sides[0].Value : 0, bottom = isImage || all == 0 ? sides[1].Value : 0;
        if (!isImage && (top > 0 || bottom > 0))
        {
            context.Report(Diagnostics.Descriptors.PoolNeedsChannels, layer, context.Network, "an image (C, H, W)", x.Shape.Describe());
            return null;
        }

        int channels = x.Shape.Extents[0], height = isImage ? x.Shape.Extents[1] : 1, width = x.Shape.Last;
        long newHeight = (long)height + top + bottom, newWidth = (long)width + sides[2].Value + sides[3].Value;
        if (!PoolLayers.CheckLength(context, channels, newHeight, newWidth))
            return null;
        FrameGeometry geometry = new(channels, height, width, (int)newHeight, (int)newWidth, top, sides[2].Value);
        Shape shape = isImage ? new Shape(channels, (int)newHeight, (int)newWidth) : new Shape(channels, (int)newWidth);
        return context.Builder.Apply(new ZeroPadOperation(geometry), context.Name, shape, x);
    }

    public override void Differentiate(Differentiation d, Node node) =>
        d.Contribute(node.Inputs[0], new CropOperation(geometry), node, d.GradientOf(node.Output)!);

    public override void EmitPanels(StepWriter steps, Node node) =>
        steps.Call(new FrameKernel(geometry, Panel.Lanes, pads: true), steps.Ref(node.Inputs[0]), steps.Ref(node.Output));

    public override void EmitSingle(StepWriter steps, Node node) =>
        steps.Call(new FrameKernel(geometry, lanes: 1, pads: true), steps.Ref(node.Inputs[0]), steps.Ref(node.Output));
}

/// <summary>y[c, i, j] = x[c, i + top, j + left].  Shapes: x [C, H', W'], y [C, H, W].</summary>
internal sealed class CropOperation(FrameGeometry geometry) : Operation
{
    public override string Name => "Crop";

    public override void EmitPanels(StepWriter steps, Node node) =>
        steps.Call(new FrameKernel(geometry, Panel.Lanes, pads: false), steps.Ref(node.Inputs[0]), steps.Ref(node.Output));
}

/// <summary>An image inside a larger one.</summary>
/// <param name="Channels">Planes.</param>
/// <param name="Height">Rows of the inner one.</param>
/// <param name="Width">Columns of the inner one.</param>
/// <param name="OuterHeight">Rows of the larger one.</param>
/// <param name="OuterWidth">Columns of the larger one.</param>
/// <param name="Top">Rows above the inner one.</param>
/// <param name="Left">Columns to its left.</param>
internal sealed record FrameGeometry(int Channels, int Height, int Width, int OuterHeight, int OuterWidth, int Top, int Left);
