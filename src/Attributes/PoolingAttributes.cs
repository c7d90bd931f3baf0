namespace NetGen;

/// <summary>Base of the layers that reduce windows of an image (C, H, W), or of a sequence of channels (C, L),
/// channel by channel.</summary>
/// <remarks>Output extent: floor((input + 2 · padding − size) / stride) + 1.</remarks>
public abstract class PoolingLayerAttribute : LayerAttribute
{
    private protected PoolingLayerAttribute(int size) => Size = size;

    /// <summary>Extent of the window along every axis, at least 1.</summary>
    public int Size { get; }

    /// <summary>Steps from window to window; 0, the default, means the window's size: windows lie side by side.</summary>
    public int Stride { get; set; }

    /// <summary>Values that are thought around the input, at most half of the window's size: 0 for an average, nothing for a maximum.
    /// Default 0.</summary>
    public int Padding { get; set; }
}

/// <summary>The maximum of every size × size window of an image (C, H, W). The gradient goes to the first maximum, row by row.</summary>
public sealed class MaxPool2DAttribute : PoolingLayerAttribute
{
    /// <param name="size">Height and width of the window, at least 1.</param>
    public MaxPool2DAttribute(int size)
        : base(size)
    {
    }
}

/// <summary>The mean of every size × size window of an image (C, H, W). Padding counts among the values.</summary>
public sealed class AveragePool2DAttribute : PoolingLayerAttribute
{
    /// <param name="size">Height and width of the window, at least 1.</param>
    public AveragePool2DAttribute(int size)
        : base(size)
    {
    }
}

/// <summary>The maximum of every window of a sequence of channels (C, L). The gradient goes to the first maximum.</summary>
public sealed class MaxPool1DAttribute : PoolingLayerAttribute
{
    /// <param name="size">Length of the window, at least 1.</param>
    public MaxPool1DAttribute(int size)
        : base(size)
    {
    }
}

/// <summary>The mean of every window of a sequence of channels (C, L). Padding counts among the values.</summary>
public sealed class AveragePool1DAttribute : PoolingLayerAttribute
{
    /// <param name="size">Length of the window, at least 1.</param>
    public AveragePool1DAttribute(int size)
        : base(size)
    {
    }
}

/// <summary>The mean of every channel: (C, H, W) or (C, L) becomes the vector (C).</summary>
public sealed class GlobalAveragePoolAttribute : LayerAttribute
{
}

/// <summary>The maximum of every channel: (C, H, W) or (C, L) becomes the vector (C).</summary>
public sealed class GlobalMaxPoolAttribute : LayerAttribute
{
}
