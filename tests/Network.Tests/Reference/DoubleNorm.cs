namespace NetGen.Network.Tests;

/// <summary>y = weight · (x − μ) / √(σ² + ε) + bias, the statistics being those of sets of values that a subclass chooses.</summary>
internal abstract class DoubleNorm(DoubleParameter weight, DoubleParameter? bias, double epsilon, bool isCentered) : DoubleLayer
{
    public override IReadOnlyList<DoubleParameter> Parameters => bias is null ? [weight] : [weight, bias];

    /// <summary>A normalisation from its attribute.</summary>
    public static DoubleNorm Create(DeclaredAttribute attribute, DeclaredAttribute network, string name, int[] shape, bool isConvolved)
    {
        // Channels come first in images and, for the norms that have channels, in what a convolution along one axis has made.
        bool channelsFirst = shape.Length > 2 || (isConvolved && attribute.Kind is "BatchNorm" or "GroupNorm" && shape.Length == 2);
        int channels = channelsFirst ? shape[0] : shape[^1], length = shape.Aggregate(1, (product, extent) => product * extent);
        bool trainable = Flag("Trainable"), isCentered = attribute.Kind != "RMSNorm";
        DoubleParameter weight = new(name + ".weight", channels, trainable);
        DoubleParameter? bias = isCentered && attribute.Flag("Bias", true)
            ? new DoubleParameter(name + ".bias", channels, trainable && Flag("TrainBias")) : null;
        double epsilon = attribute.Number("Epsilon", 1e-5);
        // Channel of a value, and for the norms of single samples its group.
        Func<int, int> channel = channelsFirst ? i => i / (length / channels) : i => i % channels;
        if (attribute.Kind == "BatchNorm")
        {
            return new DoubleBatchNorm(
                weight, bias, epsilon, channel, new DoubleParameter(name + ".mean", channels, false),
                new DoubleParameter(name + ".variance", channels, false), attribute.Number("Momentum", 0.1), trainable);
        }

        int groups = attribute.Kind == "GroupNorm" ? attribute.Int(0) : length / channels;
        return new DoubleSampleNorm(weight, bias, epsilon, isCentered, channel, length / groups);

        bool Flag(string flag) => attribute.Flag(flag, network.Flag(flag, true));
    }

    /// <summary>μ and 1 / √(σ² + ε) of some values.</summary>
    protected (Bounded Mean, Bounded Root, Bounded Variance) Statistics(IReadOnlyList<Bounded> values)
    {
        Bounded mean = isCentered ? Bounded.Sum(values) / (float)values.Count : 0f;
        BoundedSum squares = default;
        foreach (Bounded value in values)
        {
            Bounded d = isCentered ? value - mean : value;
            squares.AddProduct(d, d);
        }

        Bounded variance = squares.Result / (float)values.Count;
        return (mean, RootOf(variance), variance);
    }

    protected Bounded RootOf(Bounded variance) => 1f / Bounded.Sqrt(variance + Bounded.Rounded(epsilon));

    protected Bounded Value(Bounded x, Bounded mean, Bounded root, int channel)
    {
        Bounded y = (x - mean) * root * weight.Values[channel];
        return bias is null ? y : y + bias.Values[channel];
    }

    /// <summary>Gradients of values that were normalised together by statistics of their own.</summary>
    protected Bounded[] Gradient(Bounded[] x, Bounded[] dy, int[] channels)
    {
        (Bounded mean, Bounded root, _) = Statistics(x);
        Bounded[] normalized = Array.ConvertAll(x, value => (value - mean) * root);
        AddParameterGradients(normalized, dy, channels);
        Bounded[] h = [.. dy.Select((gradient, i) => gradient * weight.Values[channels[i]])];
        BoundedSum products = default;
        for (int i = 0; i < x.Length; i++)
            products.AddProduct(h[i], normalized[i]);
        Bounded first = isCentered ? Bounded.Sum(h) / (float)x.Length : 0f, second = products.Result / (float)x.Length;
        return [.. h.Select((gradient, i) => (gradient - first - (normalized[i] * second)) * root)];
    }

    protected void AddParameterGradients(Bounded[] normalized, Bounded[] dy, int[] channels)
    {
        for (int i = 0; i < dy.Length; i++)
        {
            weight.Gradient[channels[i]].AddProduct(normalized[i], dy[i]);
            bias?.Gradient[channels[i]].Add(dy[i]);
        }
    }

    protected Bounded Bias(int channel) => bias is null ? 0f : bias.Values[channel];

    protected Bounded Weight(int channel) => weight.Values[channel];
}

/// <summary>Over neighbouring values of each sample.</summary>
internal sealed class DoubleSampleNorm(
    DoubleParameter weight, DoubleParameter? bias, double epsilon, bool isCentered, Func<int, int> channel, int length)
    : DoubleNorm(weight, bias, epsilon, isCentered)
{
    public override Bounded[] Forward(Bounded[] x) => [.. x.Chunk(length).SelectMany((group, g) =>
    {
        (Bounded mean, Bounded root, _) = Statistics(group);
        return group.Select((value, i) => Value(value, mean, root, channel((g * length) + i)));
    })];

    public override Bounded[] Backward(Bounded[] x, Bounded[] y, Bounded[] dy) =>
        [.. x.Chunk(length).Zip(dy.Chunk(length)).SelectMany((pair, g) =>
            Gradient(pair.First, pair.Second, [.. Enumerable.Range(g * length, length).Select(channel)]))];
}

/// <summary>Over all values of a channel in a batch; in inference by running averages, and always where it is frozen.</summary>
internal sealed class DoubleBatchNorm(
    DoubleParameter weight, DoubleParameter? bias, double epsilon, Func<int, int> channel, DoubleParameter mean, DoubleParameter variance,
    double momentum, bool trainable)
    : DoubleNorm(weight, bias, epsilon, isCentered: true)
{
    public override IReadOnlyList<DoubleParameter> Parameters => [.. base.Parameters, mean, variance];

    /// <summary>A scale and a shift, whose rounding counts for more than that of the textbook form.</summary>
    public override Bounded[] Forward(Bounded[] x) => [.. x.Select((value, i) =>
    {
        int c = channel(i);
        Bounded scale = Weight(c) * RootOf(variance.Values[c]);
        return (value * scale) + (Bias(c) - (mean.Values[c] * scale));
    })];

    public override Bounded[] Backward(Bounded[] x, Bounded[] y, Bounded[] dy)
    {
        int[] channels = [.. Enumerable.Range(0, x.Length).Select(channel)];
        AddParameterGradients(
            [.. x.Select((value, i) => (value - mean.Values[channels[i]]) * RootOf(variance.Values[channels[i]]))], dy, channels);
        return [.. dy.Select((gradient, i) => gradient * Weight(channels[i]) * RootOf(variance.Values[channels[i]]))];
    }

    public override Bounded[][] ForwardBatch(Bounded[][] x)
    {
        if (!trainable)
            return base.ForwardBatch(x);
        (Bounded Mean, Bounded Root, Bounded)[] statistics =
            [.. Enumerable.Range(0, mean.Values.Length).Select(c => Statistics(Gather(x, c)))];
        return Array.ConvertAll(x, sample => sample.Select((value, i) =>
            Value(value, statistics[channel(i)].Mean, statistics[channel(i)].Root, channel(i))).ToArray());
    }

    public override Bounded[][] BackwardBatch(Bounded[][] x, Bounded[][] y, Bounded[][] dy)
    {
        if (!trainable)
            return base.BackwardBatch(x, y, dy);
        Bounded[][] dx = Array.ConvertAll(x, sample => new Bounded[sample.Length]);
        for (int c = 0; c < mean.Values.Length; c++)
        {
            Bounded[] values = Gather(x, c);
            Bounded[] gradients = Gradient(values, Gather(dy, c), [.. Enumerable.Repeat(c, values.Length)]);
            int next = 0;
            foreach (Bounded[] sample in dx)
            {
                for (int i = 0; i < sample.Length; i++)
                {
                    if (channel(i) == c)
                        sample[i] = gradients[next++];
                }
            }
        }

        return dx;
    }

    public override void UpdateState(Bounded[][] x)
    {
        for (int c = 0; trainable && c < mean.Values.Length; c++)
        {
            Bounded[] values = Gather(x, c);
            (Bounded batchMean, _, Bounded batchVariance) = Statistics(values);
            Bounded unbiased = batchVariance * Bounded.Rounded(values.Length / (values.Length - 1.0));
            mean.Values[c] += Bounded.Rounded(momentum) * (batchMean - mean.Values[c]);
            variance.Values[c] += Bounded.Rounded(momentum) * (unbiased - variance.Values[c]);
        }
    }

    private Bounded[] Gather(Bounded[][] batch, int c) => [.. batch.SelectMany(sample => sample.Where((_, i) => channel(i) == c))];
}
