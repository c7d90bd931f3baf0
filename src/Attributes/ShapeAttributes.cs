namespace NetGen;

/// <summary>Repeats every value factor times along each axis but the channels: (C, H, W) becomes (C, factor · H, factor · W), and (C, L)
/// becomes (C, factor · L).</summary>
public sealed class UpsampleAttribute : LayerAttribute
{
    /// <param name="factor">At least 1.</param>
    public UpsampleAttribute(int factor) => Factor = factor;

    /// <summary>How often every value is repeated along an axis.</summary>
    public int Factor { get; }
}

/// <summary>Puts zeros around an image (C, H, W), or before and behind a sequence of channels (C, L).</summary>
public sealed class ZeroPadAttribute : LayerAttribute
{
    /// <param name="padding">Zeros on each side, at least 0.</param>
    public ZeroPadAttribute(int padding)
        : this(padding, padding, padding, padding)
    {
    }

    /// <summary>A number of its own for each side, at least 0.</summary>
    /// <param name="top">Rows above; a sequence has none.</param>
    /// <param name="bottom">Rows below; a sequence has none.</param>
    /// <param name="left">Columns to the left.</param>
    /// <param name="right">Columns to the right.</param>
    public ZeroPadAttribute(int top, int bottom, int left, int right)
    {
        Top = top;
        Bottom = bottom;
        Left = left;
        Right = right;
    }

    /// <summary>Rows of zeros above.</summary>
    public int Top { get; }

    /// <summary>Rows of zeros below.</summary>
    public int Bottom { get; }

    /// <summary>Columns of zeros to the left.</summary>
    public int Left { get; }

    /// <summary>Columns of zeros to the right.</summary>
    public int Right { get; }
}

/// <summary>Reads a sample under another shape, in row-major order. Costs nothing at run time.</summary>
public sealed class ReshapeAttribute : LayerAttribute
{
    /// <param name="shape">1 to 4 extents, batch excluded. One of them may be -1: it follows from the others.</param>
    public ReshapeAttribute(params int[] shape) => Shape = shape;

    /// <summary>The new extents, batch excluded.</summary>
    public int[] Shape { get; }
}
