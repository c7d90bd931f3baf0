namespace NetGen.Generator.Lints;

/// <summary>What kinds of layers mean to the rules. A kind that is in no group here, such as Mark or Add, ends what a rule looks
/// at.</summary>
internal static class LayerKinds
{
    private static readonly HashSet<string> Activations =
    [
        "ReLU", "LeakyReLU", "PReLU", "ELU", "SELU", "ReLU6", "GELU", "SiLU", "Mish", "Sigmoid", "HardSigmoid", "HardSwish", "Tanh",
        "Softplus",
        "Softsign", "Maxout", "Softmax", "LogSoftmax", "Step", "Activation",
    ];

    private static readonly HashSet<string> Convolutions =
        ["Conv1D", "Conv2D", "DepthwiseConv2D", "SeparableConv2D", "ConvTranspose2D"];

    /// <summary>Whether it applies a function to what the layer before it gave.</summary>
    public static bool IsActivation(string kind) => Activations.Contains(kind);

    /// <summary>Whether it multiplies with learned weights.</summary>
    public static bool IsProduct(string kind) => kind == "Dense" || Convolutions.Contains(kind);

    /// <summary>Whether its slope vanishes on both sides.</summary>
    public static bool IsSaturating(string kind) => kind is "Sigmoid" or "Tanh";

    /// <summary>Whether its outputs lie in [0, 1].</summary>
    public static bool IsProbability(string kind) => kind is "Sigmoid" or "HardSigmoid" or "Softmax";

    /// <summary>Whether it only renames axes.</summary>
    public static bool IsShape(string kind) => kind is "Flatten" or "Reshape";

    /// <summary>Whether it zeroes values at random in training.</summary>
    public static bool IsDropout(string kind) => kind is "Dropout" or "ChannelDropout";

    /// <summary>Whether a gradient passes it with its values rescaled or unscaled, but for a factor of the layer's own.</summary>
    public static bool PassesGradient(string kind) => IsProduct(kind) || IsShape(kind) || IsDropout(kind) || kind.Contains("Pool");
}
