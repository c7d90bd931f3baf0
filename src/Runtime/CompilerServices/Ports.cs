using System.ComponentModel;

namespace NetGen.CompilerServices;

/// <summary>Moves the inputs or outputs of a network that has several between spans of their own and rows, one row a sample.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Ports
{
    [ThreadStatic]
    private static float[]? rows;

    /// <summary>Rows of this thread. They grow with the largest need so far and are then kept.</summary>
    /// <param name="floats">How many are needed.</param>
    public static Span<float> RowsOfThread(int floats)
    {
        float[]? own = rows;
        if (own is null || own.Length < floats)
            rows = own = new float[floats];
        return own.AsSpan(0, floats);
    }

    /// <summary>Copies one input of every sample into the rows.</summary>
    /// <param name="part">Sample after sample.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="offset">Where the input starts in a row.</param>
    /// <param name="length">Floats of the input.</param>
    /// <param name="rowLength">Floats of a row.</param>
    public static void Join(ReadOnlySpan<float> part, Span<float> rows, int offset, int length, int rowLength)
    {
        for (int row = offset; row < rows.Length; row += rowLength, part = part[length..])
            part[..length].CopyTo(rows[row..]);
    }

    /// <summary>Copies one output of every sample out of the rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="part">Sample after sample.</param>
    /// <param name="offset">Where the output starts in a row.</param>
    /// <param name="length">Floats of the output.</param>
    /// <param name="rowLength">Floats of a row.</param>
    public static void Split(ReadOnlySpan<float> rows, Span<float> part, int offset, int length, int rowLength)
    {
        for (int row = offset; row < rows.Length; row += rowLength, part = part[length..])
            rows.Slice(row, length).CopyTo(part);
    }
}
