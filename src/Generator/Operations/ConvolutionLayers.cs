using NetGen.Generator.Diagnostics;
using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;

namespace NetGen.Generator.Operations;

/// <summary>What the attributes of convolutions build.</summary>
internal static class ConvolutionLayers
{
    /// <summary>Most filters of a layer.</summary>
    private const int MaximumFilters = 1 << 20;

    /// <summary>The attributes' <c>Padding.Same</c>.</summary>
    public const int Same = -1;

    public static Tensor? BuildConv2D(LayerContext context, Tensor x)
    {
        if (!CheckImage(context, x) || Arguments.Read(context) is not Arguments arguments)
            return null;
        int kernel = context.Argument("kernel", 0);
        int height = context.Argument("kernelHeight", kernel), width = context.Argument("kernelWidth", kernel);
        if (!CheckRange(context, kernel > 0 || height == width ? "kernel" : "kernel height", height, 1)
            || !CheckRange(context, "kernel width", width, 1)
            || Filters(context) is not int filters)
        {
            return null;
        }

        ConvolutionGeometry geometry = new(
            x.Shape.Extents[0], filters, arguments.Groups, arguments.Axis(x.Shape.Extents[1], height),
            arguments.Axis(x.Shape.Extents[2], width));
        return Build(context, x, geometry, image: true);
    }

    /// <summary>A sequence (C, L) is an image of one row.</summary>
    public static Tensor? BuildConv1D(LayerContext context, Tensor x)
    {
        if (x.Shape.Rank != 2)
        {
            context.Report(Descriptors.NeedsSequence, context.Kind, context.Network, x.Shape.Describe());
            return null;
        }

        if (Arguments.Read(context) is not Arguments arguments || Kernel(context) is not int kernel || Filters(context) is not int filters)
            return null;
        ConvolutionGeometry geometry = new(
            x.Shape.Extents[0], filters, arguments.Groups, ConvolutionAxis.Single, arguments.Axis(x.Shape.Extents[1], kernel));
        return Build(context, x, geometry, image: false);
    }

    public static Tensor? BuildDepthwise(LayerContext context, Tensor x)
    {
        int multiplier = context.Argument("Multiplier", 1);
        if (!CheckImage(context, x) || Arguments.Read(context) is not Arguments arguments || Kernel(context) is not int kernel
            || !CheckRange(context, "Multiplier", multiplier, 1, Math.Min(ConvolutionAxis.MaximumArgument, MaximumFilters / x.Shape.Extents[0])))
        {
            return null;
        }

        return Build(context, x, Depthwise(x, kernel, multiplier, arguments), image: true);
    }

    /// <summary>Depthwise without a bias, then 1 × 1 with one.</summary>
    public static Tensor? BuildSeparable(LayerContext context, Tensor x)
    {
        if (!CheckImage(context, x) || Arguments.Read(context) is not Arguments arguments || Kernel(context) is not int kernel
            || Filters(context) is not int filters || context.WeightStart() is not Initialization start)
        {
            return null;
        }

        ConvolutionGeometry depthwise = Depthwise(x, kernel, 1, arguments);
        if (!Check(context, x, depthwise, depthwise.Y.Output, depthwise.X.Output))
            return null;
        Tensor middle = Apply(context, x, depthwise, ".depthwise", start, hasBias: false, image: true);
        ConvolutionGeometry pointwise = new(
            x.Shape.Extents[0], filters, 1, ConvolutionAxis.Of(depthwise.Y.Output, 1, 1, 0, 1),
            ConvolutionAxis.Of(depthwise.X.Output, 1, 1, 0, 1));
        return Check(context, x, pointwise, depthwise.Y.Output, depthwise.X.Output)
            ? Apply(context, middle, pointwise, ".pointwise", start, context.Argument("Bias", true), image: true)
            : null;
    }

    public static Tensor? BuildTransposed(LayerContext context, Tensor x)
    {
        if (!CheckImage(context, x) || Arguments.Read(context) is not Arguments arguments || Kernel(context) is not int kernel
            || Filters(context) is not int filters)
        {
            return null;
        }

        int outputPadding = context.Argument("OutputPadding", 0);
        int mostPadding = arguments.Padding == Same ? 0 : Math.Max(arguments.Stride, arguments.Dilation) - 1;
        if (!CheckRange(context, "OutputPadding", outputPadding, 0, mostPadding))
            return null;

        ConvolutionAxis y = ConvolutionAxis.Transposed(
            x.Shape.Extents[1], kernel, arguments.Stride, arguments.Padding, arguments.Dilation, outputPadding);
        ConvolutionAxis columns = ConvolutionAxis.Transposed(
            x.Shape.Extents[2], kernel, arguments.Stride, arguments.Padding, arguments.Dilation, outputPadding);
        return Build(
            context, x, new ConvolutionGeometry(filters, x.Shape.Extents[0], arguments.Groups, y, columns, IsTransposed: true),
            image: true);
    }

    private static ConvolutionGeometry Depthwise(Tensor x, int kernel, int multiplier, Arguments arguments)
    {
        int channels = x.Shape.Extents[0];
        return new ConvolutionGeometry(
            channels, channels * multiplier, channels, arguments.Axis(x.Shape.Extents[1], kernel),
            arguments.Axis(x.Shape.Extents[2], kernel));
    }

    private static Tensor? Build(LayerContext context, Tensor x, ConvolutionGeometry geometry, bool image)
    {
        (int height, int width) = geometry.IsTransposed ? (geometry.Y.Input, geometry.X.Input) : (geometry.Y.Output, geometry.X.Output);
        return Check(context, x, geometry, height, width) && context.WeightStart() is Initialization start
            ? Apply(context, x, geometry, ".weight", start, context.Argument("Bias", true), image)
            : null;
    }

    /// <summary>Adds parameters and node of a geometry that is sound.</summary>
    private static Tensor Apply(
        LayerContext context, Tensor x, ConvolutionGeometry geometry, string suffix, Initialization start, bool hasBias, bool image)
    {
        (int height, int width) = geometry.IsTransposed ? (geometry.Y.Input, geometry.X.Input) : (geometry.Y.Output, geometry.X.Output);
        int filters = geometry.IsTransposed ? geometry.Inputs : geometry.Outputs;
        bool trainable = context.Argument("Trainable", true);
        int[] kernel = image ? [geometry.Y.Kernel, geometry.X.Kernel] : [geometry.X.Kernel];
        // Terms of a sum of the forward pass, and of the backward pass.
        int fanIn = geometry.Operand.Channels * geometry.Taps, fanOut = geometry.Result.Channels * geometry.Taps;
        Tensor weight = context.Builder.AddParameter(
            context.Name + suffix, new Shape([geometry.Outputs, geometry.InputsPerGroup, .. kernel]), transposed: !geometry.IsTransposed,
            trainable, decays: true, start, fanIn, fanOut);
        Tensor[] operands = [x, weight];
        if (hasBias)
        {
            operands = [.. operands, context.Builder.AddParameter(
                context.Name + ".bias", new Shape(filters), transposed: false, trainable && context.Argument("TrainBias", true),
                decays: false,
                Initialization.Zeros, fanIn, fanOut)];
        }

        context.MultiplyAdds += geometry.MultiplyAdds;
        Shape shape = image ? new Shape(filters, height, width) : new Shape(filters, width);
        return context.Builder.Apply(new ConvolutionOperation(geometry, hasBias), context.Name, shape, operands);
    }

    /// <summary>Whether groups, kernel and sizes fit.</summary>
    private static bool Check(LayerContext context, Tensor x, ConvolutionGeometry geometry, int height, int width)
    {
        (int channels, int filters) = geometry.IsTransposed ? (geometry.Outputs, geometry.Inputs) : (geometry.Inputs, geometry.Outputs);
        if (channels % geometry.Groups != 0 || filters % geometry.Groups != 0)
        {
            context.Report(Descriptors.GroupsDoNotDivide, geometry.Groups, context.Number, context.Network, channels, filters);
            return false;
        }

        if (height < 1 || width < 1)
        {
            ConvolutionAxis axis = height < 1 ? geometry.Y : geometry.X;
            string what = height < 1 ? "rows" : "columns";
            if (geometry.IsTransposed)
                context.Report(Descriptors.OutputIsEmpty, context.Number, context.Network, what, axis.Padding);
            else
            {
                context.Report(
                    Descriptors.KernelDoesNotFit, context.Number, context.Network, axis.Span, what, axis.Input + (2L * axis.Padding),
                    x.Shape.Describe(), x.Shape.Rank == 3 ? "(C, H, W)" : "(C, L)");
            }

            return false;
        }

        double floats = (double)filters * height * width, weights = (double)geometry.Outputs * geometry.InputsPerGroup * geometry.Taps;
        if (floats > GraphBuilder.MaximumValues)
        {
            context.Report(
                Descriptors.ValueTooLarge, context.Network, $"output of layer {context.Number}",
                (long)Math.Min(floats, long.MaxValue / 2), GraphBuilder.MaximumValues);
        }
        else if ((double)geometry.Y.Kernel * geometry.X.Kernel * geometry.Outputs * geometry.InputsPerGroup > GraphBuilder.MaximumParameters)
        {
            context.Report(
                Descriptors.ParameterCountOverflow, context.Network,
                (long)Math.Min(Math.Abs(weights), long.MaxValue / 2), GraphBuilder.MaximumParameters);
        }
        else
            return true;
        return false;
    }

    private static bool CheckImage(LayerContext context, Tensor x)
    {
        if (x.Shape.Rank == 3)
            return true;
        context.Report(Descriptors.NeedsImage, context.Kind, context.Network, x.Shape.Describe(), ImageOf(x.Shape));
        return false;
    }

    /// <summary>The layer that makes an image of a shape: of one channel, square where a vector may be that.</summary>
    private static string ImageOf(Shape shape)
    {
        int side = (int)Math.Sqrt(shape.Length);
        return shape.Rank == 2 ? FormattableString.Invariant($"Reshape(1, {shape.Extents[0]}, {shape.Extents[1]})")
            : shape.Rank == 1 && (long)side * side == shape.Length ? FormattableString.Invariant($"Reshape(1, {side}, {side})")
            : "Reshape(C, H, W)";
    }

    private static int? Kernel(LayerContext context)
    {
        int kernel = context.Argument("kernel", 0);
        return CheckRange(context, "kernel", kernel, 1) ? kernel : null;
    }

    private static int? Filters(LayerContext context)
    {
        int filters = context.Argument("filters", 0);
        return CheckRange(context, "number of filters", filters, 1, MaximumFilters) ? filters : null;
    }

    private static bool CheckRange(LayerContext context, string argument, int value, int least, int most = ConvolutionAxis.MaximumArgument) =>
        context.CheckRange(argument, value, least, most);

    /// <summary>The named arguments that all convolutions have.</summary>
    private sealed record Arguments(int Stride, int Padding, int Dilation, int Groups)
    {
        /// <summary>Null after a problem was reported.</summary>
        public static Arguments? Read(LayerContext context)
        {
            Arguments arguments = new(
                context.Argument("Stride", 1), context.Argument("Padding", 0), context.Argument("Dilation", 1),
                context.Argument("Groups", 1));
            return CheckRange(context, "Stride", arguments.Stride, 1) && CheckRange(context, "Padding", arguments.Padding, Same)
                && CheckRange(context, "Dilation", arguments.Dilation, 1)
                && CheckRange(context, "Groups", arguments.Groups, 1, MaximumFilters)
                ? arguments : null;
        }

        public ConvolutionAxis Axis(int input, int kernel) => ConvolutionAxis.Of(input, kernel, Stride, Padding, Dilation);
    }
}
