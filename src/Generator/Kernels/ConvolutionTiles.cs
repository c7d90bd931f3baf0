using NetGen.Generator.Emission;

namespace NetGen.Generator.Kernels;

/// <summary>The loops of a convolution, or of its input gradient, around a register tile.</summary>
/// <remarks>
/// Rows above and below the border are cut off the range of the vertical taps, row by row. Columns at the border are cases of their own
/// with fewer horizontal taps, which are unrolled everywhere; where that would be too much text they are a loop, with a range for each
/// column at the border. So no multiply-add meets padding.
/// </remarks>
internal sealed class ConvolutionTiles
{
    /// <summary>Multiply-adds of a kernel's text up to which horizontal taps are unrolled.</summary>
    private const int UnrolledMultiplyAdds = 560;

    /// <summary>Sweeps, those of the rows times those of the columns, that are printed one by one.</summary>
    private const int MostSweeps = 9;

    /// <summary>Sweeps, times the shapes of tiles, that are printed with looped taps: each has an interior and two borders.</summary>
    private const int MostLoopedSweeps = 8;

    private readonly ConvolutionGeometry geometry;
    private readonly InstructionSet isa;
    private readonly bool gathers, hasBias;
    private readonly string operand, result;
    private readonly Func<string, string, string> finish;
    private readonly ConvolutionSide source, target;
    private readonly IReadOnlyList<AxisSweep> rows, columns;
    private readonly bool unrolled;

    /// <param name="geometry">The convolution.</param>
    /// <param name="isa">Width of the vectors.</param>
    /// <param name="gathers">Whether the result is the convolution's output; otherwise it is the gradient of its input.</param>
    /// <param name="hasBias">Whether sums start from a bias.</param>
    /// <param name="operand">Parameter of the kernel that is summed over.</param>
    /// <param name="result">Parameter of the kernel that receives the sums.</param>
    /// <param name="finish">The result from a sum and the vector of saved values at its place.</param>
    public ConvolutionTiles(
        ConvolutionGeometry geometry, InstructionSet isa, bool gathers, bool hasBias, string operand, string result,
        Func<string, string, string> finish)
    {
        this.geometry = geometry;
        this.isa = isa;
        this.gathers = gathers;
        this.hasBias = hasBias;
        this.operand = operand;
        this.result = result;
        this.finish = finish;
        (source, target) = gathers ? (geometry.InputSide, geometry.OutputSide) : (geometry.OutputSide, geometry.InputSide);
        rows = geometry.Y.Sweeps(backward: !gathers);
        columns = geometry.X.Sweeps(backward: !gathers);
        unrolled = CountMultiplyAdds() <= UnrolledMultiplyAdds;
    }

    /// <summary>Whether saved values are read behind <c>f</c>.</summary>
    public bool ReadsSaved { get; init; }

    /// <summary>Whether sums are scaled and shifted by channel before they are finished.</summary>
    public bool IsScaled { get; init; }

    /// <summary>Shapes of tiles along the channels: a whole one, and what is left.</summary>
    private int TilesOfChannels => target.Channels % TileRule.Rows(isa, target.Channels) == 0 ? 1 : 2;

    /// <summary>Whether the text stays within a method's budget: with many residues of a stride it does not.</summary>
    public static bool Fit(ConvolutionGeometry geometry, InstructionSet isa, bool gathers)
    {
        if (gathers)
            return true;
        long sweeps = (long)Math.Min(geometry.Y.Stride, geometry.Y.Input) * Math.Min(geometry.X.Stride, geometry.X.Input);
        if (sweeps > MostSweeps)
            return false;
        ConvolutionTiles tiles = new(geometry, isa, gathers, hasBias: false, "", "", (sum, _) => sum);
        return tiles.unrolled || sweeps * tiles.TilesOfChannels <= MostLoopedSweeps;
    }

    public void Emit(SourceWriter w)
    {
        int lanes = ConvolutionTile.Vectors * isa.Lanes;
        using (w.Open($"for (int s = 0; s < samples; s += {lanes})"))
        using (w.OpenIf(geometry.Groups > 1, $"for (int g = 0; g < {geometry.Groups}; g++)"))
        {
            w.Line($"int block = {(lanes == Panel.Lanes ? Panel.Start : Panel.Lane)};");
            foreach (AxisSweep sweep in rows)
                EmitRows(w, sweep);
        }
    }

    /// <summary>Multiply-adds that the text would have with all horizontal taps unrolled.</summary>
    private int CountMultiplyAdds()
    {
        int sum = 0;
        foreach (AxisSweep sweep in columns)
        {
            if (sweep.Count > 0 && sweep.Taps > 64)
                return int.MaxValue;
            foreach (AxisSegment segment in sweep.Segments())
            {
                ConvolutionTile shape = ConvolutionTile.Choose(isa, target.Channels, segment.Count);
                int positions = shape.Positions + (segment.Count % shape.Positions);
                sum += positions * segment.Taps * shape.Channels * ConvolutionTile.Vectors;
            }
        }

        return sum * rows.Count * TilesOfChannels;
    }

    /// <summary>The rows of one sweep.</summary>
    private void EmitRows(SourceWriter w, AxisSweep sweep)
    {
        using (w.Open($"for (int py = 0; py < {sweep.Count}; py++)"))
        {
            string first = "0";
            if (sweep.Taps > 0)
            {
                w.Line($"int row = {Offset.Plus(Offset.Times("py", sweep.OperandStep), sweep.FirstOperand)};");
                if (sweep.IsInside && sweep.Taps > 1)
                {
                    w.Line($"const int taps = {sweep.Taps};");
                }
                else if (!sweep.IsInside)
                {
                    w.Line($"int skipped = {Skipped("row", sweep)};");
                    w.Line($"int taps = {Inside("row", sweep)} - skipped;");
                    first = "skipped";
                }
            }

            int tile = TileRule.Rows(isa, target.Channels), whole = target.Channels / tile * tile;
            EmitChannels(w, sweep, first, tile, 0, whole);
            if (whole < target.Channels)
                EmitChannels(w, sweep, first, target.Channels - whole, whole, target.Channels);
        }
    }

    /// <summary>All channels from <paramref name="start"/> to <paramref name="end"/>, tile by tile.</summary>
    private void EmitChannels(SourceWriter w, AxisSweep sweep, string firstTap, int tile, int start, int end)
    {
        bool looped = end - start > tile;
        using (w.Open(looped ? $"for (int m = {start}; m < {end}; m += {tile})" : start == 0 ? "// all channels" : "// the channels left"))
        {
            string m = looped ? "m" : Identifier.Text(start);
            bool grouped = geometry.Groups > 1;
            if (sweep.Taps > 0)
            {
                string rowOfTap = firstTap == "0" ? "row" : $"(row + {Offset.Times(firstTap, sweep.TapDistance)})";
                string at = $"block + {rowOfTap} * {source.Width * Panel.Lanes}";
                if (grouped)
                    at += $" + g * {source.Channels * source.Height * source.Width * Panel.Lanes}";
                w.Line($"ref float {operand}s = ref Unsafe.Add(ref {operand}, {at});");
                string weights = Offset.Plus(Offset.Times(m, target.WeightStride), sweep.FirstTap * geometry.RowStride);
                if (firstTap != "0")
                    weights = $"{weights} + {Offset.Times(firstTap, sweep.TapStep * geometry.RowStride)}";
                if (grouped)
                    weights += $" + {Offset.Times("g", geometry.GroupStride)}";
                w.Line($"ref float weights = ref Unsafe.Add(ref weight, {weights});");
            }

            string channel = grouped ? $"({Offset.Times("g", target.Channels)} + {m})" : m;
            string place = $"block + {Offset.Times(channel, target.Height * target.Width * Panel.Lanes)} + "
                + Offset.Plus(Offset.Times("py", sweep.Step * target.Width * Panel.Lanes), sweep.First * target.Width * Panel.Lanes);
            w.Line($"ref float {result}s = ref Unsafe.Add(ref {result}, {place});");
            if (ReadsSaved)
                w.Line($"ref float kept = ref Unsafe.Add(ref saved, {place});");
            string firstChannel = grouped ? $"{Offset.Times("g", target.Channels)} + {m}" : m;
            if (hasBias)
                w.Line($"ref float start = ref {Address.At("bias", firstChannel)};");
            foreach (KernelParameter parameter in OutputScaling.Parameters(IsScaled))
                w.Line($"ref float {parameter.Name}s = ref {Address.At(parameter.Name, firstChannel)};");
            foreach (AxisSweep column in columns)
                EmitColumns(w, sweep, column, tile);
        }
    }

    private void EmitColumns(SourceWriter w, AxisSweep row, AxisSweep column, int tile)
    {
        if (unrolled || column.Taps == 0 || row.Taps == 0)
        {
            foreach (AxisSegment segment in column.Segments())
                EmitSegment(w, row, column, segment, tile);
            return;
        }

        int before = 0, after = column.Count;
        while (before < after && column.TapsInside(before) != (0, column.Taps))
            before++;
        while (after > before && column.TapsInside(after - 1) != (0, column.Taps))
            after--;
        EmitBorder(w, row, column, tile, 0, before);
        if (after > before)
            EmitSegment(w, row, column, new AxisSegment(before, after - before, 0, column.Taps), tile);
        EmitBorder(w, row, column, tile, after, column.Count);
    }

    /// <summary>Columns whose taps are found one by one.</summary>
    private void EmitBorder(SourceWriter w, AxisSweep row, AxisSweep column, int tile, int start, int end)
    {
        if (start == end)
            return;
        using (w.Open($"for (int px = {start}; px < {end}; px++)"))
        {
            w.Line($"int column = {Offset.Plus(Offset.Times("px", column.OperandStep), column.FirstOperand)};");
            w.Line($"int left = {Skipped("column", column)};");
            w.Line($"int width = {Inside("column", column)} - left;");
            w.Line($"ref float k = ref Unsafe.Add(ref {operand}s, (column + {Offset.Times("left", column.TapDistance)}) * {Panel.Lanes});");
            string firstWeight = Offset.Plus(
                Offset.Times("left", column.TapStep * geometry.ColumnStride), column.FirstTap * geometry.ColumnStride);
            w.Line($"ref float wk = ref Unsafe.Add(ref weights, {firstWeight});");
            EmitTile(
                w, row, column, new ConvolutionTile(tile, 1), 0, "width",
                Offset.Plus(Offset.Times("px", column.Step * Panel.Lanes), column.First * Panel.Lanes));
        }
    }

    private void EmitSegment(SourceWriter w, AxisSweep row, AxisSweep column, AxisSegment segment, int tile)
    {
        int positions = ConvolutionTile.Choose(isa, tile, segment.Count).Positions;
        int whole = segment.Count / positions * positions;
        EmitPositions(w, row, column, segment, tile, positions, 0, whole);
        if (whole < segment.Count)
            EmitPositions(w, row, column, segment, tile, segment.Count - whole, whole, segment.Count);
    }

    /// <summary>The positions of a segment from <paramref name="start"/> to <paramref name="end"/>, <paramref name="positions"/> at a
    /// time.</summary>
    private void EmitPositions(
        SourceWriter w, AxisSweep row, AxisSweep column, AxisSegment segment, int tile, int positions, int start, int end)
    {
        bool looped = end - start > positions;
        using (looped ? w.Open($"for (int px = {start}; px < {end}; px += {positions})") : w.OpenScope())
        {
            string px = looped ? "px" : Identifier.Text(start);
            bool sums = row.Taps > 0 && segment.Taps > 0;
            if (sums)
            {
                int firstOperand = column.FirstOperand + (segment.First * column.OperandStep) + (segment.FirstTap * column.TapDistance);
                string place = Offset.Plus(Offset.Times(px, column.OperandStep * Panel.Lanes), firstOperand * Panel.Lanes);
                w.Line($"ref float k = ref {Address.At(operand + "s", place)};");
                int firstWeight = (column.FirstTap + (segment.FirstTap * column.TapStep)) * geometry.ColumnStride;
                w.Line($"ref float wk = ref {Address.At("weights", firstWeight)};");
            }

            int firstResult = column.First + (segment.First * column.Step);
            EmitTile(
                w, row, column, new ConvolutionTile(tile, positions), sums ? segment.Taps : -1,
                unrolled ? null : Identifier.Text(segment.Taps),
                Offset.Plus(Offset.Times(px, column.Step * Panel.Lanes), firstResult * Panel.Lanes));
        }
    }

    /// <summary>One tile: the sums start, run over channels and taps, and are stored.</summary>
    /// <param name="w">Takes the text.</param>
    /// <param name="row">Vertical taps.</param>
    /// <param name="column">Horizontal taps.</param>
    /// <param name="tile">Its shape.</param>
    /// <param name="horizontalTaps">Horizontal taps of an unrolled tile; less than 0 for nothing to sum.</param>
    /// <param name="width">Number of horizontal taps of a loop over them; null to unroll them.</param>
    /// <param name="place">Offset of the first result.</param>
    private void EmitTile(
        SourceWriter w, AxisSweep row, AxisSweep column, ConvolutionTile tile, int horizontalTaps, string? width, string place)
    {
        tile.ForEachSum((r, q, v) =>
        {
            string start = !hasBias ? isa.Zero
                : q + v > 0 ? ConvolutionTile.SumName(r, 0, 0)
                : isa.Create(Address.At("start", r));
            w.Line($"V {ConvolutionTile.SumName(r, q, v)} = {start};");
        });
        if (horizontalTaps >= 0)
            new ConvolutionSums(w, isa, geometry, gathers, tile, row, column).Emit(horizontalTaps, width);
        w.Line($"ref float c = ref {Address.At(result + "s", place)};");
        if (ReadsSaved)
            w.Line($"ref float f = ref {Address.At("kept", place)};");
        tile.ForEachSum((r, q, v) =>
        {
            int offset = (((r * target.Height * target.Width) + (q * column.Step)) * Panel.Lanes) + (v * isa.Lanes);
            string scaled = OutputScaling.Broadcast(
                IsScaled, isa, ConvolutionTile.SumName(r, q, v), Address.At("scales", r), Address.At("shifts", r));
            w.Line($"{isa.At("c", offset)} = {finish(scaled, isa.At("f", offset))};");
        });
    }

    /// <summary>Taps before the border.</summary>
    private static string Skipped(string position, AxisSweep sweep) => sweep.TapDistance == 1
        ? $"Math.Max(0, -{position})"
        : $"(Math.Max(0, -{position}) + {sweep.TapDistance - 1}) / {sweep.TapDistance}";

    /// <summary>Taps up to the border behind.</summary>
    private static string Inside(string position, AxisSweep sweep) => sweep.TapDistance == 1
        ? $"Math.Min({sweep.Taps}, {sweep.Extent} - {position})"
        : $"Math.Min({sweep.Taps}, ({sweep.Extent - 1 + sweep.TapDistance} - {position}) / {sweep.TapDistance})";
}
