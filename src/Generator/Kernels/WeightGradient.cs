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
        int tile = Math.Min(inputs, isa.Registers == 32 ? 8 : 6);
        int left = inputs % tile;
        using (w.Open($"for (int i = first; i <= last - {tile}; i += {tile})"))
            EmitRows(w, isa, tile, "i");
        if (left > 0)
        {
            using (w.Open($"if (last == {inputs})"))
                EmitRows(w, isa, left, Identifier.Text(inputs - left));
        }
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

    /// <summary>A tile's rows over all outputs: x then comes from the first-level cache, and whole rows of dw are written.</summary>
    private void EmitRows(SourceWriter w, InstructionSet isa, int tile, string i)
    {
        LaneGroup.ForEach(w, LaneGroup.Split(isa, units), (group, o) => EmitTile(w, group, tile, i, o));
    }

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
            for (int r = 0; r < tile; r++)
                group.EmitMultiplyAdds(w, r, Address.At("xs", fromRows ? r : r * Panel.Lanes));
            w.Line($"xs = ref Unsafe.Add(ref xs, {(fromRows ? inputs : 1)});");
            w.Line($"dys = ref Unsafe.Add(ref dys, {RowStride});");
        }
    }
}
