using NetGen.Generator.Emission;

namespace NetGen.Generator.Kernels;

/// <summary>dw[c, ky, kx, o] = Σ x[c, py · stride + ky · dilation - padding, …] · dy[o, py, px] over positions and samples,
/// for the rows of one worker.</summary>
/// <remarks>
/// Vectors run over the samples and are summed at the end; lanes of nobody hold 0. A tile has some outputs and all horizontal taps, so that
/// what is loaded for a position is used in all their combinations; where there is one tap it has some channels instead. A row of
/// the gradient is all that belongs to one (c, ky), or, in a transposed convolution, to one o: rows lie back to back. Every element is
/// summed in a fixed order, whatever the split. Borders are cut off as in <see cref="ConvolutionTiles"/>.
/// </remarks>
internal sealed class ConvolutionWeightGradient(ConvolutionGeometry geometry) : Kernel
{
    /// <summary>Floats of the gradients that are computed before the optimizer takes them:
    /// they then still are in the first-level cache.</summary>
    private const int ChunkFloats = 4096;

    /// <summary>Planes that a tile reads side by side: they often lie a multiple of 4 KB apart, and a first-level cache holds 8 such
    /// lines.</summary>
    private const int MostStreams = 8;

    /// <summary>Outputs of a large tile.</summary>
    private const int TileOutputs = 8;

    /// <summary>Bytes from which the image is cut into strips: half of a second-level cache.</summary>
    private const int StripBytes = 512 * 1024;

    /// <summary>Floats of a chunk that the stack may hold.</summary>
    private const int StripFloats = 16_384;

    /// <summary>What tiles of 1 to 6, 10 and 12 rows all fill.</summary>
    private const int CommonRows = 60;

    /// <summary>Rows of the gradient.</summary>
    public int Rows => geometry.IsTransposed ? geometry.Outputs : geometry.InputsPerGroup * geometry.Y.Kernel;

    /// <summary>Floats of a row.</summary>
    public int RowLength => geometry.IsTransposed ? geometry.OutputStride : geometry.RowStride;

    /// <summary>Rows that stay together where the work is split: whole tiles of every vector width.</summary>
    public int Granularity => geometry.IsTransposed || geometry.IsPointwise ? CommonRows : 1;

    /// <summary>Rows of a chunk.</summary>
    public int ChunkRows => Math.Max(1, ChunkFloats / (Granularity * RowLength)) * Granularity;

    public override string Name => geometry.Key + "WeightGradient";

    public override string Summary =>
        $"dw[c, ky, kx, o] = Σ {Input}[c, py · stride + ky · dilation - padding, …] · {Output}[o, py, px] over the batch, "
        + "for rows first to last, the first at target; update stores it or applies it to the weights. "
        + $"Shapes: {geometry.Shapes(Input, Output)}.";

    public override IReadOnlyList<KernelParameter> Parameters { get; } =
    [
        KernelParameter.Block("x"), KernelParameter.Block("dy"), KernelParameter.Shared("target"), KernelParameter.Shared("state"),
        KernelParameter.Update(), KernelParameter.Int("stride"), KernelParameter.Int("samples"), KernelParameter.Int("first"),
        KernelParameter.Int("last"),
    ];

    private string Input => ConvolutionGradientTile.InputOf(geometry);

    private string Output => ConvolutionGradientTile.OutputOf(geometry);

    private bool LoopsTaps => ConvolutionGradientTile.LoopsTaps(geometry);

    /// <summary>Floats of the largest chunk.</summary>
    private int ChunkLength => Math.Min(ChunkRows, Rows) * RowLength;

    /// <summary>Rows of the image after which all tiles start anew, or null to let every tile run over the whole batch.</summary>
    /// <remarks>
    /// Each strip costs another sum over the lanes. A 1 x 1 convolution uses what it loads so few times that tiles want it in the
    /// first-level cache, unless the second-level one holds a whole block of samples; others are content with the second level, where a
    /// tile's outputs should fit. Measured on Zen 4 (2026-11): 1 x 1 from 64 to 64 channels of 16 x 16 takes 3.5 times what its
    /// multiply-adds need without strips.
    /// </remarks>
    private int? StripRows
    {
        get
        {
            long position = 4L * Panel.Lanes, outputs = geometry.OutputPositions * position * Math.Min(geometry.Outputs, TileOutputs);
            long all = position * (((long)geometry.Inputs * geometry.InputPositions) + ((long)geometry.Outputs * geometry.OutputPositions));
            if (geometry.IsTransposed || geometry.Groups > 1 || ChunkLength > StripFloats)
                return null;
            if ((geometry.IsPointwise ? all : outputs) <= StripBytes)
                return null;
            int rows = Math.Max(1, (geometry.IsPointwise ? 64 : 256) / geometry.X.Output);
            return rows < geometry.Y.Output ? rows : null;
        }
    }

    public override void EmitVector(SourceWriter w, InstructionSet isa)
    {
        if (geometry.IsTransposed)
            EmitTransposed(w, isa);
        else if (StripRows is int rows)
            EmitStrips(w, isa, rows);
        else
            EmitTiles(w, isa);
    }

    public override void EmitScalar(SourceWriter w)
    {
        ConvolutionAxis y = geometry.Y, x = geometry.X;
        using (w.Open("for (int row = first; row < last; row++)"))
        using (w.OpenIf(!geometry.IsTransposed, $"for (int o = 0; o < {geometry.Outputs}; o++)"))
        using (w.OpenIf(geometry.IsTransposed, $"for (int c = 0; c < {geometry.InputsPerGroup}; c++)"))
        using (w.OpenIf(geometry.IsTransposed, $"for (int ky = 0; ky < {y.Kernel}; ky++)"))
        using (w.Open($"for (int kx = 0; kx < {x.Kernel}; kx++)"))
        {
            w.Line(geometry.IsTransposed ? "int o = row;" : $"int c = row / {y.Kernel}, ky = row % {y.Kernel};");
            w.Line("float sum = 0f;");
            string channel = geometry.Groups == 1 ? "c" : $"(o / {geometry.OutputsPerGroup} * {geometry.InputsPerGroup} + c)";
            using (w.Open("for (int s = 0; s < samples; s++)"))
            using (w.Open($"for (int py = 0; py < {y.Output}; py++)"))
            {
                EmitPosition("y", y);
                using (w.Open($"for (int px = 0; px < {x.Output}; px++)"))
                {
                    EmitPosition("x", x);
                    w.Line($"float input = Unsafe.Add(ref {Input}, {Panel.Lane} + (({channel} * {y.Input} + iy) * {x.Input} + ix) * {Panel.Lanes});");
                    w.Line($"float output = Unsafe.Add(ref {Output}, {Panel.Lane} + ((o * {y.Output} + py) * {x.Output} + px) * {Panel.Lanes});");
                    w.Line("sum += input * output;");
                }
            }

            string offset = geometry.IsTransposed
                ? $"(row - first) * {RowLength} + (c * {y.Kernel} + ky) * {x.Kernel} + kx"
                : $"(row - first) * {RowLength} + kx * {geometry.Outputs} + o";
            w.Line($"update.Apply(ref target, ref state, {offset}, sum);");
        }

        void EmitPosition(string name, ConvolutionAxis axis)
        {
            w.Line($"int i{name} = p{name} * {axis.Stride} + k{name} * {axis.Dilation} - {axis.Padding};");
            w.Line($"if ((uint)i{name} >= {axis.Input})");
            w.Line("    continue;");
        }
    }

    private void EmitTiles(SourceWriter w, InstructionSet isa)
    {
        if (geometry.IsPointwise)
            EmitPointwise(w, isa);
        else
            EmitConvolution(w, isa);
    }

    /// <summary>Strip by strip, the tiles of each; the sums so far are on the stack.</summary>
    private void EmitStrips(SourceWriter w, InstructionSet isa, int rows)
    {
        w.Line($"Span<float> buffer = stackalloc float[{ChunkLength}];");
        w.Line("ref float sums = ref buffer[0];");
        using (w.Open($"for (int s = 0; s < samples; s += {ConvolutionGradientTile.Line})"))
        using (w.Open($"for (int strip = 0; strip < {geometry.Y.Output}; strip += {rows})"))
            EmitTiles(w, isa);
        w.Line($"int length = (last - first) * {RowLength}, i = 0;");
        w.Line($"for (; i <= length - {isa.Lanes}; i += {isa.Lanes})");
        w.Line($"    update.Apply(ref target, ref state, i, {isa.At("sums", "i")});");
        w.Line("for (; i < length; i++)");
        w.Line("    update.Apply(ref target, ref state, i, Unsafe.Add(ref sums, i));");
    }

    /// <summary>A tile of outputs over all rows: what it reads of the output's side stays in the second-level cache.</summary>
    private void EmitConvolution(SourceWriter w, InstructionSet isa)
    {
        int taps = LoopsTaps ? 1 : geometry.X.Kernel;
        EmitOutputs(w, isa, taps, (outputs, o) =>
        {
            using (w.Open("for (int row = first; row < last; row++)"))
            {
                if (geometry.Y.Kernel == 1)
                    w.Line("int c = row;");
                else if (geometry.InputsPerGroup == 1)
                    w.Line("int ky = row;");
                else
                    w.Line($"int c = row / {geometry.Y.Kernel}, ky = row % {geometry.Y.Kernel};");
                EmitRange(w, "y", geometry.Y);
                using (w.OpenIf(LoopsTaps, $"for (int kx = 0; kx < {geometry.X.Kernel}; kx++)"))
                {
                    if (LoopsTaps)
                        EmitRange(w, "x", geometry.X);
                    string place = $"(row - first) * {RowLength} + {o}" + (LoopsTaps ? $" + kx * {geometry.Outputs}" : "");
                    Tile(w, isa, outputs, taps).Emit(InputChannel("c"), o, place);
                }
            }
        });
    }

    /// <summary>A tile of outputs over all channels, several at a time.</summary>
    private void EmitPointwise(SourceWriter w, InstructionSet isa)
    {
        (int channels, int outputs) = PointwiseTile(isa);
        int left = geometry.InputsPerGroup % channels;
        EmitRange(w, "y", geometry.Y);
        EmitOutputs(w, outputs, (count, o) =>
        {
            using (w.Open($"for (int c = first; c <= last - {channels}; c += {channels})"))
                EmitChannels(channels, "c", count, o);
            if (left > 0)
            {
                using (w.Open($"if (last == {geometry.InputsPerGroup})"))
                    EmitChannels(left, Identifier.Text(geometry.InputsPerGroup - left), count, o);
            }
        });

        void EmitChannels(int count, string c, int outputs, string o) =>
            Tile(w, isa, outputs, count).Emit(InputChannel(c), o, $"({c} - first) * {RowLength} + {o}");
    }

    /// <summary>Several outputs at a time, each over all channels and taps.</summary>
    private void EmitTransposed(SourceWriter w, InstructionSet isa)
    {
        int taps = LoopsTaps ? 1 : geometry.X.Kernel;
        // Whole tiles make up a group and the granularity.
        int outputs = Enumerable.Range(1, 12).Last(count => count == 1
            || (ConvolutionGradientTile.Fits(isa, count, taps) && Granularity % count == 0
                && (geometry.Groups == 1 || geometry.OutputsPerGroup % count == 0)));
        int left = geometry.Outputs % outputs;
        using (w.Open($"for (int o = first; o <= last - {outputs}; o += {outputs})"))
            EmitTile(outputs, "o");
        if (left > 0)
        {
            using (w.Open($"if (last == {geometry.Outputs})"))
                EmitTile(left, Identifier.Text(geometry.Outputs - left));
        }

        void EmitTile(int count, string o)
        {
            using (w.Open($"for (int c = 0; c < {geometry.InputsPerGroup}; c++)"))
            using (w.OpenIf(geometry.Y.Kernel > 1, $"for (int ky = 0; ky < {geometry.Y.Kernel}; ky++)"))
            {
                EmitRange(w, "y", geometry.Y);
                using (w.OpenIf(LoopsTaps, $"for (int kx = 0; kx < {geometry.X.Kernel}; kx++)"))
                {
                    if (LoopsTaps)
                        EmitRange(w, "x", geometry.X);
                    string channel = geometry.Groups == 1 ? "c" : $"({o} / {geometry.OutputsPerGroup} * {geometry.InputsPerGroup} + c)";
                    string tap = (geometry.Y.Kernel > 1 ? $"(c * {geometry.Y.Kernel} + ky)" : "c") + $" * {geometry.X.Kernel}"
                        + (LoopsTaps ? " + kx" : "");
                    Tile(w, isa, count, taps).Emit(channel, o, $"({o} - first) * {RowLength} + {tap}");
                }
            }
        }
    }

    private ConvolutionGradientTile Tile(SourceWriter w, InstructionSet isa, int outputs, int taps) =>
        new(geometry, w, isa, outputs, taps, inStrips: StripRows is not null);

    /// <summary>A channel of the current group.</summary>
    private string InputChannel(string c) => (geometry.InputsPerGroup, geometry.Groups) switch
    {
        (1, 1) => "0",
        (1, _) => "g",
        (_, 1) => c,
        _ => $"(g * {geometry.InputsPerGroup} + {c})",
    };

    /// <summary>Prints something for every tile of outputs, group by group.</summary>
    private void EmitOutputs(SourceWriter w, InstructionSet isa, int taps, Action<int, string> emit) => EmitOutputs(
        w,
        Enumerable.Range(1, Math.Min(MostStreams - 1, geometry.OutputsPerGroup))
            .Where(count => count == 1 || ConvolutionGradientTile.Fits(isa, count, taps))
            .OrderBy(count => Cycles(geometry.OutputsPerGroup, count, rest => ConvolutionGradientTile.Cycles(rest, taps))).First(),
        emit);

    private void EmitOutputs(SourceWriter w, int tile, Action<int, string> emit)
    {
        int all = geometry.OutputsPerGroup, whole = all / tile * tile;
        bool grouped = geometry.Groups > 1;
        using (w.OpenIf(grouped, $"for (int g = 0; g < {geometry.Groups}; g++)"))
        {
            EmitTiles(tile, 0, whole);
            if (whole < all)
                EmitTiles(all - whole, whole, all);
        }

        void EmitTiles(int outputs, int start, int end)
        {
            bool looped = end - start > outputs;
            string o = looped ? "m" : Identifier.Text(start);
            using (looped ? w.Open($"for (int m = {start}; m < {end}; m += {outputs})") : w.OpenScope())
                emit(outputs, !grouped ? o : all == 1 ? "g" : $"(g * {all} + {o})");
        }
    }

    /// <summary>Channels and outputs of a pointwise tile: those that cost the fewest cycles for the whole gradient. Granularity and chunks
    /// consist of whole tiles.</summary>
    private (int Channels, int Outputs) PointwiseTile(InstructionSet isa) => (
        from channels in Enumerable.Range(1, 6)
        from outputs in Enumerable.Range(1, 14)
        where channels <= geometry.InputsPerGroup && outputs <= geometry.OutputsPerGroup
        where channels + outputs <= MostStreams && (channels * outputs == 1 || ConvolutionGradientTile.Fits(isa, outputs, channels))
        orderby Cycles(geometry.InputsPerGroup, channels, someChannels =>
            Cycles(geometry.OutputsPerGroup, outputs, someOutputs => ConvolutionGradientTile.Cycles(someOutputs, someChannels)))
        select (channels, outputs)).First();

    /// <summary>Cycles of <paramref name="all"/> items, <paramref name="tile"/> at a time and then the rest.</summary>
    private static int Cycles(int all, int tile, Func<int, int> cycles) =>
        (all / tile * cycles(tile)) + (all % tile == 0 ? 0 : cycles(all % tile));

    /// <summary>The output positions along an axis whose tap is inside, where they are not all.</summary>
    private void EmitRange(SourceWriter w, string name, ConvolutionAxis axis)
    {
        if (name == "y" && StripRows is int rows)
        {
            EmitRange(w, "row", "ky", axis);
            w.Line($"int yTap = rowTap, yStart = Math.Max(rowStart, strip), yEnd = Math.Min(rowEnd, strip + {rows});");
            return;
        }

        EmitRange(w, name, "k" + name, axis);
    }

    private static void EmitRange(SourceWriter w, string name, string tapName, ConvolutionAxis axis)
    {
        if (axis.Forward().IsInside && axis.Kernel == 1)
        {
            w.Line($"const int {name}Start = 0, {name}End = {axis.Output}, {name}Tap = 0;");
            return;
        }

        string tap = axis.Dilation == 1 ? tapName : $"{tapName} * {axis.Dilation}";
        string firstTap = axis.Kernel == 1 ? Identifier.Text(-axis.Padding)
            : axis.Padding == 0 ? tap
            : $"{tap} - {axis.Padding}";
        w.Line($"int {name}Tap = {firstTap};");
        if (axis.Forward().IsInside)
        {
            w.Line($"const int {name}Start = 0, {name}End = {axis.Output};");
            return;
        }

        string first = $"Math.Max(0, -{name}Tap)", stride = "";
        if (axis.Stride > 1)
        {
            stride = $" / {axis.Stride}";
            first = $"({first} + {axis.Stride - 1}){stride}";
        }

        w.Line($"int {name}Start = {first};");
        w.Line($"int {name}End = Math.Min({axis.Output}, ({axis.Input - 1 + axis.Stride} - {name}Tap){stride});");
    }
}
