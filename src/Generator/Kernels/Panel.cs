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
    /// <remarks>
    /// Rows of a multiple of 512 bytes get a cache line more: a tile reads the same few columns of every row, and without it they would
    /// all fall into the same few sets of the first-level cache.
    /// </remarks>
    public static int RowStride(int features)
    {
        const int conflicting = 128, line = 16;
        int floats = (features + 3) / 4 * 4;
        return floats % conflicting == 0 ? floats + line : floats;
    }

    /// <summary>Floats of a vector in a single sample's memory: whole 512-bit vectors, so that no step needs a tail.</summary>
    public static int Padded(int floats) => (floats + 15) / 16 * 16;
}
