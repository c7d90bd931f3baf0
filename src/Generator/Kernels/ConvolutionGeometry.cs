using NetGen.Generator.Emission;

namespace NetGen.Generator.Kernels;

/// <summary>One axis of a convolution or a pooling: tap k of output position i reads input position i · stride + k · dilation −
/// padding.</summary>
/// <param name="Input">Length of the input.</param>
/// <param name="Output">Length of the output.</param>
/// <param name="Kernel">Taps.</param>
/// <param name="Stride">Input positions from one output position to the next.</param>
/// <param name="Padding">Zeros before the first input position. What follows the last one is known from the other numbers.</param>
/// <param name="Dilation">Input positions from tap to tap.</param>
internal sealed record ConvolutionAxis(int Input, int Output, int Kernel, int Stride, int Padding, int Dilation)
{
    /// <summary>Every argument of an axis is at most this, so that no sum of them leaves the range of int.</summary>
    public const int MaximumArgument = 65_535;

    /// <summary>The axis of one row: what a convolution of a sequence has as its other one.</summary>
    public static ConvolutionAxis Single { get; } = new(1, 1, 1, 1, 0, 1);

    /// <summary>Input positions that the kernel spans.</summary>
    public long Span => SpanOf(Kernel, Dilation);

    /// <summary>An axis that starts from its input; an output of less than 1 does not fit.</summary>
    /// <param name="padding">Zeros on both sides, or −1 for as many as make the output ⌈input / stride⌉ long;
    /// an odd one goes behind.</param>
    public static ConvolutionAxis Of(int input, int kernel, int stride, int padding, int dilation)
    {
        long span = SpanOf(kernel, dilation);
        if (padding >= 0)
        {
            long free = input + (2L * padding) - span;
            return new ConvolutionAxis(input, free < 0 ? 0 : (int)(free / stride) + 1, kernel, stride, padding, dilation);
        }

        int output = (int)(((long)input + stride - 1) / stride);
        long zeros = Math.Max(0, ((output - 1L) * stride) + span - input);
        return new ConvolutionAxis(input, output, kernel, stride, (int)Math.Min(int.MaxValue, zeros / 2), dilation);
    }

    /// <summary>The axis whose output is a transposed convolution's input. Its own input is what that one computes;
    /// less than 1 does not fit.</summary>
    public static ConvolutionAxis Transposed(int output, int kernel, int stride, int padding, int dilation, int outputPadding)
    {
        if (padding < 0)
            return Of((int)Math.Min(int.MaxValue, (long)output * stride), kernel, stride, padding, dilation);
        long input = ((output - 1L) * stride) - (2L * padding) + SpanOf(kernel, dilation) + outputPadding;
        return new ConvolutionAxis((int)Math.Max(0, Math.Min(int.MaxValue, input)), output, kernel, stride, padding, dilation);
    }

    /// <summary>What each output position reads.</summary>
    public AxisSweep Forward() => new(0, Output, 1, Kernel, 0, 1, -Padding, Stride, Dilation, Input);

    /// <summary>Which output positions read each input position: one sweep for each residue modulo the stride, within which the taps are
    /// the same.</summary>
    public IReadOnlyList<AxisSweep> Backward()
    {
        int divisor = GreatestDivisor(Stride, Dilation), tapStep = Stride / divisor;
        List<AxisSweep> sweeps = [];
        for (int first = 0; first < Math.Min(Stride, Input); first++)
        {
            int[] taps = [.. Enumerable.Range(0, Kernel).Where(tap => (first + Padding - ((long)tap * Dilation)) % Stride == 0)];
            int count = ((Input - 1 - first) / Stride) + 1;
            // The last tap reads the first position, so the order is reversed.
            int lastTap = taps.Length == 0 ? 0 : taps[taps.Length - 1];
            int firstOperand = taps.Length == 0 ? 0 : (first + Padding - (lastTap * Dilation)) / Stride;
            sweeps.Add(new AxisSweep(
                first, count, Stride, taps.Length, lastTap, -tapStep, firstOperand, 1, Dilation / divisor, Output));
        }

        return sweeps;
    }

    /// <summary>What each position of the result reads: the output's, or, backwards, the input's.</summary>
    public IReadOnlyList<AxisSweep> Sweeps(bool backward) => backward ? Backward() : [Forward()];

    private static long SpanOf(int kernel, int dilation) => ((long)dilation * (kernel - 1)) + 1;

    private static int GreatestDivisor(int a, int b) => b == 0 ? a : GreatestDivisor(b, a % b);
}

/// <summary>Result positions at equal distances that combine the same taps: j-th position First + j · Step, whose m-th tap reads operand
/// position FirstOperand + j · OperandStep + m · TapDistance where that is inside.</summary>
/// <param name="First">First result position.</param>
/// <param name="Count">Number of result positions.</param>
/// <param name="Step">From result position to result position.</param>
/// <param name="Taps">Number of taps.</param>
/// <param name="FirstTap">Tap that comes first in the order of operand positions.</param>
/// <param name="TapStep">From tap to tap in that order.</param>
/// <param name="FirstOperand">Operand position of the first tap of the first result position; negative in the padding.</param>
/// <param name="OperandStep">Operand positions from result position to result position.</param>
/// <param name="TapDistance">Operand positions from tap to tap, at least 1.</param>
/// <param name="Extent">Operand positions there are.</param>
internal sealed record AxisSweep(
    int First, int Count, int Step, int Taps, int FirstTap, int TapStep, int FirstOperand, int OperandStep, int TapDistance, int Extent)
{
    /// <summary>Whether every tap of every position is inside.</summary>
    public bool IsInside => Taps == 0 || (FirstOperand >= 0 && LastOperand < Extent);

    private long LastOperand => FirstOperand + ((Count - 1L) * OperandStep) + ((Taps - 1L) * TapDistance);

    /// <summary>The sweep cut where another set of taps is inside.</summary>
    public IReadOnlyList<AxisSegment> Segments()
    {
        List<AxisSegment> segments = [];
        for (int j = 0; j < Count; j++)
        {
            (int first, int end) = TapsInside(j);
            AxisSegment? last = segments.Count == 0 ? null : segments[segments.Count - 1];
            if (last is not null && last.FirstTap == first && last.EndTap == end)
                segments[segments.Count - 1] = last with { Count = last.Count + 1 };
            else
                segments.Add(new AxisSegment(j, 1, first, end));
        }

        return segments;
    }

    /// <summary>The m-th taps that are inside for the j-th position; none are (0, 0).</summary>
    public (int First, int End) TapsInside(int j)
    {
        long start = FirstOperand + ((long)j * OperandStep), room = Extent - 1 - start;
        int first = start >= 0 ? 0 : (int)((-start + TapDistance - 1) / TapDistance);
        int end = room < 0 ? 0 : (int)Math.Min(Taps, (room / TapDistance) + 1);
        return first < end ? (first, end) : (0, 0);
    }
}

/// <summary>Neighbouring positions of a sweep with the same taps inside.</summary>
/// <param name="First">The first one, j.</param>
/// <param name="Count">How many.</param>
/// <param name="FirstTap">First m inside.</param>
/// <param name="EndTap">Behind the last m inside.</param>
internal sealed record AxisSegment(int First, int Count, int FirstTap, int EndTap)
{
    public int Taps => EndTap - FirstTap;
}

/// <summary>The values on one side of a convolution.</summary>
/// <param name="Channels">Channels of a group.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="WeightStride">Floats from one channel's weights to the next one's.</param>
internal sealed record ConvolutionSide(int Channels, int Height, int Width, int WeightStride);

/// <summary>The numbers of a convolution from <paramref name="Inputs"/> channels to <paramref name="Outputs"/> channels.</summary>
/// <remarks>A transposed convolution is described by the convolution whose input gradient it computes: its own input is that one's output.
/// Dumoulin and Visin, A guide to convolution arithmetic for deep learning, 2016, chapter 4.</remarks>
/// <param name="Inputs">Channels of the input.</param>
/// <param name="Outputs">Channels of the output.</param>
/// <param name="Groups">Parts that see each other only pairwise; divides both.</param>
/// <param name="Y">Rows.</param>
/// <param name="X">Columns.</param>
/// <param name="IsTransposed">Whether a layer runs it backwards. Its weights lie as documented, [outputs, inputs / groups, kh, kw]; those
/// of a convolution lie with the outputs last, [inputs / groups, kh, kw, outputs].</param>
internal sealed record ConvolutionGeometry(
    int Inputs, int Outputs, int Groups, ConvolutionAxis Y, ConvolutionAxis X, bool IsTransposed = false)
{
    /// <summary>What a layer with this convolution reads.</summary>
    public ConvolutionSide Operand => IsTransposed ? OutputSide : InputSide;

    /// <summary>What a layer with this convolution computes.</summary>
    public ConvolutionSide Result => IsTransposed ? InputSide : OutputSide;

    public ConvolutionSide InputSide => new(InputsPerGroup, Y.Input, X.Input, InputStride);

    public ConvolutionSide OutputSide => new(OutputsPerGroup, Y.Output, X.Output, OutputStride);

    public int InputsPerGroup => Inputs / Groups;

    public int OutputsPerGroup => Outputs / Groups;

    public int InputPositions => Y.Input * X.Input;

    public int OutputPositions => Y.Output * X.Output;

    public int Taps => Y.Kernel * X.Kernel;

    /// <summary>Whether it has a single tap and is not transposed, so that each weight belongs to a pair of channels alone.</summary>
    public bool IsPointwise => !IsTransposed && Taps == 1;

    /// <summary>Whether output position i reads input position i and no padding, as far as taps at 0 are concerned.</summary>
    public bool IsDense => Y is { Stride: 1, Padding: 0 } && X is { Stride: 1, Padding: 0 } && InputPositions == OutputPositions;

    /// <summary>Floats from one output's weights to the next one's.</summary>
    public int OutputStride => IsTransposed ? InputsPerGroup * Taps : 1;

    /// <summary>Floats from one input's weights to the next one's.</summary>
    public int InputStride => IsTransposed ? Taps : Taps * Outputs;

    /// <summary>Floats from a tap's weights to those of the tap below.</summary>
    public int RowStride => X.Kernel * ColumnStride;

    /// <summary>Floats from a tap's weights to those of the tap on the right.</summary>
    public int ColumnStride => IsTransposed ? 1 : Outputs;

    /// <summary>Floats from one group's weights to the next one's.</summary>
    public int GroupStride => OutputsPerGroup * OutputStride;

    /// <summary>Whether the parameters' gradients are summed over each block of samples on its own, right after what they are made of;
    /// otherwise over the whole batch, when all blocks are through.</summary>
    /// <remarks>
    /// Every block then reads and writes as many floats as there are weights, and its values need not stay: it pays where they are more.
    /// With few positions to sum over, adding up the lanes of every sum costs too much. Measured on Zen 4 (2026-11), LeNet-5: with two
    /// threads 8 % faster, and 58 % where the two cores do not share a cache; with one thread the same.
    /// </remarks>
    public bool SumsByBlock
    {
        get
        {
            const int fewestPositions = 64;
            long weights = (long)Outputs * InputsPerGroup * Taps;
            long values = Panel.Lanes * (((long)Inputs * InputPositions) + ((long)Outputs * OutputPositions));
            return OutputPositions >= fewestPositions && weights <= values;
        }
    }

    /// <summary>Multiply-adds of one sample, those with zeros of the padding included.</summary>
    public long MultiplyAdds => (long)OutputPositions * Taps * Outputs * InputsPerGroup;

    /// <summary>All numbers, for names of kernels: equal keys mean equal geometries.</summary>
    public string Key
    {
        get
        {
            string key = $"{(IsTransposed ? "ConvTranspose" : "Conv")}{Inputs}x{Y.Input}x{X.Input}To{Outputs}x{Y.Output}x{X.Output}By{Y.Kernel}x{X.Kernel}";
            key += Pair("Stride", Y.Stride, X.Stride, 1) + Pair("Padding", Y.Padding, X.Padding, 0);
            key += Pair("Dilation", Y.Dilation, X.Dilation, 1);
            return Groups == 1 ? key : key + "Groups" + Identifier.Text(Groups);
        }
    }

    /// <summary>Shapes, for comments.</summary>
    public string Shapes(string input, string output) =>
        $"{input} [{Inputs}, {Y.Input}, {X.Input}], {output} [{Outputs}, {Y.Output}, {X.Output}], w "
        + (IsTransposed
            ? $"[{Outputs}, {InputsPerGroup}, {Y.Kernel}, {X.Kernel}]"
            : $"[{InputsPerGroup}, {Y.Kernel}, {X.Kernel}, {Outputs}]");

    private static string Pair(string name, int y, int x, int usual) =>
        y == usual && x == usual ? "" : y == x ? name + Identifier.Text(y) : $"{name}{y}x{x}";
}
