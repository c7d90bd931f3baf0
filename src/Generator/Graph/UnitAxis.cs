using NetGen.Generator.Operations;

namespace NetGen.Generator.Graph;

/// <summary>Where the units of a value lie: what has one parameter for each unit sees the value as [Outer, Units, Inner].</summary>
/// <remarks>The units of a vector (N) or a sequence (T, F) are the last axis; those of an image (C, H, W) are its channels.</remarks>
/// <param name="Outer">How often the row of units comes: T for a sequence, otherwise 1.</param>
/// <param name="Units">Number of units.</param>
/// <param name="Inner">Neighbouring floats of one unit: H · W of an image, otherwise 1.</param>
internal readonly record struct UnitAxis(int Outer, int Units, int Inner)
{
    /// <summary>Floats per sample.</summary>
    public int Length => Outer * Units * Inner;

    /// <summary>For names of kernels: equal suffixes mean equal axes.</summary>
    public string Suffix => FormattableString.Invariant($"{Units}{(Outer > 1 ? $"At{Outer}" : "")}{(Inner > 1 ? $"Of{Inner}" : "")}");

    /// <summary>The units of a value. Those of (C, L), what a convolution along one axis has made, are its channels,
    /// as PyTorch has it.</summary>
    public static UnitAxis Of(Tensor tensor) => IsConvolved(tensor)
        ? new UnitAxis(1, tensor.Shape.Extents[0], tensor.Shape.Last)
        : Of(tensor.Shape);

    public static UnitAxis Of(Shape shape) => shape.Rank <= 2
        ? new UnitAxis(shape.Rows, shape.Last, 1)
        : new UnitAxis(1, shape.Extents[0], (int)(shape.Length / shape.Extents[0]));

    /// <summary>Whether a value of two axes comes from a convolution, with nothing but layers that keep its axes in between.</summary>
    public static bool IsConvolved(Tensor tensor)
    {
        for (Tensor value = tensor; value.Shape.Rank == 2 && value.Producer is Node producer; value = producer.Inputs[0])
        {
            if (producer.Operation is ConvolutionOperation)
                return true;
            if (producer.Operation is DenseOperation or ViewOperation)
                return false;
        }

        return false;
    }

    /// <summary>The shape with another number of units.</summary>
    public Shape Resize(Shape shape, int units) => Units == shape.Last && Outer == shape.Rows
        ? shape.WithLast(units)
        : new Shape([units, .. shape.Extents.Skip(1)]);
}
