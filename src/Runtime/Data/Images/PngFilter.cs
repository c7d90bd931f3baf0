namespace NetGen;

/// <summary>PNG's filters, undone in place (PNG, section 9).</summary>
internal static class PngFilter
{
    /// <param name="filter">The row's filter: 0 None, 1 Sub, 2 Up, 3 Average, 4 Paeth.</param>
    /// <param name="row">The row's bytes.</param>
    /// <param name="above">The row before it in the pass, undone, or empty.</param>
    /// <param name="distance">Bytes to the left neighbour.</param>
    public static void Undo(byte filter, Span<byte> row, ReadOnlySpan<byte> above, int distance)
    {
        switch (filter)
        {
            case 0:
                break;
            case 1:
                for (int i = distance; i < row.Length; i++)
                    row[i] += row[i - distance];
                break;
            case 2:
                for (int i = 0; i < above.Length; i++)
                    row[i] += above[i];
                break;
            case 3:
                for (int i = 0; i < row.Length; i++)
                    row[i] += (byte)((Left(row, i, distance) + Left(above, i + distance, distance)) / 2);
                break;
            case 4:
                for (int i = 0; i < row.Length; i++)
                    row[i] += Paeth(Left(row, i, distance), Left(above, i + distance, distance), Left(above, i, distance));
                break;
            default:
                throw new InvalidDataException($"a row has the filter {filter}; PNG defines 0 to 4.");
        }
    }

    /// <summary>The byte so far to the left; 0 beyond the edge, and in the row above the first.</summary>
    private static byte Left(ReadOnlySpan<byte> row, int index, int distance) =>
        index < distance || row.IsEmpty ? (byte)0 : row[index - distance];

    /// <summary>Whichever of the three is nearest to left + above − corner.</summary>
    private static byte Paeth(byte left, byte above, byte corner)
    {
        int estimate = left + above - corner;
        int toLeft = Math.Abs(estimate - left), toAbove = Math.Abs(estimate - above), toCorner = Math.Abs(estimate - corner);
        return toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner;
    }
}
