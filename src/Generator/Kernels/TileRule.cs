namespace NetGen.Generator.Kernels;

/// <summary>How many rows a register tile has.</summary>
/// <remarks>
/// A tile of r rows and v vectors keeps r·v accumulators, v operand vectors and one broadcast in registers. Below 8 accumulators the
/// latency of the multiply-add shows, and a register too many spills in the inner loop. Measured on Zen 4 (.NET 10, 2026-11): with 512 bits
/// every tile of 2 vectors and 8 to 14 rows reaches 98 to 100 % of peak; with 16 registers only 6 x 2 does (95 to 99 %, 5 x 2 75 to 82 %).
/// </remarks>
internal static class TileRule
{
    /// <summary>Vectors per tile along the lanes.</summary>
    public const int Vectors = 2;

    /// <summary>Rows of a tile over <paramref name="rows"/> rows, such that few rows are left over.</summary>
    public static int Rows(InstructionSet isa, int rows)
    {
        int most = isa.Registers == 32 ? 14 : 6;
        int least = isa.Registers == 32 ? 8 : 6;
        if (rows <= most)
            return rows;
        for (int tile = most; tile >= least; tile--)
        {
            if (rows % tile == 0)
                return tile;
        }

        // What is left over costs at least the latency of 8 accumulators, so a larger remainder is a cheaper one.
        return Enumerable.Range(least, most - least + 1).OrderByDescending(tile => rows % tile >= 4).ThenByDescending(tile => tile).First();
    }
}
