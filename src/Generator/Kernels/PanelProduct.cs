using NetGen.Generator.Emission;
using NetGen.Generator.Operations;

namespace NetGen.Generator.Kernels;

/// <summary>C[m, s] = start[m] + Σₖ A(m, k) · B[k, s] for blocks of samples s:
/// a dense layer's forward pass and its input gradient.</summary>
/// <remarks>
/// Vectors run over the samples, A is broadcast from the weights, which are stored input-major [I, O]. So the tile has no tail in its
/// vector dimension, and neither direction needs a transposed copy of the weights.
/// </remarks>
internal sealed class PanelProduct : Kernel
{
    /// <summary>Above so many terms the weights and a block of samples do not fit the second-level cache together,
    /// and k is blocked.</summary>
    public const int BlockLimit = 4096;

    /// <summary>Terms of a block: operands of 64 KB for 32 samples.</summary>
    public const int BlockTerms = 512;

    /// <summary>
    /// At strides of a multiple of so many floats, 2 KB, the columns of a tile meet in two sets of the first-level cache and in 64 of the
    /// second.
    /// </summary>
    private const int ConflictingStride = 512;

    /// <summary>Tiles whose weights are packed together: 24 floats a row for 6-row tiles, so that most lines are fetched once.</summary>
    private const int PackedTiles = 4;

    private readonly string operand, result, formula;
    private readonly int rows, inner, rowStride, innerStride, positions;
    private readonly bool hasBias, isForward;
    private readonly ElementwiseFunction? activation;

    private PanelProduct(
        string name, string formula, bool isForward, int rows, int inner, int rowStride, int innerStride, int positions, bool hasBias,
        ElementwiseFunction? activation)
    {
        Name = name + (positions > 1 ? $"At{positions}" : "");
        this.formula = formula;
        this.isForward = isForward;
        this.rows = rows;
        this.inner = inner;
        this.rowStride = rowStride;
        this.innerStride = innerStride;
        this.positions = positions;
        this.hasBias = hasBias;
        this.activation = activation;
        operand = isForward ? "x" : "dy";
        result = isForward ? "y" : "dx";
    }

    public override string Name { get; }

    public override string Summary => formula;

    public override bool SplitsTail => true;

    public override int PackedFloats =>
        InstructionSet.Vectors.Max(isa => PacksWeights(isa) ? Terms * PackedTiles * TileRule.Rows(isa, rows) : 0);

    public override IReadOnlyList<KernelParameter> Parameters
    {
        get
        {
            List<KernelParameter> parameters = [KernelParameter.Block(operand), KernelParameter.Shared("weight")];
            if (hasBias)
                parameters.Add(KernelParameter.Shared("bias"));
            parameters.AddRange(OutputScaling.Parameters(IsScaled));
            if (!isForward && activation is not null)
                parameters.Add(KernelParameter.Block("saved"));
            parameters.AddRange([KernelParameter.Block(result), KernelParameter.Int("stride"), KernelParameter.Int("samples")]);
            return parameters;
        }
    }

    /// <summary>Whether sums are scaled and shifted by output before the activation.</summary>
    private bool IsScaled { get; init; }

    /// <summary>y = f(W·x + b), or f(scale · (W·x + b) + shift).</summary>
    public static PanelProduct Forward(
        int inputs, int units, int positions, bool hasBias, ElementwiseFunction? activation, bool isScaled = false)
    {
        string product = OutputScaling.Formula(isScaled, $"Σᵢ w[i, o] · x[i]{(hasBias ? " + b[o]" : "")}");
        return new PanelProduct(
            $"Dense{inputs}x{units}{(hasBias ? "" : "NoBias")}{OutputScaling.Name(isScaled)}{activation?.Name}",
            $"y[o] = {(activation is null ? product : $"{activation.Name}({product})")} for blocks of samples. "
                + $"Shapes: x [{inputs}], w [{inputs}, {units}], y [{units}].",
            isForward: true, units, inputs, rowStride: 1, innerStride: units, positions, hasBias, activation)
        { IsScaled = isScaled };
    }

    /// <summary>dx = Wᵀ·dy, times the derivative of the activation before the layer where that is fused.</summary>
    public static PanelProduct InputGradient(int inputs, int units, int positions, ElementwiseFunction? activation) => new(
        $"Dense{inputs}x{units}InputGradient{activation?.Name}",
        $"dx[i] = Σₒ w[i, o] · dy[o]{(activation is null ? "" : $", then times the derivative of {activation.Name}")}, "
            + $"for blocks of samples. Shapes: dy [{units}], w [{inputs}, {units}], dx [{inputs}].",
        isForward: false, inputs, units, rowStride: units, innerStride: 1, positions, hasBias: false, activation);

    public override void EmitVector(SourceWriter w, InstructionSet isa)
    {
        if (!IsBlocked)
        {
            EmitAllTiles(w, isa);
            return;
        }

        EmitPass(w, isa, row => hasBias ? isa.Create($"Unsafe.Add(ref bias, {row})") : isa.Zero);
        using (w.Open($"for (int k0 = 0; k0 < {inner}; k0 += {BlockTerms})"))
            EmitAllTiles(w, isa);
        if (activation is not null || IsScaled)
        {
            EmitPass(w, isa, row =>
            {
                string at = $"{Panel.Lane} + {row} * {Panel.Lanes}";
                return Finish(isa, isa.At(result, at), isa.At("saved", at), row);
            });
        }
    }

    public override void EmitScalar(SourceWriter w)
    {
        using (w.Open("for (int s = 0; s < samples; s++)"))
        {
            w.Line($"ref float input = ref Unsafe.Add(ref {operand}, {Panel.Lane});");
            w.Line($"ref float output = ref Unsafe.Add(ref {result}, {Panel.Lane});");
            if (positions > 1)
            {
                using (w.Open($"for (int t = 0; t < {positions}; t++)"))
                    EmitScalarRows(w, $"t * {inner * Panel.Lanes} + ", $"t * {rows * Panel.Lanes} + ");
            }
            else
            {
                EmitScalarRows(w, "", "");
            }
        }
    }

    /// <summary>Whether the sum is cut into blocks of terms, each added to what the result holds.</summary>
    private bool IsBlocked => inner > BlockLimit && positions == 1;

    /// <summary>Most terms of a sum that are taken at once.</summary>
    private int Terms => IsBlocked ? BlockTerms : inner;

    /// <summary>Whether the weights of a few tiles are packed first. The input gradient reads them along their rows.</summary>
    private bool PacksWeights(InstructionSet isa) =>
        isForward && WeightPack.Pays(isa) && innerStride % ConflictingStride == 0 && rows >= PackedTiles * TileRule.Rows(isa, rows);

    private void EmitAllTiles(SourceWriter w, InstructionSet isa)
    {
        int tile = TileRule.Rows(isa, rows);
        int whole = rows / tile * tile, packed = PacksWeights(isa) ? rows / (PackedTiles * tile) * PackedTiles * tile : 0;
        if (packed > 0)
        {
            using (w.Open($"for (int m0 = 0; m0 < {packed}; m0 += {PackedTiles * tile})"))
            {
                WeightPack.Emit(w, isa, PackedTiles * tile, IsBlocked ? $"m0 + k0 * {innerStride}" : "m0", innerStride,
                    IsBlocked ? $"Math.Min({BlockTerms}, {inner} - k0)" : Identifier.Text(inner), PackedTiles * tile);
                w.Line($"for (int m = m0; m < m0 + {PackedTiles * tile}; m += {tile})");
                EmitTiles(w, isa, tile, "m", isPacked: true);
            }
        }

        if (packed < whole)
        {
            bool single = whole - packed == tile;
            if (!single)
                w.Line($"for (int m = {packed}; m < {whole}; m += {tile})");
            EmitTiles(w, isa, tile, single ? Identifier.Text(packed) : "m");
        }

        if (whole < rows)
            EmitTiles(w, isa, rows - whole, Identifier.Text(whole));
    }

    /// <summary>Sets every vector of the result.</summary>
    private void EmitPass(SourceWriter w, InstructionSet isa, Func<string, string> value)
    {
        w.Line($"for (int s = 0; s < samples; s += {isa.Lanes})");
        using (w.Open($"for (int m = 0; m < {rows}; m++)"))
            w.Line($"{isa.At(result, $"{Panel.Lane} + m * {Panel.Lanes}")} = {value("m")};");
    }

    private void EmitScalarRows(SourceWriter w, string inputOffset, string outputOffset)
    {
        string row = isForward ? "o" : "i", k = isForward ? "i" : "o";
        string weight = isForward ? $"i * {innerStride} + o" : $"i * {rowStride} + o";
        using (w.Open($"for (int {row} = 0; {row} < {rows}; {row}++)"))
        {
            w.Line($"float sum = {(hasBias ? $"Unsafe.Add(ref bias, {row})" : "0f")};");
            w.Line($"for (int {k} = 0; {k} < {inner}; {k}++)");
            w.Line($"    sum += Unsafe.Add(ref weight, {weight}) * Unsafe.Add(ref input, {inputOffset}{k} * {Panel.Lanes});");
            string saved = $"Unsafe.Add(ref saved, {Panel.Lane} + {outputOffset}{row} * {Panel.Lanes})";
            w.Line($"Unsafe.Add(ref output, {outputOffset}{row} * {Panel.Lanes}) = {Finish(InstructionSet.Scalar, "sum", saved, row)};");
        }
    }

    /// <summary>The tiles of all samples from a row on.</summary>
    private void EmitTiles(SourceWriter w, InstructionSet isa, int tile, string row, bool isPacked = false)
    {
        int lanes = TileRule.Vectors * isa.Lanes;
        string start = lanes == Panel.Lanes ? Panel.Start : Panel.Lane;
        using (w.Open($"for (int s = 0; s < samples; s += {lanes})"))
        {
            if (positions > 1)
            {
                using (w.Open($"for (int t = 0; t < {positions}; t++)"))
                {
                    EmitTile(w, isa, tile, row, isPacked,
                        $"{start} + t * {inner * Panel.Lanes}", $"{start} + t * {rows * Panel.Lanes} + {Offset.Times(row, Panel.Lanes)}");
                }
            }
            else
            {
                EmitTile(w, isa, tile, row, isPacked, start, row == "0" ? start : $"{start} + {Offset.Times(row, Panel.Lanes)}");
            }
        }
    }

    private void EmitTile(
        SourceWriter w, InstructionSet isa, int tile, string row, bool isPacked, string operandOffset, string resultOffset)
    {
        EmitReferences(w, row, isPacked, operandOffset);
        if (IsBlocked)
            w.Line($"ref float c = ref Unsafe.Add(ref {result}, {resultOffset});");
        for (int r = 0; r < tile; r++)
        {
            for (int v = 0; v < TileRule.Vectors; v++)
            {
                string start = IsBlocked ? isa.At("c", (r * Panel.Lanes) + (v * isa.Lanes))
                    : !hasBias ? isa.Zero
                    : v > 0 ? $"c{r}_0"
                    : isa.Create(Address.At("bias", Offset.Plus(row, r)));
                w.Line($"V c{r}_{v} = {start};");
            }
        }

        using (w.Do("Unsafe.IsAddressLessThan(ref k, ref end)"))
            EmitTerm(w, isa, tile, isPacked);
        if (!IsBlocked)
            w.Line($"ref float c = ref Unsafe.Add(ref {result}, {resultOffset});");
        if (!isForward && activation is not null && !IsBlocked)
            w.Line($"ref float f = ref Unsafe.Add(ref saved, {resultOffset});");
        for (int r = 0; r < tile; r++)
        {
            for (int v = 0; v < TileRule.Vectors; v++)
            {
                int offset = (r * Panel.Lanes) + (v * isa.Lanes);
                string value = IsBlocked ? $"c{r}_{v}" : Finish(isa, $"c{r}_{v}", isa.At("f", offset), Offset.Plus(row, r));
                w.Line($"{isa.At("c", offset)} = {value};");
            }
        }
    }

    /// <summary>The first term's operand and weights, and where the terms end.</summary>
    private void EmitReferences(SourceWriter w, string row, bool isPacked, string operandOffset)
    {
        if (IsBlocked)
        {
            string blockStart = innerStride == 1 ? "k0" : $"k0 * {innerStride}";
            w.Line($"ref float k = ref Unsafe.Add(ref {operand}, {operandOffset} + k0 * {Panel.Lanes});");
            w.Line($"ref float end = ref Unsafe.Add(ref k, Math.Min({BlockTerms}, {inner} - k0) * {Panel.Lanes});");
            string weights = isPacked
                ? "Unsafe.Add(ref block, m - m0)"
                : $"Unsafe.Add(ref weight, {Offset.Times(row, rowStride)} + {blockStart})";
            w.Line($"ref float wk = ref {weights};");
        }
        else
        {
            w.Line($"ref float k = ref Unsafe.Add(ref {operand}, {operandOffset});");
            w.Line($"ref float end = ref Unsafe.Add(ref k, {inner * Panel.Lanes});");
            w.Line($"ref float wk = ref {(isPacked ? "Unsafe.Add(ref block, m - m0)" : Address.At("weight", Offset.Times(row, rowStride)))};");
        }
    }

    /// <summary>One term of all sums of a tile, and the step to the next one.</summary>
    private void EmitTerm(SourceWriter w, InstructionSet isa, int tile, bool isPacked)
    {
        for (int v = 0; v < TileRule.Vectors; v++)
            w.Line($"V b{v} = {isa.At("k", v * isa.Lanes)};");
        // The columns of the next tile: on other lines, and every few rows on another page.
        if (isForward && rows > tile && !isPacked && inner * rows > WeightPack.CachedFloats)
            w.Line($"Prefetch.ToSecondLevel(ref {Address.At("wk", (2 * tile) - 1)});");
        for (int r = 0; r < tile; r++)
        {
            w.Line($"V a{r} = {isa.Create(Address.At("wk", r * rowStride))};");
            for (int v = 0; v < TileRule.Vectors; v++)
                w.Line($"c{r}_{v} = {isa.MultiplyAdd($"a{r}", $"b{v}", $"c{r}_{v}")};");
        }

        w.Line($"k = ref Unsafe.Add(ref k, {Panel.Lanes});");
        w.Line($"wk = ref Unsafe.Add(ref wk, {(isPacked ? "step" : innerStride)});");
    }

    private string Finish(InstructionSet isa, string sum, string saved, string row)
    {
        if (IsScaled)
            sum = OutputScaling.Broadcast(IsScaled, isa, sum, Address.At("scale", row), Address.At("shift", row));
        return activation is null ? sum
            : isForward ? activation.Value(isa, IsScaled ? $"({sum})" : sum)
            : activation.Gradient(isa, sum, saved);
    }
}
