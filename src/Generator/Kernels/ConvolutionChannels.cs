using NetGen.Generator.Emission;

namespace NetGen.Generator.Kernels;

/// <summary>A convolution of one sample with vectors over the output channels, whose weights lie back to back.</summary>
/// <remarks>
/// A register tile is some neighbouring pixels of a row by one or two vectors of channels; x is broadcast. Above and below the image rows
/// of the kernel are left out by the loop, on its left and right by the printer: tiles at the edge are code of their own. The result lies
/// [pixel][channel]. A pool of 2 × 2 behind it takes tiles of two rows, and happens in registers.
/// </remarks>
/// <param name="geometry">The convolution; not a transposed one.</param>
/// <param name="hasBias">Whether the sums start from a bias.</param>
/// <param name="epilogue">What follows the sums.</param>
/// <param name="readsPixels">Whether x lies [pixel][channel] as well, instead of [channel][row][column].</param>
internal sealed class ConvolutionChannels(
    ConvolutionGeometry geometry, bool hasBias, ConvolutionEpilogue epilogue, bool readsPixels) : Kernel
{
    /// <summary>Multiply-adds of a method that the JIT optimises with ease.</summary>
    private const int StatementLimit = 600;

    private readonly AxisSweep rows = geometry.Y.Forward(), columns = geometry.X.Forward();

    public override string Name => SingleConvolution.Name(geometry, hasBias, epilogue) + (readsPixels ? "OfPixels" : "Channels");

    public override string Summary => SingleConvolution.Summary(
        geometry, hasBias, epilogue, $"y{(readsPixels ? " and x lie" : " lies")} [pixel][channel]");

    public override IReadOnlyList<KernelParameter> Parameters => SingleConvolution.Parameters(hasBias, epilogue);

    private int Outputs => geometry.OutputsPerGroup;

    private FusedPool Pool => epilogue.Pool;

    /// <summary>Floats from a pixel of x to the next one.</summary>
    private int PixelStride => readsPixels ? geometry.Inputs : 1;

    /// <summary>Floats from a row of x to the next one.</summary>
    private int RowStride => geometry.X.Input * PixelStride;

    /// <summary>Floats from a channel of x to the next one.</summary>
    private int ChannelStride => readsPixels ? 1 : geometry.InputPositions;

    private int TileRows => Pool == FusedPool.None ? 1 : 2;

    private bool ClipsRows => !rows.IsInside;

    public override void EmitScalar(SourceWriter w) =>
        SingleConvolution.EmitScalar(w, geometry, hasBias, epilogue, readsPixels, writesPixels: true);

    public override void EmitVector(SourceWriter w, InstructionSet isa)
    {
        List<LaneGroup> groups = LaneGroup.Split(isa, Outputs);
        using (w.OpenIf(geometry.Groups > 1, $"for (int g = 0; g < {geometry.Groups}; g++)"))
        {
            string input = geometry.Groups > 1 ? $"Unsafe.Add(ref x, g * {geometry.InputsPerGroup * ChannelStride})" : "x";
            w.Line($"ref float input = ref {input};");
            string group = geometry.Groups > 1 ? $"g * {Outputs} + " : "";
            LaneGroup.ForEach(w, groups, (lanes, o) =>
            {
                w.Line($"ref float kernel = ref Unsafe.Add(ref weight, {group}{o});");
                w.Line($"ref float output = ref Unsafe.Add(ref y, {group}{o});");
                (string Name, string Operand)[] rest =
                [
                    .. hasBias ? [("start", "bias")] : Array.Empty<(string, string)>(),
                    .. epilogue.Scales ? [("factor", "scale"), ("summand", "shift")] : Array.Empty<(string, string)>(),
                    .. epilogue.Adds ? [("other", "skip")] : Array.Empty<(string, string)>(),
                ];
                foreach ((string name, string operand) in rest)
                    w.Line($"ref float {name} = ref Unsafe.Add(ref {operand}, {group}{o});");
                EmitRows(w, lanes, Tiles(isa, lanes, groups));
            });
        }
    }

    private void EmitRows(SourceWriter w, LaneGroup lanes, IReadOnlyList<ColumnTile> tiles)
    {
        int end = rows.Count / TileRows * TileRows;
        using (w.Open($"for (int py = 0; py < {end}; py += {TileRows})"))
        {
            if (ClipsRows)
            {
                w.Line($"int top = py * {rows.OperandStep} - {-rows.FirstOperand};");
                string first = rows.TapDistance == 1 ? "-top" : $"(-top + {rows.TapDistance - 1}) / {rows.TapDistance}";
                string last = rows.TapDistance == 1
                    ? $"{rows.Extent} - top"
                    : $"({rows.Extent - 1} - top + {rows.TapDistance}) / {rows.TapDistance}";
                w.Line($"int firstTap = Math.Max({first}, 0), endTap = Math.Min({last}, {rows.Taps});");
            }

            for (int t = 0; t < tiles.Count;)
            {
                int repeat = 1;
                while (t + repeat < tiles.Count && tiles[t + repeat].IsInside && tiles[t].IsInside && tiles[t + repeat].Count == tiles[t].Count)
                    repeat++;
                ColumnTile tile = tiles[t];
                using (repeat > 1
                    ? w.Open($"for (int px = {tile.First}; px < {tile.First + (repeat * tile.Count)}; px += {tile.Count})")
                    : w.Open($"// columns {tile.First} to {tile.First + tile.Count - 1}"))
                {
                    EmitTile(w, lanes, tile, repeat > 1 ? "px" : Identifier.Text(tile.First));
                }

                t += repeat;
            }
        }
    }

    private void EmitTile(SourceWriter w, LaneGroup lanes, ColumnTile tile, string px)
    {
        int vectors = lanes.Vectors.Count;
        for (int p = 0; p < TileRows * tile.Count; p++)
        {
            for (int v = 0; v < vectors; v++)
            {
                LaneVector vector = lanes.Vectors[v];
                string start = !hasBias ? vector.Isa.Zero : p > 0 ? $"c0_{v}" : vector.Isa.At("start", vector.Offset);
                w.Line($"{vector.Isa.Type} c{p}_{v} = {start};");
            }
        }

        bool moves = px == "px";
        string row = ClipsRows
            ? $"(top + firstTap * {rows.TapDistance}) * {RowStride}"
            : $"py * {rows.OperandStep * RowStride}";
        // Tiles at the edge start outside the row: their displacements hold what those of the others find in the reference.
        string column = moves ? $" + (px * {columns.OperandStep} - {-columns.FirstOperand}) * {PixelStride}" : "";
        w.Line($"ref float xc = ref Unsafe.Add(ref input, {row}{column});");
        w.Line($"ref float wc = ref {(ClipsRows ? $"Unsafe.Add(ref kernel, firstTap * {geometry.RowStride})" : "kernel")};");
        int displacement = moves ? 0 : ((tile.First * columns.OperandStep) + columns.FirstOperand) * PixelStride;
        int[] taps = [.. Enumerable.Range(0, columns.Taps).Where(kx => Enumerable.Range(0, tile.Count).Any(p => IsInside(tile, p, kx)))];
        bool loopsRows = ClipsRows || rows.Taps > 1, loopsChannels = geometry.InputsPerGroup > 1;
        if (!loopsRows)
            EmitReferences(w, taps);
        using (w.OpenIf(loopsChannels, $"for (int c = 0; c < {geometry.InputsPerGroup}; c++)"))
        {
            if (loopsRows)
                EmitReferences(w, taps);
            string range = ClipsRows ? "int ky = firstTap; ky < endTap; ky++" : $"int ky = 0; ky < {rows.Taps}; ky++";
            using (w.OpenIf(loopsRows, $"for ({range})"))
            {
                EmitTaps(w, lanes, tile, taps, displacement);
                if (loopsRows)
                    EmitAdvance(w, taps, rows.TapDistance * RowStride, geometry.RowStride);
                else if (loopsChannels)
                    EmitAdvance(w, taps, ChannelStride, geometry.InputStride);
            }

            if (loopsRows && loopsChannels)
            {
                w.Line($"xc = ref Unsafe.Add(ref xc, {ChannelStride});");
                w.Line($"wc = ref Unsafe.Add(ref wc, {geometry.InputStride});");
            }
        }

        EmitResult(w, lanes, tile, px);
    }

    /// <summary>A reference of its own for each tap of a row: a pixel that several taps read would otherwise be one value to the JIT, kept
    /// on the stack at the width of a vector for want of registers. That took a third more time (Zen 4, .NET 10, 2026-11).</summary>
    private void EmitReferences(SourceWriter w, int[] taps)
    {
        foreach (int kx in taps)
            w.Line($"ref float x{kx} = ref Unsafe.Add(ref xc, {kx * columns.TapDistance * PixelStride});");
        w.Line("ref float wk = ref wc;");
    }

    private static void EmitAdvance(SourceWriter w, int[] taps, int x, int weights)
    {
        foreach (int kx in taps)
            w.Line($"x{kx} = ref Unsafe.Add(ref x{kx}, {x});");
        w.Line($"wk = ref Unsafe.Add(ref wk, {weights});");
    }

    private void EmitTaps(SourceWriter w, LaneGroup lanes, ColumnTile tile, int[] taps, int displacement)
    {
        int vectors = lanes.Vectors.Count;
        for (int v = 0; v < vectors; v++)
            w.Line($"{lanes.Vectors[v].Isa.Type} b{v};");
        if (vectors > 1)
            w.Line($"{lanes.Vectors[0].Isa.Type} a;");
        foreach (int kx in taps)
        {
            for (int v = 0; v < vectors; v++)
                w.Line($"b{v} = {lanes.Vectors[v].Isa.At("wk", (kx * geometry.ColumnStride) + lanes.Vectors[v].Offset)};");
            for (int r = 0; r < TileRows; r++)
            {
                for (int p = 0; p < tile.Count; p++)
                {
                    int at = displacement + (r * rows.OperandStep * RowStride) + (p * columns.OperandStep * PixelStride);
                    if (IsInside(tile, p, kx))
                        EmitMultiplyAdds(w, lanes, (r * tile.Count) + p, Address.At($"x{kx}", at));
                }
            }
        }
    }

    private static void EmitMultiplyAdds(SourceWriter w, LaneGroup lanes, int accumulator, string x)
    {
        InstructionSet widest = lanes.Vectors[0].Isa;
        if (lanes.Vectors.Count > 1)
            w.Line($"a = {widest.Create(x)};");
        for (int v = 0; v < lanes.Vectors.Count; v++)
        {
            InstructionSet isa = lanes.Vectors[v].Isa;
            string broadcast = lanes.Vectors.Count > 1 ? "a" : isa.Create(x);
            for (int width = widest.Lanes; width > isa.Lanes; width /= 2)
                broadcast += ".GetLower()";
            w.Line($"c{accumulator}_{v} = {isa.MultiplyAdd(broadcast, $"b{v}", $"c{accumulator}_{v}")};");
        }
    }

    private void EmitResult(SourceWriter w, LaneGroup lanes, ColumnTile tile, string px)
    {
        bool pools = Pool != FusedPool.None;
        int width = pools ? columns.Count / 2 : columns.Count;
        int pixels = pools ? tile.Count / 2 : tile.Count;
        string row = pools ? $"(py >> 1) * {width}" : $"py * {width}";
        string column = px == "px" ? (pools ? "(px >> 1)" : "px") : Identifier.Text(pools ? tile.First / 2 : tile.First);
        w.Line($"int at = ({row} + {column}) * {geometry.Outputs};");
        w.Line("ref float yt = ref Unsafe.Add(ref output, at);");
        if (epilogue.Adds)
            w.Line("ref float st = ref Unsafe.Add(ref other, at);");
        for (int p = 0; p < pixels; p++)
        {
            for (int v = 0; v < lanes.Vectors.Count; v++)
            {
                LaneVector vector = lanes.Vectors[v];
                string[] terms = Pool == FusedPool.None
                    ? [$"c{p}_{v}"]
                    : [.. new[] { 2 * p, (2 * p) + 1, tile.Count + (2 * p), tile.Count + (2 * p) + 1 }.Select(index => $"c{index}_{v}")];
                string[] scale = [vector.Isa.At("factor", vector.Offset), vector.Isa.At("summand", vector.Offset)];
                int own = (p * geometry.Outputs) + vector.Offset;
                vector.EmitStore(w, epilogue.Emit(w, vector.Isa, terms, scale, vector.Isa.At("st", own)), "yt", own);
            }
        }
    }

    /// <summary>Whether a tap of a pixel lies on the image.</summary>
    private bool IsInside(ColumnTile tile, int pixel, int tap)
    {
        (int first, int end) = columns.TapsInside(tile.First + pixel);
        return tap >= first && tap < end;
    }

    /// <summary>Cuts a row into tiles of about the same number of pixels, as many as the registers hold.</summary>
    private List<ColumnTile> Tiles(InstructionSet isa, LaneGroup lanes, IReadOnlyList<LaneGroup> groups)
    {
        int vectors = lanes.Vectors.Count, variants = groups.Select(group => group.Vectors.Count).Distinct().Count();
        int most = Math.Max(1, (isa.Registers - 2 - vectors) / vectors / TileRows);
        int count = Pool == FusedPool.None ? columns.Count : columns.Count / 2 * 2;
        if (Pool != FusedPool.None)
            most = Math.Max(2, most / 2 * 2);
        while (true)
        {
            List<ColumnTile> tiles = Cut(count, most);
            int statements = tiles.Where((tile, t) => !tile.IsInside || t == 0 || !tiles[t - 1].IsInside || tiles[t - 1].Count != tile.Count)
                .Sum(tile => tile.Count) * TileRows * vectors * columns.Taps * variants;
            if (statements <= StatementLimit || most <= TileRows)
                return tiles;
            most = Pool == FusedPool.None ? most / 2 : Math.Max(2, most / 4 * 2);
        }
    }

    private List<ColumnTile> Cut(int count, int most)
    {
        int step = Pool == FusedPool.None ? 1 : 2;
        int tiles = (count + most - 1) / most;
        int size = ((count / step) + tiles - 1) / tiles * step;
        List<ColumnTile> result = [];
        for (int first = 0; first < count; first += size)
        {
            int own = Math.Min(size, count - first);
            bool isInside = Enumerable.Range(first, own).All(column => columns.TapsInside(column) == (0, columns.Taps));
            result.Add(new ColumnTile(first, own, isInside));
        }

        return result;
    }

    /// <summary>Neighbouring pixels of a row.</summary>
    /// <param name="First">The first one.</param>
    /// <param name="Count">How many.</param>
    /// <param name="IsInside">Whether no tap of them lies beside the image.</param>
    private sealed record ColumnTile(int First, int Count, bool IsInside);
}
