using NetGen.Generator.Emission;
using NetGen.Generator.Operations;

namespace NetGen.Generator.Kernels;

/// <summary>y = f(W·x + b) for samples that lie row by row, as the caller gives them:
/// a first layer with more inputs than outputs.</summary>
/// <remarks>
/// Vectors run over the outputs, x is broadcast, so the wide input needs no transposed copy; only the narrow result will be transposed.
/// Outputs that fill no vector take <see cref="RowsTail"/>. Tiles take several samples; fewer than a tile are taken one by one. Every
/// output is summed in the order of the inputs, so neither changes a bit. Where <see cref="TermSplit"/> says so, a call takes only the
/// inputs from first to last: the bias belongs to the first part of a sum, and the activation to none.
/// </remarks>
internal sealed class RowsProduct(int inputs, int units, bool hasBias, ElementwiseFunction? activation) : Kernel
{
    /// <summary>Samples of a tile that takes what whole tiles leave.</summary>
    private const int SmallTile = 4;

    /// <summary>Whether a call takes a range of the inputs.</summary>
    public bool IsSplit { get; } = TermSplit.Of(inputs, units).Parts > 1;

    public override string Name => $"Dense{inputs}x{units}{(hasBias ? "" : "NoBias")}{activation?.Name}Rows";

    public override string Summary =>
        $"y[o] = {(activation is null ? Sum : $"{activation.Name}({Sum})")} for samples row by row. "
        + (IsSplit ? "Of inputs first to last only, a part of the sum: with b if it is the first, without the activation. " : "")
        + $"Shapes: x [{inputs}], w [{inputs}, {units}], y [{units}].";

    /// <summary>The sums, as a comment has them.</summary>
    private string Sum => $"Σᵢ w[i, o] · x[i]{(hasBias ? " + b[o]" : "")}";

    public override IReadOnlyList<KernelParameter> Parameters =>
    [
        KernelParameter.Shared("x"), KernelParameter.Shared("weight"),
        .. hasBias ? [KernelParameter.Shared("bias")] : Array.Empty<KernelParameter>(),
        KernelParameter.Block("y"), KernelParameter.Int("stride"), KernelParameter.Int("samples"),
        .. IsSplit ? [KernelParameter.Int("first"), KernelParameter.Int("last")] : Array.Empty<KernelParameter>(),
    ];

    public override int PackedFloats => InstructionSet.Vectors.Max(isa =>
    {
        List<LaneGroup> groups = Groups(isa, out int tail);
        int tailWidth = tail > 0 ? RowsTail.PackedWidth : 0;
        return Terms(isa) * (WeightPack.Pays(isa) ? groups.Max(group => WeightPack.Stride(group.Width)) : tailWidth);
    });

    private int RowStride => Panel.RowStride(units);

    /// <summary>Whether the sum is cut into blocks of terms, each added to what the result holds.</summary>
    private bool IsBlocked => inputs > PanelProduct.BlockLimit;

    /// <summary>Most terms of a sum that are taken at once: of a block, the weights and samples of a tile stay in the first-level
    /// cache.</summary>
    private int Terms(InstructionSet isa) => !IsBlocked ? inputs : isa.Lanes == 16 ? PanelProduct.BlockTerms : PanelProduct.BlockTerms / 2;

    /// <summary>The variable that holds the first of the terms that are taken at once; null where they are all.</summary>
    private string? FirstTerm => IsBlocked ? "k0" : IsSplit ? "first" : null;

    /// <summary>How many they are.</summary>
    private string CountTerms => FirstTerm is null ? Identifier.Text(inputs) : "terms";

    /// <summary>What is added to a position in the first row of their weights.</summary>
    private string FirstRow => FirstTerm is null ? "" : $" + {FirstTerm} * {units}";

    /// <summary>Whether what is asked for ahead ends with the part: its neighbour's weights belong to the thread that updates them.</summary>
    private bool StaysInPart => IsBlocked && IsSplit;

    public override void EmitVector(SourceWriter w, InstructionSet isa)
    {
        if (IsSplit && activation is not null)
            w.Line($"bool whole = last - first == {inputs};");
        if (!IsBlocked)
        {
            if (IsSplit)
                w.Line("int terms = last - first;");
            EmitProducts(w, isa);
            return;
        }

        EmitPass(w, isa, (vector, o) => Start(vector.Isa, o));
        (string first, string last) = IsSplit ? ("first", "last") : ("0", Identifier.Text(inputs));
        using (w.Open($"for (int k0 = {first}; k0 < {last}; k0 += {Terms(isa)})"))
        {
            w.Line($"int terms = Math.Min({Terms(isa)}, {last} - k0);");
            if (StaysInPart)
                w.Line($"int next = k0 + terms < last ? {Terms(isa) * units} : 0; // what is behind belongs to another thread");
            EmitProducts(w, isa);
        }

        if (activation is null)
            return;
        using (w.OpenIf(IsSplit, "if (whole)"))
            EmitPass(w, isa, (vector, o) => activation.Value(vector.Isa, vector.Isa.At("row", o)));
    }

    public override void EmitScalar(SourceWriter w)
    {
        using (w.Open("for (int s = 0; s < samples; s++)"))
        using (w.Open($"for (int o = 0; o < {units}; o++)"))
        {
            w.Line($"float sum = {Start(InstructionSet.Scalar, "o")};");
            w.Line(IsSplit ? "for (int i = first; i < last; i++)" : $"for (int i = 0; i < {inputs}; i++)");
            w.Line($"    sum += Unsafe.Add(ref weight, i * {units} + o) * Unsafe.Add(ref x, (nint)s * {inputs} + i);");
            string value = activation?.Value(InstructionSet.Scalar, "sum") ?? "sum";
            string whole = IsSplit && activation is not null ? $"last - first == {inputs} ? {value} : sum" : value;
            w.Line($"Unsafe.Add(ref y, {Row("s")} + o) = {whole};");
        }
    }

    /// <summary>What a sum begins with: the bias, in the first part of a split one.</summary>
    private string Start(InstructionSet isa, string o)
    {
        if (!hasBias)
            return isa.Zero;
        return IsSplit ? $"first == 0 ? {isa.At("bias", o)} : {isa.Zero}" : isa.At("bias", o);
    }

    /// <summary>Whether tiles ask for the next block's weights while they compute.
    /// Before them, in the copy, memory would be all that it waits for.</summary>
    private bool TilesFetch(InstructionSet isa) => IsBlocked && WeightPack.Pays(isa);

    /// <summary>Offset of a sample's row of results.</summary>
    private string Row(string sample) => $"({sample} >> {Panel.Shift}) * stride + ({sample} & {Panel.Lanes - 1}) * {RowStride}";

    private void EmitProducts(SourceWriter w, InstructionSet isa)
    {
        List<LaneGroup> groups = Groups(isa, out int tail);
        bool packs = WeightPack.Pays(isa);
        LaneGroup.ForEach(w, groups, (group, o) =>
        {
            if (packs)
                WeightPack.Emit(w, isa, group.Width, o + FirstRow, units, CountTerms, TilesFetch(isa) ? 0 : Ahead(isa, group));
            EmitTiles(w, TileRows(isa, group), rows => EmitTile(w, isa, group, o, rows, packs));
        });
        if (tail == 0)
            return;
        RowsTail last = new(inputs, units, tail, FirstTerm);
        using (w.Open($"// outputs {units - tail} to {units - 1}"))
        {
            last.EmitPack(w, isa);
            EmitTiles(w, RowsTail.Rows, rows => EmitTail(w, isa, last, rows));
        }
    }

    /// <summary>
    /// Prints a tile for every size. Whole sums may be computed again, for the same result, so the last tile then covers samples of the
    /// one before it; a block of terms is added once.
    /// </summary>
    private void EmitTiles(SourceWriter w, int tile, Action<int> emit)
    {
        if (IsBlocked)
        {
            w.Line("int t = 0;");
            EmitLoop($"for (; t <= samples - {tile}; t += {tile})", "t", tile);
            if (tile > SmallTile)
                EmitLoop($"for (; t <= samples - {SmallTile}; t += {SmallTile})", "t", SmallTile);
            EmitLoop("for (; t < samples; t++)", "t", 1);
            return;
        }

        bool hasSmall = tile > SmallTile;
        if (hasSmall)
        {
            w.Line($"bool small = samples > {tile} && samples % {tile} is > 0 and <= {SmallTile};");
            w.Line($"int most = small ? samples - samples % {tile} : samples;");
        }

        EmitLoop(
            $"for (int t = 0; samples >= {tile} && t < {(hasSmall ? "most" : "samples")}; t += {tile})",
            $"Math.Min(t, samples - {tile})", tile);
        if (hasSmall)
            EmitLoop("if (small)", $"samples - {SmallTile}", SmallTile);
        EmitLoop($"for (int t = 0; samples < {tile} && t < samples; t++)", "t", 1);

        void EmitLoop(string header, string first, int rows)
        {
            using (w.Open(header))
            {
                w.Line($"int s = {first};");
                emit(rows);
            }
        }
    }

    /// <summary>With 16 registers three vectors by four samples are as fast as two by six, and batches are multiples of four.</summary>
    private List<LaneGroup> Groups(InstructionSet isa, out int tail) =>
        LaneGroup.SplitTail(isa, units, out tail, most: isa.Registers == 32 ? 2 : 3);

    /// <summary>Samples of a tile: 16 to 24 sums are in flight, or the 12 that 16 registers hold.</summary>
    private static int TileRows(InstructionSet isa, LaneGroup group) => isa.Registers == 32 ? 8 : 12 / group.Vectors.Count;

    private void EmitTile(SourceWriter w, InstructionSet isa, LaneGroup group, string o, int rows, bool packs)
    {
        // Tiles that start at multiples of their size lie in one panel: one reference serves all their rows.
        bool single = IsBlocked && Panel.Lanes % rows == 0 && TileRows(isa, group) % rows == 0;
        w.Line($"ref float k = ref Unsafe.Add(ref x, (nint)s * {inputs}{(FirstTerm is null ? "" : $" + {FirstTerm}")});");
        w.Line($"ref float end = ref Unsafe.Add(ref k, {CountTerms});");
        w.Line(packs ? "ref float wk = ref block;" : $"ref float wk = ref Unsafe.Add(ref weight, {o}{FirstRow});");
        for (int r = 0; r < rows; r++)
        {
            if (IsBlocked && (r == 0 || !single))
                w.Line($"ref float y{r} = ref Unsafe.Add(ref y, {Row(Sample(r))} + {o});");
            for (int v = 0; v < group.Vectors.Count; v++)
            {
                LaneVector vector = group.Vectors[v];
                string start = IsBlocked ? Result(vector, r)
                    : hasBias && r > 0 ? $"c0_{v}"
                    : Start(vector.Isa, group.Position(o, vector));
                w.Line($"{vector.Isa.Type} c{r}_{v} = {start};");
            }
        }

        if (TilesFetch(isa) && rows > 1)
        {
            int share = Terms(isa) * group.Width;
            string next = StaysInPart ? "next" : Identifier.Text(Terms(isa) * units);
            w.Line($"ref float ahead = ref Unsafe.Add(ref weight, k0 * {units} + {o} * {Terms(isa)} + {next} + (nint)s * {share} / samples);");
        }

        using (w.Do("Unsafe.IsAddressLessThan(ref k, ref end)"))
            EmitTerm(w, isa, group, rows, packs);
        bool activates = activation is not null && !IsBlocked;
        if (activates && IsSplit)
        {
            using (w.Open("if (whole)"))
                EmitActivation(w, group, rows);
            activates = false;
        }

        for (int r = 0; r < rows; r++)
        {
            if (!IsBlocked)
                w.Line($"ref float y{r} = ref Unsafe.Add(ref y, {Row(Sample(r))} + {o});");
            for (int v = 0; v < group.Vectors.Count; v++)
            {
                LaneVector vector = group.Vectors[v];
                string value = activates ? activation!.Value(vector.Isa, $"c{r}_{v}") : $"c{r}_{v}";
                // Rows are padded to whole vectors of four, and a vector with fewer valid lanes is the smallest that fits: none runs over.
                w.Line($"{Result(vector, r)} = {value};");
            }
        }

        string Result(LaneVector vector, int row) =>
            single ? vector.Isa.At("y0", (row * RowStride) + vector.Offset) : vector.Isa.At($"y{row}", vector.Offset);
    }

    private void EmitActivation(SourceWriter w, LaneGroup group, int rows)
    {
        for (int r = 0; r < rows; r++)
        {
            for (int v = 0; v < group.Vectors.Count; v++)
                w.Line($"c{r}_{v} = {activation!.Value(group.Vectors[v].Isa, $"c{r}_{v}")};");
        }
    }

    /// <summary>One term of all sums of a tile, and the step to the next one.</summary>
    private void EmitTerm(SourceWriter w, InstructionSet isa, LaneGroup group, int rows, bool packs)
    {
        if (TilesFetch(isa) && rows > 1)
        {
            w.Line("Prefetch.ToSecondLevel(ref ahead);");
            w.Line($"ahead = ref Unsafe.Add(ref ahead, {FetchedFloats(group, rows)});");
        }

        for (int v = 0; v < group.Vectors.Count; v++)
            w.Line($"{group.Vectors[v].Isa.Type} b{v} = {group.Vectors[v].Isa.At("wk", group.Vectors[v].Offset)};");
        int distance = packs ? 0 : Ahead(isa, group);
        for (int line = 0; distance > 0 && line < group.Width; line += 16)
            w.Line($"Prefetch.ToSecondLevel(ref {Address.At("wk", StaysInPart ? $"next + {line}" : Identifier.Text(distance + line))});");
        for (int r = 0; r < rows; r++)
            group.EmitMultiplyAdds(w, r, Address.At("k", r * inputs));
        w.Line("k = ref Unsafe.Add(ref k, 1);");
        w.Line($"wk = ref Unsafe.Add(ref wk, {(packs ? "step" : units)});");
    }

    /// <summary>How far ahead the next weights are that are not in the second-level cache:
    /// the next block's, or the next columns'.</summary>
    private int Ahead(InstructionSet isa, LaneGroup group) =>
        IsBlocked ? Terms(isa) * units : inputs * units > WeightPack.CachedFloats ? group.Width : 0;

    /// <summary>
    /// Weights of the next block that a tile has gone on by after every term. All samples' tiles together take the group's share of the
    /// block, in batches of the usual size at least: a longer way is begun again by the next tile.
    /// </summary>
    private static int FetchedFloats(LaneGroup group, int rows)
    {
        const int samples = 64;
        return Math.Max(1, ((group.Width * rows) + samples - 1) / samples);
    }

    /// <summary>A tile over the outputs that fill no vector.</summary>
    private void EmitTail(SourceWriter w, InstructionSet isa, RowsTail tail, int rows)
    {
        InstructionSet four = isa.Narrow(4);
        tail.EmitSums(w, isa, rows);
        for (int r = 0; r < rows; r++)
        {
            w.Line($"ref float y{r} = ref Unsafe.Add(ref y, {Row(Sample(r))} + {tail.First});");
            string result = four.At($"y{r}", 0), start = IsBlocked ? result : $"({Start(four, Identifier.Text(tail.First))})";
            w.Line($"t{r} = {(IsBlocked || hasBias ? $"{start} + t{r}" : $"t{r}")};");
            if (activation is not null && !IsBlocked)
                w.Line($"{(IsSplit ? "if (whole) " : "")}t{r} = {activation.Value(four, $"t{r}")};");
            w.Line($"{result} = t{r};");
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
