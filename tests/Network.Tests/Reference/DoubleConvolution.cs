namespace NetGen.Network.Tests;

/// <summary>A convolution as the textbook writes it: every output, every channel, every tap, with a test for the border. A transposed one
/// scatters instead.</summary>
internal sealed class DoubleConvolution : DoubleLayer
{
    private readonly DoubleParameter weight;
    private readonly DoubleParameter? bias;
    private readonly Plane input, output;
    private readonly int kernelHeight, kernelWidth, stride, dilation, groups, top, left;
    private readonly bool transposed;

    private DoubleConvolution(
        DoubleParameter weight, DoubleParameter? bias, Plane input, Plane output, (int Height, int Width) kernel, int stride, int dilation,
        int groups, (int Top, int Left) padding, bool transposed)
    {
        this.weight = weight;
        this.bias = bias;
        this.input = input;
        this.output = output;
        this.stride = stride;
        this.dilation = dilation;
        this.groups = groups;
        this.transposed = transposed;
        (kernelHeight, kernelWidth) = kernel;
        (top, left) = padding;
    }

    public override IReadOnlyList<DoubleParameter> Parameters => bias is null ? [weight] : [weight, bias];

    /// <summary>Whether the convolutions of a declaration fit their inputs:
    /// no kernel is too large, all groups divide their channels.</summary>
    public static bool Fits(string declaration)
    {
        try
        {
            DoubleNetwork.Of(declaration);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Adds the layers of an attribute; returns their output shape.</summary>
    public static int[] Add(List<DoubleLayer> layers, DeclaredAttribute attribute, DeclaredAttribute network, string name, int[] shape)
    {
        bool sequence = attribute.Kind == "Conv1D";
        Plane input = sequence ? new Plane(shape[0], 1, shape[1]) : new Plane(shape[0], shape[1], shape[2]);
        bool hasFilters = attribute.Kind != "DepthwiseConv2D";
        int width = attribute.Int(attribute.Values.Count - 1), height = sequence ? 1 : attribute.Int(hasFilters ? 1 : 0);
        int filters = hasFilters ? attribute.Int(0) : input.Channels * Named("Multiplier", 1);
        Plane output;
        switch (attribute.Kind)
        {
            case "SeparableConv2D":
                Plane middle = Layer(input.Channels, input.Channels, input, (height, width), ".depthwise", hasBias: false);
                output = Layer(filters, 1, middle, (1, 1), ".pointwise", Flag("Bias"), plain: true);
                break;
            case "DepthwiseConv2D":
                output = Layer(filters, input.Channels, input, (height, width), ".weight", Flag("Bias"));
                break;
            default:
                output = Layer(filters, Named("Groups", 1), input, (height, width), ".weight", Flag("Bias"));
                break;
        }

        return sequence ? [output.Channels, output.Width] : [output.Channels, output.Height, output.Width];

        Plane Layer(int channels, int groups, Plane from, (int Height, int Width) kernel, string suffix, bool hasBias, bool plain = false)
        {
            int stride = plain ? 1 : Named("Stride", 1), dilation = plain ? 1 : Named("Dilation", 1);
            bool same = attribute.Named.TryGetValue("Padding", out string? text) && text == "Padding.Same";
            int padding = plain ? 0 : same ? -1 : Named("Padding", 0);
            bool transposed = attribute.Kind == "ConvTranspose2D";
            int more = Named("OutputPadding", 0);
            (int Length, int Before) rows = Extent(from.Height, kernel.Height), columns = Extent(from.Width, kernel.Width);
            if (sequence)
                rows = (1, 0);
            Plane to = new(channels, rows.Length, columns.Length);
            if (to.Height < 1 || to.Width < 1 || from.Channels % groups != 0 || channels % groups != 0)
                throw new ArgumentException("The layer does not fit its input.", nameof(attribute));
            bool trainable = Flag("Trainable");
            int rest = (transposed ? channels : from.Channels) / groups;
            DoubleParameter weight = new(name + suffix, (transposed ? from.Channels : channels) * rest * kernel.Height * kernel.Width, trainable)
            {
                L1 = Penalty("L1"),
                L2 = Penalty("L2"),
            };
            layers.Add(new DoubleConvolution(
                weight, hasBias ? new DoubleParameter(name + ".bias", channels, trainable && Flag("TrainBias")) : null, from, to, kernel,
                stride,
                dilation, groups, (rows.Before, columns.Before), transposed));
            return to;

            (int Length, int Before) Extent(int length, int taps)
            {
                int span = (dilation * (taps - 1)) + 1;
                if (transposed)
                {
                    return padding < 0
                        ? (length * stride, Math.Max(0, span - stride) / 2)
                        : (((length - 1) * stride) - (2 * padding) + span + more, padding);
                }

                if (padding >= 0)
                    return length + (2 * padding) < span ? (0, 0) : (((length + (2 * padding) - span) / stride) + 1, padding);
                int same = (length + stride - 1) / stride;
                return (same, Math.Max(0, ((same - 1) * stride) + span - length) / 2);
            }
        }

        float Penalty(string penalty) => (float)attribute.Number(penalty, network.Number(penalty, 0));

        int Named(string argument, int otherwise) =>
            attribute.Named.TryGetValue(argument, out string? text)
                ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture)
                : otherwise;

        bool Flag(string flag) => attribute.Flag(flag, network.Flag(flag, true));
    }

    public override Bounded[] Forward(Bounded[] x)
    {
        BoundedSum[] sums = new BoundedSum[output.Length];
        ForEach((w, i, o) => sums[o].AddProduct(weight.Values[w], x[i]));
        for (int o = 0; bias is not null && o < sums.Length; o++)
            sums[o].Add(bias.Values[o / output.Area]);
        return Array.ConvertAll(sums, sum => sum.Result);
    }

    public override Bounded[] Backward(Bounded[] x, Bounded[] y, Bounded[] dy)
    {
        BoundedSum[] dx = new BoundedSum[input.Length];
        ForEach((w, i, o) =>
        {
            dx[i].AddProduct(weight.Values[w], dy[o]);
            weight.Gradient[w].AddProduct(x[i], dy[o]);
        });
        for (int o = 0; bias is not null && o < dy.Length; o++)
            bias.Gradient[o / output.Area].Add(dy[o]);
        return Array.ConvertAll(dx, sum => sum.Result);
    }

    /// <summary>Every product of the layer: positions of its weight, its input and its output.</summary>
    private void ForEach(Action<int, int, int> visit)
    {
        // Large is the side that strides and padding refer to.
        (Plane large, Plane small) = transposed ? (output, input) : (input, output);
        int largePerGroup = large.Channels / groups, smallPerGroup = small.Channels / groups;
        for (int s = 0; s < small.Channels; s++)
        {
            for (int c = 0; c < largePerGroup; c++)
            {
                for (int ky = 0; ky < kernelHeight; ky++)
                {
                    for (int kx = 0; kx < kernelWidth; kx++)
                    {
                        int w = (((((s * largePerGroup) + c) * kernelHeight) + ky) * kernelWidth) + kx;
                        int channel = (s / smallPerGroup * largePerGroup) + c;
                        VisitPositions(w, s, channel, ky, kx);
                    }
                }
            }
        }

        void VisitPositions(int w, int s, int channel, int ky, int kx)
        {
            for (int py = 0; py < small.Height; py++)
            {
                for (int px = 0; px < small.Width; px++)
                {
                    int y = (py * stride) + (ky * dilation) - top, x = (px * stride) + (kx * dilation) - left;
                    if (y < 0 || y >= large.Height || x < 0 || x >= large.Width)
                        continue;
                    int at = (((channel * large.Height) + y) * large.Width) + x, other = (((s * small.Height) + py) * small.Width) + px;
                    if (transposed)
                        visit(w, other, at);
                    else
                        visit(w, at, other);
                }
            }
        }
    }

    /// <summary>An image's shape.</summary>
    private sealed record Plane(int Channels, int Height, int Width)
    {
        public int Area => Height * Width;

        public int Length => Channels * Area;
    }
}
