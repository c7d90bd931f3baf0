using NetGen.Generator.Diagnostics;
using NetGen.Generator.Emission;
using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;

namespace NetGen.Generator.Operations;

/// <summary>y[c, i, j] = max of x[c] over the window at (i, j).  Shapes: x [C, H, W], y [C, H', W'].</summary>
/// <remarks>
/// Backward: dy goes to the first maximum of its window, row by row. Saves input and output. A monotonic activation before it gives the
/// same value and the same gradient behind it.
/// </remarks>
internal sealed class MaxPoolOperation(PoolGeometry geometry) : Operation
{
    public PoolGeometry Geometry { get; } = geometry;

    public override string Name => "MaxPool";

    public override void Differentiate(Differentiation d, Node node)
    {
        Tensor x = node.Inputs[0];
        d.Contribute(x, new MaxPoolGradientOperation(Geometry), node, d.GradientOf(node.Output)!, x, node.Output);
    }

    public override void EmitPanels(StepWriter steps, Node node) =>
        steps.Call(new MaxPoolKernel(Geometry), steps.Ref(node.Inputs[0]), steps.Ref(node.Output));

    public override void EmitSingle(StepWriter steps, Node node) =>
        steps.Call(new PoolSingle(Geometry, isMax: true, scale: 1f), steps.Ref(node.Inputs[0]), steps.Ref(node.Output));
}

/// <summary>dx[c, k] = Σ dy[c, i, j] over the windows whose first maximum k is.  Inputs: dy, x, y.</summary>
/// <remarks>Where fusion has moved the derivative of an activation here, x is that activation's value, and so is y: f' of the maximum is
/// applied to dy, once a window.</remarks>
internal sealed class MaxPoolGradientOperation(PoolGeometry geometry, ElementwiseFunction? activation = null) : Operation
{
    public PoolGeometry Geometry { get; } = geometry;

    public ElementwiseFunction? Activation { get; } = activation;

    public override string Name => $"MaxPoolGradient{Activation?.Name}";

    public override void EmitPanels(StepWriter steps, Node node) =>
        steps.Call(new MaxPoolGradientKernel(Geometry, Activation), [.. node.Inputs.Select(steps.Ref), steps.Ref(node.Output)]);
}

/// <summary>y[c, i, j] = scale · Σ x[c] over the window at (i, j).  Shapes: x [C, H, W], y [C, H', W'].</summary>
/// <remarks>Backward: every value of a window receives scale · dy. It saves nothing.
/// Average pooling, and the gradient of upsampling.</remarks>
internal sealed class SumPoolOperation(PoolGeometry geometry, float scale) : Operation
{
    public PoolGeometry Geometry { get; } = geometry;

    public float Scale { get; } = scale;

    public override string Name => "SumPool";

    public override void Differentiate(Differentiation d, Node node) =>
        d.Contribute(node.Inputs[0], new SpreadOperation(Geometry, Scale), node, d.GradientOf(node.Output)!);

    public override void EmitPanels(StepWriter steps, Node node) =>
        steps.Call(new SumPoolKernel(Geometry, Scale), steps.Ref(node.Inputs[0]), steps.Ref(node.Output));

    public override void EmitSingle(StepWriter steps, Node node) =>
        steps.Call(new PoolSingle(Geometry, isMax: false, Scale), steps.Ref(node.Inputs[0]), steps.Ref(node.Output));
}

/// <summary>y[c, k] = scale · Σ x[c, i, j] over the windows that k lies in: the transpose of <see cref="SumPoolOperation"/>.</summary>
/// <remarks>Upsampling, and the gradient of average pooling. Inputs: x [C, H', W'] and, where fusion has moved the derivative of an
/// activation here, what that saved [C, H, W].</remarks>
internal sealed class SpreadOperation(PoolGeometry geometry, float scale, ElementwiseFunction? activation = null) : Operation
{
    public PoolGeometry Geometry { get; } = geometry;

    public float Scale { get; } = scale;

    public ElementwiseFunction? Activation { get; } = activation;

    public override string Name => $"Spread{Activation?.Name}";

    public override void Differentiate(Differentiation d, Node node) =>
        d.Contribute(node.Inputs[0], new SumPoolOperation(Geometry, Scale), node, d.GradientOf(node.Output)!);

    public override void EmitPanels(StepWriter steps, Node node) =>
        steps.Call(new SpreadKernel(Geometry, Scale, Activation), [.. node.Inputs.Select(steps.Ref), steps.Ref(node.Output)]);

    public override void EmitSingle(StepWriter steps, Node node) =>
        steps.Call(new SpreadSingle(Geometry, Scale), steps.Ref(node.Inputs[0]), steps.Ref(node.Output));
}

/// <summary>The layers that pool, and their transpose.</summary>
internal static class PoolLayers
{
    public static Tensor? BuildMaxPool2D(LayerContext context, Tensor x) => BuildPool(context, x, "MaxPool2D", rank: 3, isMax: true);

    public static Tensor? BuildMaxPool1D(LayerContext context, Tensor x) => BuildPool(context, x, "MaxPool1D", rank: 2, isMax: true);

    public static Tensor? BuildAveragePool2D(LayerContext context, Tensor x) =>
        BuildPool(context, x, "AveragePool2D", rank: 3, isMax: false);

    public static Tensor? BuildAveragePool1D(LayerContext context, Tensor x) =>
        BuildPool(context, x, "AveragePool1D", rank: 2, isMax: false);

    public static Tensor? BuildGlobalMaxPool(LayerContext context, Tensor x) => BuildGlobal(context, x, "GlobalMaxPool", isMax: true);

    public static Tensor? BuildGlobalAveragePool(LayerContext context, Tensor x) =>
        BuildGlobal(context, x, "GlobalAveragePool", isMax: false);

    /// <summary>Upsampling is to spread small windows over a larger plane.</summary>
    public static Tensor? BuildUpsample(LayerContext context, Tensor x)
    {
        int factor = context.Argument("factor", 1);
        if (!CheckPlanes(context, x, $"Upsample({factor})") || !context.CheckRange("factor", factor, 1))
            return null;
        bool isImage = x.Shape.Rank == 3;
        long height = isImage ? (long)x.Shape.Extents[1] * factor : 1, width = (long)x.Shape.Last * factor;
        if (!CheckLength(context, x.Shape.Extents[0], height, width))
            return null;
        PoolGeometry geometry = new(
            x.Shape.Extents[0],
            isImage ? new PoolAxis((int)height, factor, factor, 0) : PoolAxis.One,
            new PoolAxis((int)width, factor, factor, 0));
        return context.Builder.Apply(
            new SpreadOperation(geometry, 1f), context.Name,
            isImage ? new Shape(geometry.Channels, (int)height, (int)width) : new Shape(geometry.Channels, (int)width), x);
    }

    /// <summary>Whether the input has channels, and one or two axes behind them; otherwise it is reported.</summary>
    public static bool CheckPlanes(LayerContext context, Tensor x, string layer)
    {
        if (x.Shape.Rank is 2 or 3)
            return true;
        context.Report(
            Descriptors.PoolNeedsChannels, layer, context.Network, "an image (C, H, W) or a sequence of channels (C, L)",
            x.Shape.Describe());
        return false;
    }

    /// <summary>Whether an output's floats can be counted; otherwise it is reported.</summary>
    public static bool CheckLength(LayerContext context, long channels, long height, long width)
    {
        // Each extent is below 2⁵⁵, so that their product may not fit a long.
        double floats = (double)channels * height * width;
        if (floats <= GraphBuilder.MaximumValues)
            return true;
        context.Report(
            Descriptors.ValueTooLarge, context.Network, $"output of layer {context.Number}", (long)Math.Min(floats, long.MaxValue / 2),
            GraphBuilder.MaximumValues);
        return false;
    }

    private static Tensor? BuildPool(LayerContext context, Tensor x, string kind, int rank, bool isMax)
    {
        int size = context.Argument("size", 1), stride = context.Argument("Stride", 0), padding = context.Argument("Padding", 0);
        if (x.Shape.Rank != rank)
        {
            string needed = rank == 3 ? "an image (C, H, W)" : "a sequence of channels (C, L)";
            context.Report(Descriptors.PoolNeedsChannels, $"{kind}({size})", context.Network, needed, x.Shape.Describe());
            return null;
        }

        if (!context.CheckRange("size", size, 1) || !context.CheckRange("Stride", stride, 0))
            return null;
        if (padding < 0 || padding > size / 2)
        {
            context.Report(Descriptors.PoolPadding, context.Number, context.Network, padding, size, size / 2);
            return null;
        }

        if (x.Shape.Extents.Skip(1).Any(extent => size - (2 * padding) > extent))
        {
            context.Report(
                Descriptors.WindowTooLarge, $"{kind}({size})", context.Network, rank == 3 ? $"{size}x{size}" : size, x.Shape.Describe(),
                padding);
            return null;
        }

        stride = stride == 0 ? size : stride;
        PoolAxis horizontal = new(x.Shape.Last, size, stride, padding);
        PoolAxis vertical = rank == 3 ? new PoolAxis(x.Shape.Extents[1], size, stride, padding) : PoolAxis.One;
        PoolGeometry geometry = new(x.Shape.Extents[0], vertical, horizontal);
        Shape shape = rank == 3
            ? new Shape(geometry.Channels, vertical.Output, horizontal.Output)
            : new Shape(geometry.Channels, horizontal.Output);
        return context.Builder.Apply(Operation(geometry, isMax), context.Name, shape, x);
    }

    private static Tensor? BuildGlobal(LayerContext context, Tensor x, string kind, bool isMax)
    {
        if (!CheckPlanes(context, x, kind))
            return null;
        int height = x.Shape.Rank == 3 ? x.Shape.Extents[1] : 1, width = x.Shape.Last;
        PoolGeometry geometry = new(x.Shape.Extents[0], new PoolAxis(height, height, height, 0), new PoolAxis(width, width, width, 0));
        return context.Builder.Apply(Operation(geometry, isMax), context.Name, new Shape(geometry.Channels), x);
    }

    private static Operation Operation(PoolGeometry geometry, bool isMax) =>
        isMax ? new MaxPoolOperation(geometry) : new SumPoolOperation(geometry, 1f / geometry.Area);
}
