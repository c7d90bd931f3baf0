namespace NetGen;

/// <summary>Base of the layers that normalise values and then scale and shift them: y = weight · x̂ + bias. They are named
/// <c>norm1</c>, <c>norm2</c> …, counted together. Weights start at 1, biases at 0; weight decay touches neither.</summary>
public abstract class NormalizationAttribute : LayerAttribute
{
    /// <summary>Prefix of the parameters' names; by default <c>norm</c> and its number, counted over all normalisations.</summary>
    public string? Name { get; set; }

    /// <summary>What is added to the variance before its root is taken: positive and finite. Default 1e-5.</summary>
    public float Epsilon { get; set; } = 1e-5f;

    /// <summary>Whether a bias is added. Default true, whatever the network's default for other layers is: a layer before a
    /// normalisation needs none, the normalisation does.</summary>
    public bool Bias { get; set; } = true;

    /// <summary>False freezes weight and bias; a frozen <c>BatchNorm</c> also keeps its running averages and normalises with them in
    /// training. Default true.</summary>
    public bool Trainable { get; set; } = true;

    /// <summary>False freezes the bias alone. Default true.</summary>
    public bool TrainBias { get; set; } = true;
}

/// <summary>Normalises each feature of a vector or a sequence, each channel of an image, by its mean and variance: over the batch (and the
/// rows or pixels) in training, by running averages in prediction. Ioffe and Szegedy 2015.
/// Weight, bias, mean, variance [channels].</summary>
/// <remarks>
/// Each step moves the averages: mean ← (1 − momentum) · mean + momentum · batch mean, and likewise the variance, unbiased as in PyTorch.
/// Gradients and Backward normalise by the batch as well, but move nothing. A batch needs at least two values per channel.
/// </remarks>
public sealed class BatchNormAttribute : NormalizationAttribute
{
    /// <summary>Share of a batch in the running averages, above 0 and at most 1. Default 0.1.</summary>
    public float Momentum { get; set; } = 0.1f;
}

/// <summary>Normalises each vector, or each row of a sequence, by its own mean and variance. Ba, Kiros and Hinton 2016. Weight and bias
/// [features].</summary>
public sealed class LayerNormAttribute : NormalizationAttribute
{
}

/// <summary>Normalises groups of neighbouring channels of each image, or of features of each vector, by their own mean and variance. Wu and
/// He 2018. Weight and bias [channels].</summary>
public sealed class GroupNormAttribute : NormalizationAttribute
{
    /// <param name="groups">Number of groups, a divisor of the number of channels. 1 takes the whole sample together.</param>
    public GroupNormAttribute(int groups) => Groups = groups;

    /// <summary>Number of groups.</summary>
    public int Groups { get; }
}

/// <summary>Divides each vector, or each row of a sequence, by the root of its mean square. Zhang and Sennrich 2019. Weight [features]; no
/// bias.</summary>
public sealed class RMSNormAttribute : NormalizationAttribute
{
}
