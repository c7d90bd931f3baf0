namespace NetGen;

/// <summary>The largest of each group of neighbouring units: y[g] = max of x[g·k] to x[g·k + k − 1]. Units are the features of a vector (N)
/// or sequence (T, F), or the channels of an image (C, H, W); k of them become one.</summary>
/// <remarks>Goodfellow et al., Maxout Networks, 2013. Where several are largest, the first receives the gradient.</remarks>
public sealed class MaxoutAttribute : LayerAttribute
{
    /// <param name="pieces">k, at least 2; a divisor of the number of units.</param>
    public MaxoutAttribute(int pieces) => Pieces = pieces;

    /// <summary>How many units become one.</summary>
    public int Pieces { get; }
}
