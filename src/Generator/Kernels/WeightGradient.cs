using NetGen.Generator.Emission;

namespace NetGen.Generator.Kernels;

/// <summary>dw[i, o] = Σ x[i] · dy[o] over all samples, for the rows i of one worker.</summary>
/// <remarks>
/// Vectors run over the outputs: the tile is read from dy by sample, x is broadcast from its panel, or from the caller's rows. Outputs that
/// do not fill a vector take narrower ones. Every element is summed in the order of the samples, whatever the split, so the bits do not
/// depend on it.
/// </remarks>
internal sealed class WeightGradient(int inputs, int units, int positions, bool fromRows = false) : Kernel
{
    /// <summary>Rows that whole tiles of every width make up: 3 of 8, 4 of 6. Work is split there.</summary>
    private const int SplitRows = 24;

    /// <summary>Outputs whose gradients make so many pages.</summary>
    private const int WideUnits = 256;

    /// <summary>Samples of larger batches are read where they are: their copy would not stay in the first-level cache.</summary>
    private const int MostPackedSamples = 256;

    /// <summary>Floats of a cache line.</summary>
    private const int Line = 16;

    /// <summary>Outputs that are taken across the rows, where they would be most of a vector's waste.
    /// Fewer would be written float by float.</summary>
    private const int TailUnits = 4;

    /// <summary>Floats of the gradients that are computed before the optimizer takes them:
    /// they then still are in the first-level cache.</summary>
    private const int ChunkFloats = 4096;

    /// <summary>Rows of a chunk.</summary>
    public int ChunkRows => Math.Max(1, ChunkFloats / (SplitRows * units)) * SplitRows;

    public override string Name =>
        $"Dense{inputs}x{units}WeightGradient{(positions > 1 ? $"At{positions}" : "")}{(fromRows ? "Rows" : "")}";

    public override string Summary =>
        "dw[i, o] = Σ x[i] · dy[o] over the batch, for inputs first to last, the first at target; update stores it or applies it to the "
        + $"weights. Shapes: x [{inputs}], dy [{units}], dw [{inputs}, {units}].";

    public override IReadOnlyList<KernelParameter> Parameters { get; } =
    [
        fromRows ? KernelParameter.Shared("x") : KernelParameter.Block("x"), KernelParameter.Block("dy"), KernelParameter.Shared("target"),
        KernelParameter.Shared("state"),
        KernelParameter.Update(), KernelParameter.Int("stride"), KernelParameter.Int("samples"), KernelParameter.Int("first"),
        KernelParameter.Int("last"),
    ];

    /// <summary>Whether parameters may lie outside the caches when the optimizer takes them.</summary>
    private bool Announces => inputs * units > WeightPack.CachedFloats;

    private int RowStride => Panel.RowStride(units);

    /// <summary>
    /// Whether 24 columns of the caller's rows are copied together. Where they lie every sample is on a page of its own, and so is every
    /// row or two of a wide dy: more pages than the processor keeps at hand, which a 256-bit tile is too quick to hide.
    /// </summary>
    private bool PacksRows(InstructionSet isa) => WeightPack.Pays(isa) && fromRows && inputs >= SplitRows && units >= WideUnits;

    public override int PackedFloats => InstructionSet.Vectors.Any(PacksRows) ? SplitRows * MostPackedSamples : 0;

    public override void EmitVector(SourceWriter w, InstructionSet isa)
    {
        int tail = 0, rows = isa.Registers == 32 ? 8 : 6;
        List<LaneGroup> groups = fromRows && inputs >= SplitRows && units % TailUnits == 0
            ? LaneGroup.SplitTail(isa, units, out tail)
            : LaneGroup.Split(isa, units);
        int left = inputs % SplitRows;
        string firstLeft = $"Math.Max(first, {inputs - left})";
        bool packs = PacksRows(isa);
        if (packs || tail > 0)
        {
            using (w.Open($"for (int b = first; b <= last - {SplitRows}; b += {SplitRows})"))
                EmitBlock(w, isa, packs, groups, rows, tail > 0);
        }

        if (!packs)
            EmitRows(w, groups, rows, "first", inputs);
        else if (left > 0)
            EmitRows(w, groups, rows, firstLeft, left);
        if (tail > 0 && left > 0)
            EmitRows(w, [LaneGroup.Last(isa, units, tail)], rows, firstLeft, left);
    }

    public override void EmitScalar(SourceWriter w)
    {
        using (w.Open("for (int i = first; i < last; i++)"))
        using (w.Open($"for (int o = 0; o < {units}; o++)"))
        {
            w.Line("float sum = 0f;");
            w.Line("for (int s = 0; s < samples; s++)");
            string x = fromRows ? $"Unsafe.Add(ref x, (nint)s * {inputs} + i" : $"Unsafe.Add(ref x, {Panel.Lane} + i * {Panel.Lanes}";
            string dy = $"Unsafe.Add(ref dy, {Panel.Start} + (s & 31) * {RowStride} + o";
            if (positions > 1)
            {
                w.Line($"    for (int t = 0; t < {positions}; t++)");
                w.Line($"        sum += {x} + t * {inputs * Panel.Lanes}) * {dy} + t * {Panel.Lanes * RowStride});");
            }
            else
            {
                w.Line($"    sum += {x}) * {dy});");
            }

            w.Line($"update.Apply(ref target, ref state, (i - first) * {units} + o, sum);");
        }
    }

    /// <summary>The rows from <paramref name="first"/> to last, tile by tile:
    /// x then comes from the first-level cache, and whole rows of dw are written.</summary>
    private void EmitRows(SourceWriter w, List<LaneGroup> groups, int most, string first, int count)
    {
        int tile = Math.Min(count, most), left = count % tile;
        using (w.Open($"for (int i = {first}; i <= last - {tile}; i += {tile})"))
            LaneGroup.ForEach(w, groups, (group, o) => EmitTile(w, group, tile, "i", o));
        if (left > 0)
        {
            using (w.Open($"if (last == {inputs})"))
                LaneGroup.ForEach(w, groups, (group, o) => EmitTile(w, group, left, Identifier.Text(inputs - left), o));
        }
    }

    /// <summary>24 rows of dw: all their outputs from a copy of their inputs, or only the tail's from the inputs themselves.</summary>
    private void EmitBlock(SourceWriter w, InstructionSet isa, bool packs, List<LaneGroup> groups, int tile, bool hasTail)
    {
        LaneGroup columns = LaneGroup.Split(isa, SplitRows, most: SplitRows).Single();
        w.Line("ref float rows = ref Unsafe.Add(ref x, b);");
        w.Line($"{(packs ? "" : "const ")}nint step = {inputs};");
        if (packs)
        {
            EmitCopy(w, columns);
            using (w.Open($"for (int i = 0; i < {SplitRows}; i += {tile})"))
                LaneGroup.ForEach(w, groups, (group, o) => EmitTile(w, group, tile, "i", o, isPacked: true));
        }

        if (hasTail)
        {
            using (w.OpenScope())
                EmitAcross(w, isa, columns);
        }
    }

    /// <summary>Copies 24 columns of the caller's rows.</summary>
    private void EmitCopy(SourceWriter w, LaneGroup columns)
    {
        using (w.Open($"if (samples <= {MostPackedSamples})"))
        {
            using (w.Open("for (int s = 0; s < samples; s++)"))
            {
                w.Line($"ref float row = ref Unsafe.Add(ref rows, (nint)s * {inputs});");
                for (int line = 0; line < SplitRows; line += 16)
                    w.Line($"Prefetch.ToSecondLevel(ref {Address.At("row", SplitRows + line)});");
                foreach (LaneVector vector in columns.Vectors)
                    w.Line($"{vector.Isa.At("packed", $"s * {SplitRows} + {vector.Offset}")} = {vector.Isa.At("row", vector.Offset)};");
            }

            w.Line("rows = ref packed;");
            w.Line($"step = {SplitRows};");
        }
    }

    /// <summary>The last four outputs of 24 rows: vectors over x, which lies along the rows, dy broadcast.</summary>
    private void EmitAcross(SourceWriter w, InstructionSet isa, LaneGroup columns)
    {
        int firstOutput = units - TailUnits;
        for (int o = 0; o < TailUnits; o++)
        {
            for (int v = 0; v < columns.Vectors.Count; v++)
                w.Line($"{columns.Vectors[v].Isa.Type} c{o}_{v} = {columns.Vectors[v].Isa.Zero};");
        }

        using (w.Open($"for (int s = 0; s < samples; s += {Panel.Lanes})"))
        {
            w.Line("ref float xs = ref Unsafe.Add(ref rows, s * step);");
            w.Line($"ref float dys = ref Unsafe.Add(ref dy, {Panel.Start} + {firstOutput});");
            w.Line($"ref float end = ref Unsafe.Add(ref dys, Math.Min({Panel.Lanes}, samples - s) * {RowStride});");
            using (w.Do("Unsafe.IsAddressLessThan(ref dys, ref end)"))
            {
                for (int v = 0; v < columns.Vectors.Count; v++)
                    w.Line($"{columns.Vectors[v].Isa.Type} b{v} = {columns.Vectors[v].Isa.At("xs", columns.Vectors[v].Offset)};");
                for (int o = 0; o < TailUnits; o++)
                    columns.EmitMultiplyAdds(w, o, Address.At("dys", o));
                w.Line("xs = ref Unsafe.Add(ref xs, step);");
                w.Line($"dys = ref Unsafe.Add(ref dys, {RowStride});");
            }
        }

        w.Line($"ref float c = ref Unsafe.Add(ref target, (b - first) * {units} + {firstOutput});");
        w.Line($"ref float v = ref Unsafe.Add(ref state, (b - first) * {units} + {firstOutput});");
        LaneVector outputs = new(0, isa.Narrow(TailUnits), TailUnits);
        for (int v = 0; v < columns.Vectors.Count; v++)
        {
            LaneVector vector = columns.Vectors[v];
            for (int lane = 0; lane < vector.Isa.Lanes; lane += TailUnits)
            {
                string part = Quarter(vector.Isa.Lanes, lane);
                string arguments = string.Join(", ", Enumerable.Range(0, TailUnits).Select(o => $"c{o}_{v}{part}"));
                string[] picks = ["First", "Second", "Third", "Fourth"];
                for (int row = 0; row < picks.Length; row++)
                {
                    string name = $"r{vector.Offset + lane + row}";
                    w.Line($"Vector128<float> {name} = Lanes.{picks[row]}({arguments});");
                    if (Announces)
                        w.Line($"update.Announce(ref v, {(vector.Offset + lane + row) * units});");
                    outputs.EmitUpdate(w, name, (vector.Offset + lane + row) * units);
                }
            }
        }
    }

    /// <summary>The four lanes from <paramref name="lane"/> on of a vector of <paramref name="lanes"/>.</summary>
    private static string Quarter(int lanes, int lane) => lanes == 4 ? ""
        : lane < lanes / 2 ? ".GetLower()" + Quarter(lanes / 2, lane)
        : ".GetUpper()" + Quarter(lanes / 2, lane - (lanes / 2));

    private void EmitTile(SourceWriter w, LaneGroup group, int tile, string i, string o, bool isPacked = false)
    {
        for (int r = 0; r < tile; r++)
        {
            for (int v = 0; v < group.Vectors.Count; v++)
                w.Line($"{group.Vectors[v].Isa.Type} c{r}_{v} = {group.Vectors[v].Isa.Zero};");
        }

        using (w.Open($"for (int s = 0; s < samples; s += {Panel.Lanes})"))
        {
            if (positions > 1)
            {
                using (w.Open($"for (int t = 0; t < {positions}; t++)"))
                {
                    EmitSum(
                        w, group, tile, "x", $"{Panel.Start} + t * {inputs * Panel.Lanes} + {i} * {Panel.Lanes}",
                        $"{Panel.Start} + t * {Panel.Lanes * RowStride} + {o}");
                }
            }
            else
            {
                string offset =
                    isPacked ? $"s * step + {i}" : fromRows ? $"(nint)s * {inputs} + {i}" : $"{Panel.Start} + {i} * {Panel.Lanes}";
                EmitSum(w, group, tile, isPacked ? "rows" : "x", offset, $"{Panel.Start} + {o}");
            }
        }

        string row = isPacked ? $"b + {i} - first" : $"{i} - first";
        w.Line($"ref float c = ref Unsafe.Add(ref target, ({row}) * {units} + {o});");
        w.Line($"ref float v = ref Unsafe.Add(ref state, ({row}) * {units} + {o});");
        for (int r = 0; r < tile; r++)
        {
            for (int line = 0; Announces && line < group.Width; line += Line)
                w.Line($"update.Announce(ref v, {(r * units) + line});");
            for (int v = 0; v < group.Vectors.Count; v++)
            {
                LaneVector vector = group.Vectors[v];
                vector.EmitUpdate(w, $"c{r}_{v}", (r * units) + vector.Offset);
            }
        }
    }

    private void EmitSum(SourceWriter w, LaneGroup group, int tile, string x, string xOffset, string dyOffset)
    {
        w.Line($"ref float xs = ref Unsafe.Add(ref {x}, {xOffset});");
        w.Line($"ref float dys = ref Unsafe.Add(ref dy, {dyOffset});");
        w.Line($"ref float end = ref Unsafe.Add(ref dys, Math.Min({Panel.Lanes}, samples - s) * {RowStride});");
        using (w.Do("Unsafe.IsAddressLessThan(ref dys, ref end)"))
        {
            for (int v = 0; v < group.Vectors.Count; v++)
                w.Line($"{group.Vectors[v].Isa.Type} b{v} = {group.Vectors[v].Isa.At("dys", group.Vectors[v].Offset)};");
            if (x == "x" && fromRows && inputs > 2 * SplitRows)
                w.Line($"Prefetch.ToSecondLevel(ref {Address.At("xs", 2 * SplitRows)});");
            for (int r = 0; r < tile; r++)
                group.EmitMultiplyAdds(w, r, Address.At("xs", fromRows ? r : r * Panel.Lanes));
            w.Line($"xs = ref Unsafe.Add(ref xs, {(x == "rows" ? "step" : fromRows ? inputs : 1)});");
            w.Line($"dys = ref Unsafe.Add(ref dys, {RowStride});");
        }
    }
}
