namespace NetGen.Generator.Kernels;

/// <summary>The block of samples that kernels work on together.</summary>
internal static class Panel
{
    /// <summary>Samples per block. Two 512-bit vectors: with 8 to 14 rows a register tile then has 16 to 28 accumulators.</summary>
    public const int Lanes = 32;

    /// <summary>log₂ of <see cref="Lanes"/>.</summary>
    public const int Shift = 5;

    /// <summary>Offset of sample <c>s</c>, the first of a block.</summary>
    public const string Start = "(s >> 5) * stride";

    /// <summary>Offset of sample <c>s</c>, any of a block.</summary>
    public const string Lane = "(s >> 5) * stride + (s & 31)";

    /// <summary>Floats from one row to the next of a tensor laid out by sample: whole 128-bit vectors.</summary>
    public static int RowStride(int features) => (features + 3) / 4 * 4;

    /// <summary>Floats of a vector in a single sample's memory: whole 512-bit vectors, so that no step needs a tail.</summary>
    public static int Padded(int floats) => (floats + 15) / 16 * 16;
}
