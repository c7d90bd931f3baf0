using NetGen.Generator.Emission;

namespace NetGen.Generator.Kernels;

/// <summary>The innermost loops of a convolution, or of its input gradient: the sums of one register tile over channels and taps.</summary>
/// <remarks>
/// The printed code goes along the operands at <c>k</c> and the weights at <c>wk</c>; <c>taps</c> is the number of vertical taps where the
/// border can cut some off.
/// </remarks>
/// <param name="w">Takes the text.</param>
/// <param name="isa">Width of the vectors.</param>
/// <param name="geometry">The convolution.</param>
/// <param name="gathers">Whether the result is the convolution's output; otherwise it is the gradient of its input.</param>
/// <param name="tile">Shape of the tile.</param>
/// <param name="row">Vertical taps.</param>
/// <param name="column">Horizontal taps.</param>
internal sealed class ConvolutionSums(
    SourceWriter w, InstructionSet isa, ConvolutionGeometry geometry, bool gathers, ConvolutionTile tile, AxisSweep row, AxisSweep column)
{
    private readonly ConvolutionSide source = gathers ? geometry.InputSide : geometry.OutputSide;
    private readonly ConvolutionSide target = gathers ? geometry.OutputSide : geometry.InputSide;

    /// <summary>Prints the loops.</summary>
    /// <param name="horizontalTaps">Horizontal taps, where they are unrolled.</param>
    /// <param name="width">Number of horizontal taps of a loop over them; null to unroll them.</param>
    public void Emit(int horizontalTaps, string? width)
    {
        bool hasChannels = source.Channels > 1, hasRows = row.Taps > 1 || !row.IsInside;
        string k = "k", wk = "wk";
        using (w.OpenIf(hasChannels, $"for (int channel = 0; channel < {source.Channels}; channel++)"))
        {
            if (hasRows)
            {
                if (hasChannels)
                {
                    w.Line("ref float kt = ref k;");
                    w.Line("ref float wt = ref wk;");
                    (k, wk) = ("kt", "wt");
                }

                using (w.Open("for (int t = 0; t < taps; t++)"))
                {
                    EmitTaps(horizontalTaps, width, k, wk);
                    w.Line($"{k} = ref Unsafe.Add(ref {k}, {row.TapDistance * source.Width * Panel.Lanes});");
                    w.Line($"{wk} = ref Unsafe.Add(ref {wk}, {row.TapStep * geometry.RowStride});");
                }
            }
            else
            {
                EmitTaps(horizontalTaps, width, k, wk);
            }

            if (hasChannels)
            {
                w.Line($"k = ref Unsafe.Add(ref k, {source.Height * source.Width * Panel.Lanes});");
                w.Line($"wk = ref Unsafe.Add(ref wk, {source.WeightStride});");
            }
        }
    }

    /// <summary>The horizontal taps of one row, unrolled or as a loop.</summary>
    private void EmitTaps(int horizontalTaps, string? width, string k, string wk)
    {
        if (width is null)
        {
            for (int tap = 0; tap < horizontalTaps; tap++)
                EmitMultiplyAdds(tap, k, wk);
            return;
        }

        w.Line($"ref float ku = ref {k};");
        w.Line($"ref float wu = ref {wk};");
        using (w.Open($"for (int u = 0; u < {width}; u++)"))
        {
            EmitMultiplyAdds(0, "ku", "wu");
            w.Line($"ku = ref Unsafe.Add(ref ku, {column.TapDistance * Panel.Lanes});");
            w.Line($"wu = ref Unsafe.Add(ref wu, {column.TapStep * geometry.ColumnStride});");
        }
    }

    private void EmitMultiplyAdds(int tap, string k, string wk)
    {
        string Operand(int q, int v) =>
            isa.At(k, (((q * column.OperandStep) + (tap * column.TapDistance)) * Panel.Lanes) + (v * isa.Lanes));
        string Weight(int r) => isa.Create(Address.At(wk, (r * target.WeightStride) + (tap * column.TapStep * geometry.ColumnStride)));
        using (w.OpenScope())
        {
            if (tile.HoldsOperands)
            {
                tile.ForEachOperand((q, v) => w.Line($"V b{q}_{v} = {Operand(q, v)};"));
                for (int r = 0; r < tile.Channels; r++)
                {
                    w.Line($"V a{r} = {Weight(r)};");
                    tile.ForEachOperand((q, v) => EmitMultiplyAdd(r, q, v));
                }
            }
            else
            {
                for (int r = 0; r < tile.Channels; r++)
                    w.Line($"V a{r} = {Weight(r)};");
                tile.ForEachOperand((q, v) =>
                {
                    w.Line($"V b{q}_{v} = {Operand(q, v)};");
                    for (int r = 0; r < tile.Channels; r++)
                        EmitMultiplyAdd(r, q, v);
                });
            }
        }

        void EmitMultiplyAdd(int r, int q, int v)
        {
            string sum = ConvolutionTile.SumName(r, q, v);
            w.Line($"{sum} = {isa.MultiplyAdd($"a{r}", $"b{q}_{v}", sum)};");
        }
    }
}
