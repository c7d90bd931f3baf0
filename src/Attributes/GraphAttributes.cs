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

/// <summary>Puts a marked value behind the current one: channels behind channels of an image (C, H, W), features behind features of a
/// vector (N) or of each step of a sequence (T, F). All other extents are equal.</summary>
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

/// <summary>Declares layers that networks insert with <see cref="UseAttribute{TBlock}"/>: the layer attributes on the class that bears it,
/// in source order. A block has no input shape, no loss, and marks of its own.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class BlockAttribute : Attribute
{
}

/// <summary>Inserts the layers of a block. Their names begin with the block's, in lower case and counted from 1:
/// <c>residual1.dense1.weight</c>.</summary>
/// <typeparam name="TBlock">A class that bears <see cref="BlockAttribute"/>.</typeparam>
public sealed class UseAttribute<TBlock> : LayerAttribute
    where TBlock : class
{
    /// <summary>What the names of the layers begin with; counted from 1 if <see cref="Repeat"/> is more than 1 and they do not
    /// share.</summary>
    public string? Name { get; set; }

    /// <summary>How often the layers are inserted, one copy behind the other; at least 1. Default 1.</summary>
    public int Repeat { get; set; } = 1;

    /// <summary>True lets all copies have the same parameters, and those of the last use of this block before it, if there is one: of
    /// this name, where a name is given. Default false.</summary>
    public bool Shared { get; set; }
}

/// <summary>A further input of a network, whose value has a name like a mark's. If <see cref="NetworkAttribute"/> has no shape, the first
/// of these is where the layers begin; if it has one, that input comes first and is named <c>input</c>.</summary>
/// <remarks>One sample is all inputs back to back, in the order of their declaration.</remarks>
public sealed class InputAttribute : LayerAttribute
{
    /// <param name="name">The input's name.</param>
    /// <param name="shape">Its shape without the batch: (N), (T, F) or (C, H, W). Every extent is at least 1.</param>
    public InputAttribute(string name, params int[] shape)
    {
        Input = name;
        Shape = shape;
    }

    /// <summary>The input's name.</summary>
    public string Input { get; }

    /// <summary>Its shape, batch excluded.</summary>
    public int[] Shape { get; }
}

/// <summary>Goes on from an input, a marked value or an output. Costs nothing at run time.</summary>
public sealed class FromAttribute : LayerAttribute
{
    /// <param name="name">Name of the value.</param>
    public FromAttribute(string name) => Mark = name;

    /// <summary>Name of the value.</summary>
    public string Mark { get; }
}

/// <summary>Makes the current value an output of the network and names it. Without any, the last value is the only output.</summary>
/// <remarks>A sample's prediction is all outputs back to back, in the order of their declaration; so are its targets.</remarks>
public sealed class OutputAttribute : LayerAttribute
{
    /// <param name="name">The output's name, by which a loss finds it.</param>
    public OutputAttribute(string name) => Output = name;

    /// <summary>The output's name.</summary>
    public string Output { get; }
}
