using System;

namespace NetGen;

/// <summary>Names the current value, so that <see cref="AddAttribute"/>, <see cref="ConcatAttribute"/> and <see cref="MultiplyAttribute"/>
/// can bring it back. Costs nothing at run time.</summary>
public sealed class MarkAttribute : LayerAttribute
{
    /// <param name="name">The value's name; no two values of a network share one.</param>
    public MarkAttribute(string name) => Mark = name;

    /// <summary>The value's name.</summary>
    public string Mark { get; }
}

/// <summary>Adds a marked value to the current one, element by element: a residual connection. The shapes are equal.</summary>
public sealed class AddAttribute : LayerAttribute
{
    /// <param name="name">Name of the marked value.</param>
    public AddAttribute(string name) => Mark = name;

    /// <summary>Name of the marked value.</summary>
    public string Mark { get; }
}

/// <summary>Puts a marked value behind the current one: channels behind channels of an image (C, H, W), features behind features of a vector
/// (N) or of each step of a sequence (T, F). All other extents are equal.</summary>
public sealed class ConcatAttribute : LayerAttribute
{
    /// <param name="name">Name of the marked value.</param>
    public ConcatAttribute(string name) => Mark = name;

    /// <summary>Name of the marked value.</summary>
    public string Mark { get; }
}

/// <summary>Multiplies the current value by a marked one, element by element. The shapes are equal, or one is a gate (C) or (C, 1, 1) with
/// a factor for each channel of the other, an image (C, H, W).</summary>
public sealed class MultiplyAttribute : LayerAttribute
{
    /// <param name="name">Name of the marked value.</param>
    public MultiplyAttribute(string name) => Mark = name;

    /// <summary>Name of the marked value.</summary>
    public string Mark { get; }
}
