using NetGen.Generator.Emission;
using NetGen.Generator.Operations;

namespace NetGen.Generator.Kernels;

/// <summary>y = f(W·x + b) for samples that lie row by row, as the caller gives them: a first layer with more inputs than outputs.</summary>
/// <remarks>
/// Vectors run over the outputs, x is broadcast, so the wide input needs no transposed copy; only the narrow result will be transposed.
/// Tiles take several samples; fewer than a tile are taken one by one. Every output is summed in the order of the
/// inputs, so neither changes a bit.
/// </remarks>
internal sealed class RowsProduct(int inputs, int units, bool hasBias, ElementwiseFunction? activation) : Kernel
{
    public override string Name => $"Dense{inputs}x{units}{(hasBias ? "" : "NoBias")}{activation?.Name}Rows";

    public override string Summary =>
        $"y[o] = {(activation is null ? "" : activation.Name + "(")}Σᵢ w[i, o] · x[i]{(hasBias ? " + b[o]" : "")}{(activation is null ? "" : ")")} for samples row by row. Shapes: x [{inputs}], w [{inputs}, {units}], y [{units}].";

    public override IReadOnlyList<KernelParameter> Parameters =>
    [
        KernelParameter.Shared("x"), KernelParameter.Shared("weight"), .. hasBias ? [KernelParameter.Shared("bias")] : Array.Empty<KernelParameter>(),
        KernelParameter.Block("y"), KernelParameter.Int("stride"), KernelParameter.Int("samples"),
    ];

    private int RowStride => Panel.RowStride(units);

    /// <summary>Whether the sum is cut into blocks of terms, each added to what the result holds.</summary>
    private bool IsBlocked => inputs > PanelProduct.BlockLimit;

    public override void EmitVector(SourceWriter w, InstructionSet isa)
    {
        if (!IsBlocked)
        {
            EmitProducts(w, isa);
            return;
        }

        EmitPass(w, isa, (vector, o) => hasBias ? vector.Isa.At("bias", o) : vector.Isa.Zero);
        using (w.Open($"for (int k0 = 0; k0 < {inputs}; k0 += {PanelProduct.BlockTerms})"))
            EmitBlock(w, isa);
        if (activation is not null)
            EmitPass(w, isa, (vector, o) => activation.Value(vector.Isa, vector.Isa.At("row", o)));
    }

    public override void EmitScalar(SourceWriter w)
    {
        using (w.Open("for (int s = 0; s < samples; s++)"))
        using (w.Open($"for (int o = 0; o < {units}; o++)"))
        {
            w.Line($"float sum = {(hasBias ? "Unsafe.Add(ref bias, o)" : "0f")};");
            w.Line($"for (int i = 0; i < {inputs}; i++)");
            w.Line($"    sum += Unsafe.Add(ref weight, i * {units} + o) * Unsafe.Add(ref x, (nint)s * {inputs} + i);");
            w.Line($"Unsafe.Add(ref y, {Row("s")} + o) = {activation?.Value(InstructionSet.Scalar, "sum") ?? "sum"};");
        }
    }

    /// <summary>Offset of a sample's row of results.</summary>
    private string Row(string sample) => $"({sample} >> {Panel.Shift}) * stride + ({sample} & {Panel.Lanes - 1}) * {RowStride}";

    /// <summary>Whole sums: the last tile may take samples again that the one before it had, for the same result.</summary>
    private void EmitProducts(SourceWriter w, InstructionSet isa) => LaneGroup.ForEach(w, LaneGroup.Split(isa, units), (group, o) =>
    {
        int tile = TileRows(isa, group);
        w.Line($"for (int t = 0; samples >= {tile} && t < samples; t += {tile})");
        using (w.OpenScope())
        {
            w.Line($"int s = Math.Min(t, samples - {tile});");
            EmitTile(w, group, o, tile);
        }

        w.Line($"for (int s = 0; samples < {tile} && s < samples; s++)");
        using (w.OpenScope())
            EmitTile(w, group, o, 1);
    });

    /// <summary>A block of terms is added once: what does not fill a tile is taken sample by sample.</summary>
    private void EmitBlock(SourceWriter w, InstructionSet isa) => LaneGroup.ForEach(w, LaneGroup.Split(isa, units), (group, o) =>
    {
        int tile = TileRows(isa, group);
        w.Line($"int whole = samples - samples % {tile};");
        using (w.Open($"for (int s = 0; s < whole; s += {tile})"))
            EmitTile(w, group, o, tile);
        using (w.Open("for (int s = whole; s < samples; s++)"))
            EmitTile(w, group, o, 1);
    });

    /// <summary>Samples of a tile: a lone vector takes more of them, so that enough sums are in flight.</summary>
    private static int TileRows(InstructionSet isa, LaneGroup group) =>
        isa.Registers == 32 ? 8 : group.Vectors.Count == 1 ? 12 : 6;

    private void EmitTile(SourceWriter w, LaneGroup group, string o, int rows)
    {
        string k0 = IsBlocked ? " + k0" : "", wk0 = IsBlocked ? $" + k0 * {units}" : "";
        w.Line($"ref float k = ref Unsafe.Add(ref x, (nint)s * {inputs}{k0});");
        w.Line($"ref float end = ref Unsafe.Add(ref k, {(IsBlocked ? $"Math.Min({PanelProduct.BlockTerms}, {inputs} - k0)" : inputs)});");
        w.Line($"ref float wk = ref Unsafe.Add(ref weight, {o}{wk0});");
        for (int r = 0; r < rows; r++)
        {
            if (IsBlocked)
                w.Line($"ref float y{r} = ref Unsafe.Add(ref y, {Row(Sample(r))} + {o});");
            for (int v = 0; v < group.Vectors.Count; v++)
            {
                LaneVector vector = group.Vectors[v];
                string start = IsBlocked ? vector.Isa.At($"y{r}", vector.Offset)
                    : !hasBias ? vector.Isa.Zero
                    : r > 0 ? $"c0_{v}"
                    : vector.Isa.At("bias", group.Position(o, vector));
                w.Line($"{vector.Isa.Type} c{r}_{v} = {start};");
            }
        }

        using (w.Do("Unsafe.IsAddressLessThan(ref k, ref end)"))
        {
            for (int v = 0; v < group.Vectors.Count; v++)
                w.Line($"{group.Vectors[v].Isa.Type} b{v} = {group.Vectors[v].Isa.At("wk", group.Vectors[v].Offset)};");
            for (int r = 0; r < rows; r++)
                group.EmitMultiplyAdds(w, r, Address.At("k", r * inputs));
            w.Line("k = ref Unsafe.Add(ref k, 1);");
            w.Line($"wk = ref Unsafe.Add(ref wk, {units});");
        }

        for (int r = 0; r < rows; r++)
        {
            if (!IsBlocked)
                w.Line($"ref float y{r} = ref Unsafe.Add(ref y, {Row(Sample(r))} + {o});");
            for (int v = 0; v < group.Vectors.Count; v++)
            {
                LaneVector vector = group.Vectors[v];
                string value = IsBlocked || activation is null ? $"c{r}_{v}" : activation.Value(vector.Isa, $"c{r}_{v}");
                // Rows are padded to whole vectors of four, and a vector with fewer valid lanes is the smallest that fits: none runs over.
                w.Line($"{vector.Isa.At($"y{r}", vector.Offset)} = {value};");
            }
        }
    }

    private static string Sample(int row) => row == 0 ? "s" : $"(s + {row})";

    /// <summary>Sets every vector of the results.</summary>
    private void EmitPass(SourceWriter w, InstructionSet isa, Func<LaneVector, string, string> value)
    {
        using (w.Open("for (int s = 0; s < samples; s++)"))
        {
            w.Line($"ref float row = ref Unsafe.Add(ref y, {Row("s")});");
            LaneGroup.ForEach(w, LaneGroup.Split(isa, units), (group, o) =>
            {
                foreach (LaneVector vector in group.Vectors)
                {
                    string at = group.Position(o, vector);
                    w.Line($"{vector.Isa.At("row", at)} = {value(vector, at)};");
                }
            });
        }
    }
}
