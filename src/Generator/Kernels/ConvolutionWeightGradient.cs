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

    /// <summary>Horizontal taps that a tile may have; more are taken one by one.</summary>
    private const int MostTaps = 7;

    /// <summary>Planes that a tile reads side by side: they often lie a multiple of 4 KB apart, and a first-level cache holds 8 such
    /// lines.</summary>
    private const int MostStreams = 8;

    /// <summary>Outputs of a large tile.</summary>
    private const int TileOutputs = 8;

    /// <summary>Bytes from which the image is cut into strips: half of a second-level cache.</summary>
    private const int StripBytes = 512 * 1024;

    /// <summary>Floats of a chunk that the stack may hold.</summary>
    private const int StripFloats = 16_384;

    /// <summary>Floats of a cache line: all of it is used while it is there.</summary>
    private const int Line = 16;

    /// <summary>Rows of the gradient.</summary>
    public int Rows => geometry.IsTransposed ? geometry.Outputs : geometry.InputsPerGroup * geometry.Y.Kernel;

    /// <summary>Floats of a row.</summary>
    public int RowLength => geometry.IsTransposed ? geometry.OutputStride : geometry.RowStride;

    /// <summary>Rows that stay together where the work is split: whole tiles of every vector width.</summary>
    public int Granularity => geometry.IsTransposed || IsPointwise ? 60 : 1;

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

    /// <summary>What lies on the side of the convolution's input.</summary>
    private string Input => geometry.IsTransposed ? "dy" : "x";

    private string Output => geometry.IsTransposed ? "x" : "dy";

    /// <summary>Whether there is one tap, so that a tile takes several channels instead: their rows are neighbours.</summary>
    private bool IsPointwise => !geometry.IsTransposed && geometry.Taps == 1;

    /// <summary>Whether horizontal taps are taken one by one, each with its own range of columns.</summary>
    private bool LoopsTaps => geometry.X.Kernel > MostTaps;

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
            if (geometry.Groups > 1 || (IsPointwise ? all : outputs) <= StripBytes || ChunkLength > StripFloats)
                return null;
            int rows = Math.Max(1, (IsPointwise ? 64 : 256) / geometry.X.Output);
            return rows < geometry.Y.Output ? rows : null;
        }
    }

    private int InputRow => geometry.X.Input * Panel.Lanes;

    private int OutputRow => geometry.X.Output * Panel.Lanes;

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
        if (IsPointwise)
            EmitPointwise(w, isa);
        else
            EmitConvolution(w, isa);
    }

    /// <summary>Strip by strip, the tiles of each; the sums so far are on the stack.</summary>
    private void EmitStrips(SourceWriter w, InstructionSet isa, int rows)
    {
        w.Line($"Span<float> buffer = stackalloc float[{ChunkLength}];");
        w.Line("ref float sums = ref buffer[0];");
        using (w.Open($"for (int s = 0; s < samples; s += {Line})"))
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
                    EmitTile(w, isa, outputs, taps, geometry.X.Dilation * Panel.Lanes, InputChannel("c"), o);
                    string place = $"(row - first) * {RowLength} + {o}" + (LoopsTaps ? $" + kx * {geometry.Outputs}" : "");
                    EmitUpdates(w, isa, outputs, taps, geometry.Outputs, 1, place);
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

        void EmitChannels(int count, string c, int outputs, string o)
        {
            EmitTile(w, isa, outputs, count, geometry.InputPositions * Panel.Lanes, InputChannel(c), o);
            EmitUpdates(w, isa, outputs, count, geometry.Outputs, 1, $"({c} - first) * {RowLength} + {o}");
        }
    }

    /// <summary>Several outputs at a time, each over all channels and taps.</summary>
    private void EmitTransposed(SourceWriter w, InstructionSet isa)
    {
        int taps = LoopsTaps ? 1 : geometry.X.Kernel;
        // Whole tiles make up a group and the granularity.
        int outputs = Enumerable.Range(1, 12).Last(count =>
            count == 1 || (Fits(isa, count, taps) && Granularity % count == 0 && (geometry.Groups == 1 || geometry.OutputsPerGroup % count == 0)));
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
                    this.EmitTile(w, isa, count, taps, geometry.X.Dilation * Panel.Lanes, channel, o);
                    string tap = (geometry.Y.Kernel > 1 ? $"(c * {geometry.Y.Kernel} + ky)" : "c") + $" * {geometry.X.Kernel}"
                        + (LoopsTaps ? " + kx" : "");
                    EmitUpdates(w, isa, count, taps, 1, RowLength, $"({o} - first) * {RowLength} + {tap}");
                }
            }
        }
    }

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
        Enumerable.Range(1, Math.Min(MostStreams - 1, geometry.OutputsPerGroup)).Where(count => count == 1 || Fits(isa, count, taps))
            .OrderBy(count => Cycles(geometry.OutputsPerGroup, count, rest => Cycles(rest, taps))).First(),
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
        where channels + outputs <= MostStreams && (channels * outputs == 1 || Fits(isa, outputs, channels))
        orderby Cycles(geometry.InputsPerGroup, channels, someChannels =>
            Cycles(geometry.OutputsPerGroup, outputs, someOutputs => Cycles(someOutputs, someChannels)))
        select (channels, outputs)).First();

    /// <summary>Whether a tile's sums and operands fit the registers.</summary>
    private static bool Fits(InstructionSet isa, int outputs, int taps)
    {
        int sums = outputs * taps;
        return sums <= (isa.Registers == 32 ? 28 : 12) && sums + Math.Min(outputs, taps) + 1 < isa.Registers;
    }

    /// <summary>Cycles of <paramref name="all"/> items, <paramref name="tile"/> at a time and then the rest.</summary>
    private static int Cycles(int all, int tile, Func<int, int> cycles) =>
        (all / tile * cycles(tile)) + (all % tile == 0 ? 0 : cycles(all % tile));

    /// <summary>Cycles of a tile at one position: as many as multiply-adds, or as loads where these are more; at least what it takes to
    /// repeat.</summary>
    private static int Cycles(int outputs, int taps) => Math.Max(Math.Max(outputs * taps, outputs + taps), 6) + 1;

    /// <summary>The output positions along an axis whose tap is inside, where they are not all.</summary>
    private void EmitRange(SourceWriter w, string name, ConvolutionAxis axis)
    {
        if (name == "y" && StripRows is int rows && !geometry.IsTransposed)
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

    /// <summary>The sums of some outputs and taps over all samples and positions.</summary>
    private void EmitTile(SourceWriter w, InstructionSet isa, int outputs, int taps, int tapStride, string channel, string o)
    {
        bool strips = !geometry.IsTransposed && StripRows is not null;
        int sums = strips ? 1 : SumsOf(isa, outputs, taps), vectors = Math.Max(sums, Line / isa.Lanes);
        for (int i = 0; i < outputs; i++)
        {
            for (int tap = 0; tap < taps; tap++)
            {
                for (int v = 0; v < sums; v++)
                    w.Line($"V {SumName(i, tap, v)} = V.Zero;");
            }
        }

        int lanes = vectors * isa.Lanes;
        using (strips ? w.OpenScope() : w.Open($"for (int s = 0; s < samples; s += {lanes})"))
        {
            string block = lanes == Panel.Lanes ? Panel.Start : Panel.Lane;
            string firstRow = $"{channel} * {geometry.Y.Input} + yStart * {geometry.Y.Stride} + yTap";
            w.Line($"ref float inputs = ref Unsafe.Add(ref {Input}, {block} + ({firstRow}) * {InputRow});");
            w.Line($"ref float outputs = ref Unsafe.Add(ref {Output}, {block} + ({o} * {geometry.Y.Output} + yStart) * {OutputRow});");
            if (IsPointwise && geometry.IsDense)
            {
                // Rows follow each other without a gap: one loop for all of them.
                w.Line($"ref float end = ref Unsafe.Add(ref outputs, (yEnd - yStart) * {OutputRow});");
                using (w.Do("Unsafe.IsAddressLessThan(ref outputs, ref end)"))
                {
                    EmitMultiplyAdds(w, isa, "inputs", "outputs", outputs, 0, taps, vectors, sums, tapStride);
                    w.Line($"inputs = ref Unsafe.Add(ref inputs, {Panel.Lanes});");
                    w.Line($"outputs = ref Unsafe.Add(ref outputs, {Panel.Lanes});");
                }

                return;
            }

            using (w.Open("for (int py = yStart; py < yEnd; py++)"))
            {
                if (LoopsTaps)
                    EmitLoopedColumns(w, isa, outputs, vectors, sums);
                else
                    EmitColumns(w, isa, outputs, taps, vectors, sums, tapStride);
                w.Line($"inputs = ref Unsafe.Add(ref inputs, {geometry.Y.Stride * InputRow});");
                w.Line($"outputs = ref Unsafe.Add(ref outputs, {OutputRow});");
            }
        }
    }

    /// <summary>A row of positions with one tap, whose range is known at run time.</summary>
    private void EmitLoopedColumns(SourceWriter w, InstructionSet isa, int outputs, int vectors, int sums)
    {
        w.Line($"ref float xs = ref Unsafe.Add(ref inputs, (xStart * {geometry.X.Stride} + xTap) * {Panel.Lanes});");
        w.Line($"ref float dys = ref Unsafe.Add(ref outputs, xStart * {Panel.Lanes});");
        using (w.Open("for (int px = xStart; px < xEnd; px++)"))
        {
            EmitMultiplyAdds(w, isa, "xs", "dys", outputs, 0, 1, vectors, sums, 0);
            w.Line($"xs = ref Unsafe.Add(ref xs, {geometry.X.Stride * Panel.Lanes});");
            w.Line($"dys = ref Unsafe.Add(ref dys, {Panel.Lanes});");
        }
    }

    /// <summary>A row of positions, each with the taps that are inside there.</summary>
    private void EmitColumns(SourceWriter w, InstructionSet isa, int outputs, int taps, int vectors, int sums, int tapStride)
    {
        AxisSweep sweep = geometry.X.Forward();
        foreach (AxisSegment segment in sweep.Segments())
        {
            // The channels of a pointwise tile share the place of the one tap there is.
            int first = IsPointwise ? 0 : segment.FirstTap, end = IsPointwise ? segment.Taps * taps : segment.EndTap;
            if (first == end)
                continue;
            using (w.OpenScope())
            {
                int column = sweep.FirstOperand + (segment.First * sweep.OperandStep) + (first * sweep.TapDistance);
                w.Line($"ref float xs = ref {Address.At("inputs", column * Panel.Lanes)};");
                w.Line($"ref float dys = ref {Address.At("outputs", segment.First * Panel.Lanes)};");
                if (segment.Count == 1)
                {
                    EmitMultiplyAdds(w, isa, "xs", "dys", outputs, first, end, vectors, sums, tapStride);
                    continue;
                }

                w.Line($"ref float end = ref Unsafe.Add(ref dys, {segment.Count * Panel.Lanes});");
                using (w.Do("Unsafe.IsAddressLessThan(ref dys, ref end)"))
                {
                    EmitMultiplyAdds(w, isa, "xs", "dys", outputs, first, end, vectors, sums, tapStride);
                    w.Line($"xs = ref Unsafe.Add(ref xs, {geometry.X.Stride * Panel.Lanes});");
                    w.Line($"dys = ref Unsafe.Add(ref dys, {Panel.Lanes});");
                }
            }
        }
    }

    /// <summary>One position: every output with every tap. The fewer of the two stay in registers.</summary>
    private void EmitMultiplyAdds(
        SourceWriter w, InstructionSet isa, string xs, string dys, int outputs, int firstTap, int endTap, int vectors, int sums, int tapStride)
    {
        string Tap(int tap, int v) => isa.At(xs, ((tap - firstTap) * tapStride) + (v * isa.Lanes));
        string Out(int i, int v) => isa.At(dys, (i * geometry.OutputPositions * Panel.Lanes) + (v * isa.Lanes));
        bool holdsOutputs = outputs <= endTap - firstTap;
        for (int v = 0; v < vectors; v++)
        {
            using (w.OpenScope())
            {
                int held = holdsOutputs ? outputs : endTap, passing = holdsOutputs ? endTap : outputs;
                for (int i = holdsOutputs ? 0 : firstTap; i < held; i++)
                    w.Line($"V a{i} = {(holdsOutputs ? Out(i, v) : Tap(i, v))};");
                for (int j = holdsOutputs ? firstTap : 0; j < passing; j++)
                {
                    w.Line($"V b{j} = {(holdsOutputs ? Tap(j, v) : Out(j, v))};");
                    for (int i = holdsOutputs ? 0 : firstTap; i < held; i++)
                    {
                        string sum = holdsOutputs ? SumName(i, j, v % sums) : SumName(j, i, v % sums);
                        w.Line($"{sum} = {isa.MultiplyAdd($"a{i}", $"b{j}", sum)};");
                    }
                }
            }
        }
    }

    /// <summary>Sums the lanes and hands the elements to the update, four at a time where they are neighbours.</summary>
    /// <param name="w">Takes the text.</param>
    /// <param name="isa">Width of the sums.</param>
    /// <param name="outputs">Outputs of the tile.</param>
    /// <param name="taps">Taps of the tile.</param>
    /// <param name="tapStride">Floats from tap to tap in the gradient.</param>
    /// <param name="outputStride">Floats from output to output in the gradient.</param>
    /// <param name="place">Offset of the tile's first element.</param>
    private void EmitUpdates(SourceWriter w, InstructionSet isa, int outputs, int taps, int tapStride, int outputStride, string place)
    {
        bool strips = !geometry.IsTransposed && StripRows is not null;
        if (!strips && SumsOf(isa, outputs, taps) == 2)
        {
            for (int i = 0; i < outputs; i++)
            {
                for (int tap = 0; tap < taps; tap++)
                    w.Line($"{SumName(i, tap, 0)} += {SumName(i, tap, 1)};");
            }
        }

        w.Line($"int place = {place};");
        w.Line($"ref float dw = ref Unsafe.Add(ref {(strips ? "sums" : "target")}, place);");
        if (!strips)
            w.Line("ref float v = ref Unsafe.Add(ref state, place);");
        bool byOutputs = outputStride == 1;
        for (int outer = 0; outer < (byOutputs ? taps : outputs); outer++)
        {
            int length = byOutputs ? outputs : taps, inner = 0;
            string Name(int i) => byOutputs ? SumName(i, outer, 0) : SumName(outer, i, 0);
            int Offset(int i) => byOutputs ? (outer * tapStride) + i : (outer * outputStride) + i;
            for (; inner + 4 <= length; inner += 4)
            {
                string four = $"Lanes.Sums({Name(inner)}, {Name(inner + 1)}, {Name(inner + 2)}, {Name(inner + 3)})";
                w.Line(strips
                    ? $"Unsafe.As<float, Vector128<float>>(ref {Address.At("dw", Offset(inner))}) += {four};"
                    : $"update.Apply(ref dw, ref v, {Offset(inner)}, {four});");
            }

            for (; inner < length; inner++)
            {
                w.Line(strips
                    ? $"{Address.At("dw", Offset(inner))} += Sum({Name(inner)});"
                    : $"update.Apply(ref dw, ref v, {Offset(inner)}, Sum({Name(inner)}));");
            }
        }
    }

    /// <summary>Neighbouring vectors of samples get sums of their own where there are too few to hide the latency.</summary>
    private static int SumsOf(InstructionSet isa, int outputs, int taps) => outputs * taps * 2 <= (isa.Registers == 32 ? 14 : 8) ? 2 : 1;

    private static string SumName(int output, int tap, int v) => $"c{output}_{tap}_{v}";
}
