using NetGen.Generator.Emission;

namespace NetGen.Generator.Kernels;

/// <summary>dw[i, o] = Σ x[i] · dy[o] over all samples, for the rows i of one worker.</summary>
/// <remarks>
/// Vectors run over the outputs: the tile is read from dy by sample, x is broadcast from its panel, or from the caller's rows. Outputs that do not fill a vector
/// take narrower ones. Every element is summed in the order of the samples, whatever the split, so the bits do not depend on it.
/// </remarks>
internal sealed class WeightGradient(int inputs, int units, int positions, bool fromRows = false) : Kernel
{
    /// <summary>Rows that whole tiles of every width make up: 3 of 8, 4 of 6. Work is split there.</summary>
    private const int SplitRows = 24;

    /// <summary>Outputs that are taken across the rows, where they would be most of a vector's waste. Fewer would be written float by float.</summary>
    private const int TailUnits = 4;

    /// <summary>Floats of the gradients that are computed before the optimizer takes them: they then still are in the first-level cache.</summary>
    private const int ChunkFloats = 4096;

    /// <summary>Rows of a chunk.</summary>
    public int ChunkRows => Math.Max(1, ChunkFloats / (SplitRows * units)) * SplitRows;

    public override string Name => $"Dense{inputs}x{units}WeightGradient{(positions > 1 ? $"At{positions}" : "")}{(fromRows ? "Rows" : "")}";

    public override string Summary =>
        $"dw[i, o] = Σ x[i] · dy[o] over the batch, for inputs first to last, the first at target; update stores it or applies it to the weights. Shapes: x [{inputs}], dy [{units}], dw [{inputs}, {units}].";

    public override IReadOnlyList<KernelParameter> Parameters { get; } =
    [
        fromRows ? KernelParameter.Shared("x") : KernelParameter.Block("x"), KernelParameter.Block("dy"), KernelParameter.Shared("target"), KernelParameter.Shared("state"),
        KernelParameter.Update(), KernelParameter.Int("stride"), KernelParameter.Int("samples"), KernelParameter.Int("first"),
        KernelParameter.Int("last"),
    ];

    private int RowStride => Panel.RowStride(units);

    public override void EmitVector(SourceWriter w, InstructionSet isa)
    {
        int tail = 0, rows = isa.Registers == 32 ? 8 : 6;
        List<LaneGroup> groups = fromRows && inputs >= SplitRows && units % TailUnits == 0
            ? LaneGroup.SplitTail(isa, units, out tail)
            : LaneGroup.Split(isa, units);
        EmitRows(w, groups, rows, "first", inputs);
        if (tail == 0)
            return;
        LaneGroup across = new(0, [.. LaneGroup.Split(isa, SplitRows, most: 3).Single().Vectors]);
        using (w.Open($"for (int i = first; i <= last - {SplitRows}; i += {SplitRows})"))
            EmitAcross(w, isa, across);
        int left = inputs % SplitRows;
        if (left > 0)
            EmitRows(w, [LaneGroup.Last(isa, units, tail)], rows, $"Math.Max(first, {inputs - left})", left);
    }

    public override void EmitScalar(SourceWriter w)
    {
        using (w.Open("for (int i = first; i < last; i++)"))
        using (w.Open($"for (int o = 0; o < {units}; o++)"))
        {
            w.Line("float sum = 0f;");
            w.Line("for (int s = 0; s < samples; s++)");
            string x = fromRows ? $"Unsafe.Add(ref x, (nint)s * {inputs} + i" : $"Unsafe.Add(ref x, {Panel.Lane} + i * {Panel.Lanes}", dy = $"Unsafe.Add(ref dy, {Panel.Start} + (s & 31) * {RowStride} + o";
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

    /// <summary>The rows from <paramref name="first"/> to last, tile by tile: x then comes from the first-level cache, and whole rows of dw are written.</summary>
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

    /// <summary>The last four outputs of 24 rows: vectors over x, which lies along the rows, dy broadcast.</summary>
    private void EmitAcross(SourceWriter w, InstructionSet isa, LaneGroup rows)
    {
        int firstOutput = units - TailUnits;
        for (int o = 0; o < TailUnits; o++)
        {
            for (int v = 0; v < rows.Vectors.Count; v++)
                w.Line($"{rows.Vectors[v].Isa.Type} c{o}_{v} = {rows.Vectors[v].Isa.Zero};");
        }

        using (w.Open($"for (int s = 0; s < samples; s += {Panel.Lanes})"))
        {
            w.Line($"ref float xs = ref Unsafe.Add(ref x, (nint)s * {inputs} + i);");
            w.Line($"ref float dys = ref Unsafe.Add(ref dy, {Panel.Start} + {firstOutput});");
            w.Line($"ref float end = ref Unsafe.Add(ref dys, Math.Min({Panel.Lanes}, samples - s) * {RowStride});");
            using (w.Do("Unsafe.IsAddressLessThan(ref dys, ref end)"))
            {
                for (int v = 0; v < rows.Vectors.Count; v++)
                    w.Line($"{rows.Vectors[v].Isa.Type} b{v} = {rows.Vectors[v].Isa.At("xs", rows.Vectors[v].Offset)};");
                for (int o = 0; o < TailUnits; o++)
                    rows.EmitMultiplyAdds(w, o, Address.At("dys", o));
                w.Line($"xs = ref Unsafe.Add(ref xs, {inputs});");
                w.Line($"dys = ref Unsafe.Add(ref dys, {RowStride});");
            }
        }

        w.Line($"ref float c = ref Unsafe.Add(ref target, (i - first) * {units} + {firstOutput});");
        w.Line($"ref float v = ref Unsafe.Add(ref state, (i - first) * {units} + {firstOutput});");
        LaneVector outputs = new(0, isa.Narrow(TailUnits), TailUnits);
        for (int v = 0; v < rows.Vectors.Count; v++)
        {
            LaneVector vector = rows.Vectors[v];
            for (int lane = 0; lane < vector.Isa.Lanes; lane += TailUnits)
            {
                string part = Quarter(vector.Isa.Lanes, lane);
                string arguments = string.Join(", ", Enumerable.Range(0, TailUnits).Select(o => $"c{o}_{v}{part}"));
                string[] picks = ["First", "Second", "Third", "Fourth"];
                for (int row = 0; row < picks.Length; row++)
                {
                    string name = $"r{vector.Offset + lane + row}";
                    w.Line($"Vector128<float> {name} = Lanes.{picks[row]}({arguments});");
                    outputs.EmitUpdate(w, name, (vector.Offset + lane + row) * units);
                }
            }
        }
    }

    /// <summary>The four lanes from <paramref name="lane"/> on of a vector of <paramref name="lanes"/>.</summary>
    private static string Quarter(int lanes, int lane) => lanes == 4 ? ""
        : lane < lanes / 2 ? ".GetLower()" + Quarter(lanes / 2, lane)
        : ".GetUpper()" + Quarter(lanes / 2, lane - (lanes / 2));

    private void EmitTile(SourceWriter w, LaneGroup group, int tile, string i, string o)
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
                    EmitSum(w, group, tile, $"{Panel.Start} + t * {inputs * Panel.Lanes} + {i} * {Panel.Lanes}", $"{Panel.Start} + t * {Panel.Lanes * RowStride} + {o}");
            }
            else
            {
                EmitSum(w, group, tile, fromRows ? $"(nint)s * {inputs} + {i}" : $"{Panel.Start} + {i} * {Panel.Lanes}", $"{Panel.Start} + {o}");
            }
        }

        w.Line($"ref float c = ref Unsafe.Add(ref target, ({i} - first) * {units} + {o});");
        w.Line($"ref float v = ref Unsafe.Add(ref state, ({i} - first) * {units} + {o});");
        for (int r = 0; r < tile; r++)
        {
            for (int v = 0; v < group.Vectors.Count; v++)
            {
                LaneVector vector = group.Vectors[v];
                vector.EmitUpdate(w, $"c{r}_{v}", (r * units) + vector.Offset);
            }
        }
    }

    private void EmitSum(SourceWriter w, LaneGroup group, int tile, string xOffset, string dyOffset)
    {
        w.Line($"ref float xs = ref Unsafe.Add(ref x, {xOffset});");
        w.Line($"ref float dys = ref Unsafe.Add(ref dy, {dyOffset});");
        w.Line($"ref float end = ref Unsafe.Add(ref dys, Math.Min({Panel.Lanes}, samples - s) * {RowStride});");
        using (w.Do("Unsafe.IsAddressLessThan(ref dys, ref end)"))
        {
            for (int v = 0; v < group.Vectors.Count; v++)
                w.Line($"{group.Vectors[v].Isa.Type} b{v} = {group.Vectors[v].Isa.At("dys", group.Vectors[v].Offset)};");
            if (fromRows)
                w.Line($"Prefetch.ToSecondLevel(ref {Address.At("xs", 2 * SplitRows)});");
            for (int r = 0; r < tile; r++)
                group.EmitMultiplyAdds(w, r, Address.At("xs", fromRows ? r : r * Panel.Lanes));
            w.Line($"xs = ref Unsafe.Add(ref xs, {(fromRows ? inputs : 1)});");
            w.Line($"dys = ref Unsafe.Add(ref dys, {RowStride});");
        }
    }
}
