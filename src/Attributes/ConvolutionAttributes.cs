namespace NetGen;

/// <summary>Values of a layer's <c>Padding</c> that are no number of pixels.</summary>
public static class Padding
{
    /// <summary>As much as makes the output ⌈input / stride⌉ long, so for stride 1 as long as the input.
    /// An odd pixel goes behind.</summary>
    public const int Same = -1;

    /// <summary>None: the kernel stays inside.</summary>
    public const int Valid = 0;
}

/// <summary>Base of the convolutions: what they do with the borders of their input and between its pixels.</summary>
/// <remarks>Output length along an axis: ⌊(input + 2 · padding − dilation · (kernel − 1) − 1) / stride⌋ + 1.</remarks>
public abstract class ConvolutionAttribute : ParameterLayerAttribute
{
    /// <summary>Pixels from one application of the kernel to the next. Default 1.</summary>
    public int Stride { get; set; } = 1;

    /// <summary>Zeros around the input, on every side, or <see cref="NetGen.Padding.Same"/>. Default <see cref="NetGen.Padding.Valid"/>,
    /// 0.</summary>
    public int Padding { get; set; }

    /// <summary>Pixels of the input from one weight of the kernel to the next. Default 1.</summary>
    public int Dilation { get; set; } = 1;
}

/// <summary>Convolution of an image (C, H, W): y[o] = b[o] + Σ w[o, c] ⋆ x[c].
/// Weight [filters, C / groups, kernelHeight, kernelWidth], bias [filters].</summary>
public sealed class Conv2DAttribute : ConvolutionAttribute
{
    /// <param name="filters">Channels of the output, at least 1.</param>
    /// <param name="kernel">Height and width of the kernel, at least 1.</param>
    public Conv2DAttribute(int filters, int kernel)
        : this(filters, kernel, kernel)
    {
    }

    /// <param name="filters">Channels of the output, at least 1.</param>
    /// <param name="kernelHeight">Height of the kernel, at least 1.</param>
    /// <param name="kernelWidth">Width of the kernel, at least 1.</param>
    public Conv2DAttribute(int filters, int kernelHeight, int kernelWidth)
    {
        Filters = filters;
        KernelHeight = kernelHeight;
        KernelWidth = kernelWidth;
    }

    /// <summary>Channels of the output.</summary>
    public int Filters { get; }

    /// <summary>Height of the kernel.</summary>
    public int KernelHeight { get; }

    /// <summary>Width of the kernel.</summary>
    public int KernelWidth { get; }

    /// <summary>Parts that the channels of input and output are cut into;
    /// each part of the output sees one part of the input. Default 1.</summary>
    public int Groups { get; set; } = 1;
}

/// <summary>Convolution of a sequence (C, L), channels first. Weight [filters, C / groups, kernel], bias [filters].</summary>
public sealed class Conv1DAttribute : ConvolutionAttribute
{
    /// <param name="filters">Channels of the output, at least 1.</param>
    /// <param name="kernel">Length of the kernel, at least 1.</param>
    public Conv1DAttribute(int filters, int kernel)
    {
        Filters = filters;
        Kernel = kernel;
    }

    /// <summary>Channels of the output.</summary>
    public int Filters { get; }

    /// <summary>Length of the kernel.</summary>
    public int Kernel { get; }

    /// <summary>Parts that the channels of input and output are cut into;
    /// each part of the output sees one part of the input. Default 1.</summary>
    public int Groups { get; set; } = 1;
}

/// <summary>Convolution of each channel of an image (C, H, W) by itself. Weight [C, 1, kernel, kernel], bias [C].</summary>
public sealed class DepthwiseConv2DAttribute : ConvolutionAttribute
{
    /// <param name="kernel">Height and width of the kernel, at least 1.</param>
    public DepthwiseConv2DAttribute(int kernel) => Kernel = kernel;

    /// <summary>Height and width of the kernel.</summary>
    public int Kernel { get; }

    /// <summary>Channels of the output for each one of the input. Default 1.</summary>
    public int Multiplier { get; set; } = 1;
}

/// <summary>Each channel of an image (C, H, W) by itself, then a 1 × 1 convolution. Parameters depthwise [C, 1, kernel, kernel], pointwise
/// [filters, C, 1, 1] and bias [filters].</summary>
public sealed class SeparableConv2DAttribute : ConvolutionAttribute
{
    /// <param name="filters">Channels of the output, at least 1.</param>
    /// <param name="kernel">Height and width of the depthwise kernel, at least 1.</param>
    public SeparableConv2DAttribute(int filters, int kernel)
    {
        Filters = filters;
        Kernel = kernel;
    }

    /// <summary>Channels of the output.</summary>
    public int Filters { get; }

    /// <summary>Height and width of the depthwise kernel.</summary>
    public int Kernel { get; }
}

/// <summary>Transposed convolution of an image (C, H, W), which enlarges it: every pixel adds its multiple of the kernel to the output.
/// Weight [C, filters / groups, kernel, kernel], bias [filters].</summary>
/// <remarks>Output length along an axis: (input − 1) · stride − 2 · padding + dilation · (kernel − 1) + output padding + 1; with
/// <see cref="NetGen.Padding.Same"/> input · stride.</remarks>
public sealed class ConvTranspose2DAttribute : ConvolutionAttribute
{
    /// <param name="filters">Channels of the output, at least 1.</param>
    /// <param name="kernel">Height and width of the kernel, at least 1.</param>
    public ConvTranspose2DAttribute(int filters, int kernel)
    {
        Filters = filters;
        Kernel = kernel;
    }

    /// <summary>Channels of the output.</summary>
    public int Filters { get; }

    /// <summary>Height and width of the kernel.</summary>
    public int Kernel { get; }

    /// <summary>Parts that the channels of input and output are cut into;
    /// each part of the output sees one part of the input. Default 1.</summary>
    public int Groups { get; set; } = 1;

    /// <summary>Rows and columns that are added below and on the right, less than the stride or the dilation. Default 0.</summary>
    public int OutputPadding { get; set; }
}
