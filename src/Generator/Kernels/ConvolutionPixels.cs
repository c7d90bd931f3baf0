using NetGen.Generator.Emission;
using NetGen.Generator.Operations;

namespace NetGen.Generator.Kernels;

/// <summary>A convolution of one sample, or a transposed one, with vectors over the pixels of a row.</summary>
/// <remarks>
/// Weights are broadcast, x is read unaligned, and a register tile is some output channels by one or two vectors of pixels, by several rows
/// where the channels are few. Every tap lies inside: the input has been put into a frame of zeros where it needs one. A transposed
/// convolution takes the residues of the stride one after the other, for within one the taps are the same. The result lies
/// [channel][row][column]. A pool of 2 × 2 behind it takes tiles of two rows, and happens in registers.
/// </remarks>
internal sealed class ConvolutionPixels(ConvolutionGeometry geometry, bool hasBias, ConvolutionEpilogue epilogue) : Kernel
{
    /// <summary>Accumulators that hide the latency of the multiply-add.</summary>
    private const int Chains = 8;

    private readonly ConvolutionSide source = geometry.Operand, target = geometry.Result;

    public override string Name => SingleConvolution.Name(geometry, hasBias, epilogue) + "Pixels";

    public override string Summary => SingleConvolution.Summary(geometry, hasBias, epilogue, "x and y lie [channel][row][column]");

    public override IReadOnlyList<KernelParameter> Parameters => SingleConvolution.Parameters(hasBias, epilogue);

    private FusedPool Pool => epilogue.Pool;

    private int Step => Pool == FusedPool.None ? 1 : 2;

    private IReadOnlyList<AxisSweep> Rows => geometry.Y.Sweeps(geometry.IsTransposed);

    private IReadOnlyList<AxisSweep> Columns => geometry.X.Sweeps(geometry.IsTransposed);

    /// <summary>Covers a row with vectors whose stores are whole: the last one starts earlier where it would run over the end. Only a row
    /// of less than four pixels needs a vector with lanes of nobody.</summary>
    public static List<LaneGroup> Cover(InstructionSet isa, int length)
    {
        InstructionSet own = isa;
        while (own.Lanes > 4 && own.Lanes > length)
            own = isa.Narrow(own.Lanes / 2);
        List<LaneVector> vectors = [];
        int covered = 0;
        for (; covered + own.Lanes <= length; covered += own.Lanes)
            vectors.Add(new LaneVector(covered, own, own.Lanes));
        if (covered < length)
        {
            while (own.Lanes > 4 && own.Lanes / 2 >= length - covered)
                own = isa.Narrow(own.Lanes / 2);
            vectors.Add(new LaneVector(Math.Max(0, length - own.Lanes), own, Math.Min(own.Lanes, length)));
        }

        List<LaneGroup> groups = [];
        for (int i = 0; i < vectors.Count; i += 2)
        {
            int first = vectors[i].Offset;
            groups.Add(new LaneGroup(first, [.. vectors.Skip(i).Take(2).Select(vector => vector with { Offset = vector.Offset - first })]));
        }

        return groups;
    }

    public override void EmitScalar(SourceWriter w) =>
        SingleConvolution.EmitScalar(w, geometry, hasBias, epilogue, readsPixels: false, writesPixels: false);

    public override void EmitVector(SourceWriter w, InstructionSet isa)
    {
        using (w.OpenIf(geometry.Groups > 1, $"for (int g = 0; g < {geometry.Groups}; g++)"))
        {
            w.Line($"ref float input = ref {OfGroup("x", source.Channels * source.Height * source.Width)};");
            w.Line($"ref float kernel = ref {OfGroup("weight", geometry.GroupStride)};");
            if (epilogue.Scales)
            {
                w.Line($"ref float factor = ref {OfGroup("scale", target.Channels)};");
                w.Line($"ref float summand = ref {OfGroup("shift", target.Channels)};");
            }

            if (epilogue.Adds)
                w.Line($"ref float other = ref {OfGroup("skip", target.Channels * target.Height * target.Width)};");
            w.Line($"ref float output = ref {OfGroup("y", target.Channels * (target.Height / Step) * (target.Width / Step))};");
            if (hasBias)
                w.Line($"ref float start = ref {OfGroup("bias", target.Channels)};");
            foreach (AxisSweep rows in Rows)
            {
                foreach (AxisSweep columns in Columns)
                {
                    IEnumerable<LaneGroup> groups = Cover(isa, columns.Count / Step * Step);
                    foreach (IGrouping<int, LaneGroup> sameSize in groups.GroupBy(group => group.Vectors.Count))
                        EmitChannels(w, isa, rows, columns, [.. sameSize]);
                }
            }
        }
    }

    /// <summary>The current group's part of what belongs to all groups.</summary>
    private string OfGroup(string operand, int floats) => geometry.Groups > 1 ? $"Unsafe.Add(ref {operand}, g * {floats})" : operand;

    private void EmitChannels(SourceWriter w, InstructionSet isa, AxisSweep rows, AxisSweep columns, IReadOnlyList<LaneGroup> groups)
    {
        int vectors = groups[0].Vectors.Count;
        int most = Math.Max(1, (isa.Registers - 2 - (Step * vectors)) / (Step * vectors));
        int tiles = (target.Channels + most - 1) / most;
        int tile = (target.Channels + tiles - 1) / tiles;
        int whole = target.Channels / tile * tile;
        EmitChannelTiles(0, whole, tile);
        if (whole < target.Channels)
            EmitChannelTiles(whole, target.Channels, target.Channels - whole);

        void EmitChannelTiles(int first, int end, int size)
        {
            string m = end - first == size ? Identifier.Text(first) : "m";
            using (m == "m"
                ? w.Open($"for (int m = {first}; m < {end}; m += {size})")
                : w.Open($"// channels {first} to {end - 1}"))
            {
                int tall = Pool != FusedPool.None ? 2 : Math.Min(rows.Count, Math.Max(1, Math.Min(most / size, Chains / (size * vectors))));
                int wholeRows = rows.Count / tall * tall;
                EmitRowTiles(w, rows, columns, groups, m, size, tall, 0, wholeRows);
                if (wholeRows < rows.Count && Pool == FusedPool.None)
                    EmitRowTiles(w, rows, columns, groups, m, size, rows.Count - wholeRows, wholeRows, rows.Count);
            }
        }
    }

    private void EmitRowTiles(
        SourceWriter w, AxisSweep rows, AxisSweep columns, IReadOnlyList<LaneGroup> groups, string m, int channels, int tall, int first,
        int end)
    {
        bool moves = end - first > tall;
        string py = moves ? "py" : Identifier.Text(first);
        using (moves
            ? w.Open($"for (int py = {first}; py < {end}; py += {tall})")
            : w.Open($"// rows {first} to {end - 1}"))
        {
            LaneGroup.ForEach(w, groups, (group, o) => EmitTile(w, rows, columns, group, new Place(m, py, o, channels, tall)));
        }
    }

    private void EmitTile(SourceWriter w, AxisSweep rows, AxisSweep columns, LaneGroup group, Place place)
    {
        for (int c = 0; c < place.Channels; c++)
        {
            for (int r = 0; r < place.Tall; r++)
            {
                for (int v = 0; v < group.Vectors.Count; v++)
                {
                    InstructionSet isa = group.Vectors[v].Isa;
                    w.Line($"{isa.Type} c{c}_{r}_{v} = {(hasBias ? isa.Create($"Unsafe.Add(ref start, {place.Channel} + {c})") : isa.Zero)};");
                }
            }
        }

        if (rows.Taps > 0 && columns.Taps > 0)
            EmitSum(w, rows, columns, group, place);
        EmitResult(w, rows, columns, group, place);
    }

    private void EmitSum(SourceWriter w, AxisSweep rows, AxisSweep columns, LaneGroup group, Place place)
    {
        string row = $"({place.Row} * {rows.OperandStep} + {rows.FirstOperand}) * {source.Width}";
        string column = $"{place.Column} * {columns.OperandStep} + {columns.FirstOperand}";
        w.Line($"ref float xc = ref Unsafe.Add(ref input, {row} + {column});");
        int firstTap = (rows.FirstTap * geometry.RowStride) + (columns.FirstTap * geometry.ColumnStride);
        w.Line($"ref float wc = ref Unsafe.Add(ref kernel, {place.Channel} * {target.WeightStride} + {firstTap});");
        using (w.OpenIf(source.Channels > 1, $"for (int c = 0; c < {source.Channels}; c++)"))
        {
            w.Line("ref float xk = ref xc;");
            w.Line("ref float wk = ref wc;");
            using (w.OpenIf(rows.Taps > 1, $"for (int ky = 0; ky < {rows.Taps}; ky++)"))
            {
                EmitTaps(w, rows, columns, group, place);
                if (rows.Taps > 1)
                {
                    w.Line($"xk = ref Unsafe.Add(ref xk, {rows.TapDistance * source.Width});");
                    w.Line($"wk = ref Unsafe.Add(ref wk, {rows.TapStep * geometry.RowStride});");
                }
            }

            if (source.Channels > 1)
            {
                w.Line($"xc = ref Unsafe.Add(ref xc, {source.Height * source.Width});");
                w.Line($"wc = ref Unsafe.Add(ref wc, {source.WeightStride});");
            }
        }
    }

    private void EmitTaps(SourceWriter w, AxisSweep rows, AxisSweep columns, LaneGroup group, Place place)
    {
        for (int r = 0; r < place.Tall; r++)
        {
            for (int v = 0; v < group.Vectors.Count; v++)
                w.Line($"{group.Vectors[v].Isa.Type} b{r}_{v};");
        }

        InstructionSet widest = group.Vectors[0].Isa;
        w.Line($"{widest.Type} a;");
        for (int kx = 0; kx < columns.Taps; kx++)
        {
            for (int r = 0; r < place.Tall; r++)
            {
                for (int v = 0; v < group.Vectors.Count; v++)
                {
                    LaneVector vector = group.Vectors[v];
                    int at = (r * rows.OperandStep * source.Width) + (vector.Offset * columns.OperandStep) + (kx * columns.TapDistance);
                    InstructionSet own = vector.Isa;
                    string pixels = columns.OperandStep == 1
                        ? own.At("xk", at)
                        : PoolSingle.EvenLanes(own, own.At("xk", at), own.At("xk", at + own.Lanes));
                    w.Line($"b{r}_{v} = {pixels};");
                }
            }

            for (int c = 0; c < place.Channels; c++)
            {
                w.Line($"a = {widest.Create(Address.At("wk", (c * target.WeightStride) + (kx * columns.TapStep * geometry.ColumnStride)))};");
                for (int r = 0; r < place.Tall; r++)
                {
                    for (int v = 0; v < group.Vectors.Count; v++)
                    {
                        InstructionSet isa = group.Vectors[v].Isa;
                        string broadcast = "a";
                        for (int width = widest.Lanes; width > isa.Lanes; width /= 2)
                            broadcast += ".GetLower()";
                        w.Line($"c{c}_{r}_{v} = {isa.MultiplyAdd(broadcast, $"b{r}_{v}", $"c{c}_{r}_{v}")};");
                    }
                }
            }
        }
    }

    private void EmitResult(SourceWriter w, AxisSweep rows, AxisSweep columns, LaneGroup group, Place place)
    {
        int height = target.Height / Step, width = target.Width / Step;
        string row = Pool == FusedPool.None ? $"{place.Row} * {rows.Step} + {rows.First}" : $"({place.Row} >> 1)";
        string column = Pool == FusedPool.None ? $"{place.Column} * {columns.Step} + {columns.First}" : $"({place.Column} >> 1)";
        w.Line($"int at = ({place.Channel} * {height} + {row}) * {width} + {column};");
        w.Line("ref float yt = ref Unsafe.Add(ref output, at);");
        if (epilogue.Adds)
            w.Line("ref float st = ref Unsafe.Add(ref other, at);");
        for (int c = 0; c < place.Channels; c++)
        {
            for (int v = 0; v < group.Vectors.Count; v++)
            {
                LaneVector vector = group.Vectors[v];
                string[] scale =
                [
                    vector.Isa.Create($"Unsafe.Add(ref factor, {place.Channel} + {c})"),
                    vector.Isa.Create($"Unsafe.Add(ref summand, {place.Channel} + {c})"),
                ];
                if (Pool != FusedPool.None)
                {
                    EmitPooled(w, vector, [$"c{c}_0_{v}", $"c{c}_1_{v}"], scale, (c * height * width) + (vector.Offset / 2));
                    continue;
                }

                for (int r = 0; r < place.Tall; r++)
                {
                    int own = (((c * height) + (r * rows.Step)) * width) + (vector.Offset * columns.Step);
                    string result = epilogue.Emit(w, vector.Isa, [$"c{c}_{r}_{v}"], scale, vector.Isa.At("st", own));
                    if (columns.Step == 1)
                    {
                        vector.EmitStore(w, result, "yt", own);
                        continue;
                    }

                    for (int lane = 0; lane < vector.Valid; lane++)
                        w.Line($"{Address.At("yt", own + (lane * columns.Step))} = {result}.GetElement({lane});");
                }
            }
        }
    }

    /// <summary>Two rows become one, then neighbouring lanes do.</summary>
    private void EmitPooled(SourceWriter w, LaneVector vector, string[] terms, string[] scale, int at)
    {
        InstructionSet isa = vector.Isa;
        bool isLast = Pool == FusedPool.Max && epilogue.Activation == ElementwiseFunction.ReLU;
        string both = (isLast ? epilogue with { Activation = null } : epilogue).Emit(w, isa, terms, scale, "");
        string pairs = SingleConvolution.Combine(isa, Pool, Every(0), Every(1));
        string pooled = Pool == FusedPool.Average ? $"{pairs} * {isa.Constant(0.25f)}"
            : isLast ? epilogue.Activation!.Value(isa, pairs)
            : pairs;
        w.Line($"{both} = {pooled};");
        new LaneVector(0, isa, vector.Valid / 2).EmitStore(w, both, "yt", at);

        string Every(int parity) => isa.Call("Shuffle", both, isa.Call("Create", [.. Enumerable.Range(0, isa.Lanes)
            .Select(lane => Identifier.Text(((2 * lane) + parity) % isa.Lanes))]));
    }

    /// <summary>Where a tile lies.</summary>
    /// <param name="Channel">Its first channel.</param>
    /// <param name="Row">Its first row within the sweep.</param>
    /// <param name="Column">Its first column within the sweep.</param>
    /// <param name="Channels">How many channels.</param>
    /// <param name="Tall">How many rows.</param>
    private sealed record Place(string Channel, string Row, string Column, int Channels, int Tall);
}
