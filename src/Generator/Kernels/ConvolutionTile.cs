namespace NetGen.Generator.Kernels;

/// <summary>How a convolution's register tile is cut: channels of the result, neighbouring positions of a row, vectors of
/// samples.</summary>
/// <remarks>
/// A tile of r channels, q positions and v vectors has r·q·v accumulators. Each tap then takes r broadcast weights and q·v operands: the
/// smaller of the two stays in registers, of the other one at a time. So few channels, such as those of a first layer, still
/// reach the multiply-adds per load that hide the loads, by sharing their weights between positions. The limits are those of
/// <see cref="TileRule"/>.
/// </remarks>
/// <param name="Channels">Channels of the result, r.</param>
/// <param name="Positions">Positions, q.</param>
internal sealed record ConvolutionTile(int Channels, int Positions)
{
    /// <summary>Vectors of samples, v.</summary>
    public const int Vectors = TileRule.Vectors;

    /// <summary>The tile for <paramref name="channels"/> channels and rows of up to <paramref name="positions"/> positions.</summary>
    public static ConvolutionTile Choose(InstructionSet isa, int channels, int positions)
    {
        int rows = TileRule.Rows(isa, channels);
        int most = Math.Max(1, Enumerable.Range(1, 14).LastOrDefault(count => Fits(isa, rows, count)));
        if (positions <= most)
            return new ConvolutionTile(rows, Math.Max(1, positions));
        // A divisor of the row leaves no narrow tile at its end.
        int divisor = Enumerable.Range((most + 1) / 2, most + 1 - ((most + 1) / 2)).LastOrDefault(count => positions % count == 0);
        return new ConvolutionTile(rows, divisor > 0 ? divisor : most);
    }

    /// <summary>Whether operands stay in registers while the weights pass; otherwise it is the other way round.</summary>
    public bool HoldsOperands => Positions * Vectors <= Channels;

    /// <summary>Does something for every sum: its channel, position and vector.</summary>
    public void ForEachSum(Action<int, int, int> action)
    {
        for (int r = 0; r < Channels; r++)
        {
            int row = r;
            ForEachOperand((q, v) => action(row, q, v));
        }
    }

    /// <summary>Does something for every operand: its position and vector.</summary>
    public void ForEachOperand(Action<int, int> action)
    {
        for (int q = 0; q < Positions; q++)
        {
            for (int v = 0; v < Vectors; v++)
                action(q, v);
        }
    }

    /// <summary>The variable of a sum.</summary>
    public static string SumName(int channel, int position, int vector) => $"c{channel}_{position}_{vector}";

    private static bool Fits(InstructionSet isa, int rows, int positions)
    {
        int sums = rows * positions * Vectors, operands = positions * Vectors;
        return sums <= (isa.Registers == 32 ? 28 : 12) && sums + Math.Min(rows, operands) + 1 <= isa.Registers - 1;
    }
}
