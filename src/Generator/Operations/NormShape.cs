using NetGen.Generator.Graph;

namespace NetGen.Generator.Operations;

/// <summary>How a normalisation sees a value: [outer][channels][inner]. Every channel has its own scale and shift; neighbouring channels of
/// one outer index make up groups, which are contiguous.</summary>
/// <param name="Outer">Rows of a sequence, else 1.</param>
/// <param name="Channels">Features of a vector or a row, channels of an image.</param>
/// <param name="Inner">Pixels of an image, else 1.</param>
/// <param name="Groups">Groups of channels.</param>
internal sealed record NormShape(int Outer, int Channels, int Inner, int Groups = 1)
{
    /// <summary>The same without groups.</summary>
    public UnitAxis Axis => new(Outer, Channels, Inner);

    public int GroupChannels => Channels / Groups;

    /// <summary>Floats of a group.</summary>
    public int GroupLength => GroupChannels * Inner;

    /// <summary>Groups of one sample.</summary>
    public int GroupCount => Outer * Groups;

    /// <summary>Floats of a channel in one sample.</summary>
    public int Positions => Outer * Inner;

    /// <summary>Every extent, for names of kernels.</summary>
    public string Name =>
        $"{Channels}{(Inner > 1 ? $"x{Inner}" : "")}{(Groups > 1 ? $"In{Groups}" : "")}{(Outer > 1 ? $"At{Outer}" : "")}";

    /// <summary>The last axis, by rows.</summary>
    public static NormShape OfRows(Shape shape) => new(shape.Rows, shape.Last, 1);

    /// <summary>As the documentation writes it.</summary>
    public override string ToString() => $"[{(Outer > 1 ? $"{Outer}, " : "")}{Channels}{(Inner > 1 ? $", {Inner}" : "")}]";

    /// <summary>The last axis of vectors and sequences, the first one of images and of what a convolution along one axis has
    /// made.</summary>
    public static NormShape Of(Tensor tensor)
    {
        UnitAxis axis = UnitAxis.Of(tensor);
        return new NormShape(axis.Outer, axis.Units, axis.Inner);
    }
}
