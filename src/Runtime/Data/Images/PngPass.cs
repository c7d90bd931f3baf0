namespace NetGen;

/// <summary>A reduced image of the rows in a PNG file: all of it, or one of the seven that interlacing deals the pixels out to.</summary>
/// <param name="X">First column.</param>
/// <param name="Y">First row.</param>
/// <param name="StepX">From column to column.</param>
/// <param name="StepY">From row to row.</param>
internal readonly record struct PngPass(int X, int Y, int StepX, int StepY)
{
    /// <summary>PNG, section 8: Adam7.</summary>
    private static readonly PngPass[] Adam7 =
        [new(0, 0, 8, 8), new(4, 0, 8, 8), new(0, 4, 4, 8), new(2, 0, 4, 4), new(0, 2, 2, 4), new(1, 0, 2, 2), new(0, 1, 1, 2)];

    private static readonly PngPass[] Whole = [new(0, 0, 1, 1)];

    public static ReadOnlySpan<PngPass> Of(PngHeader header) => header.Interlaced ? Adam7 : Whole;

    /// <summary>Columns of this pass; 0 in images too narrow for it.</summary>
    public int Width(PngHeader header) => (header.Width - X + StepX - 1) / StepX;

    /// <summary>Rows of this pass; 0 in images too low for it.</summary>
    public int Height(PngHeader header) => (header.Height - Y + StepY - 1) / StepY;

    /// <summary>Bytes of this pass in the file, filters' numbers included.</summary>
    public long Bytes(PngHeader header)
    {
        int width = Width(header);
        return width == 0 ? 0 : (long)Height(header) * (1 + header.RowBytes(width));
    }
}
