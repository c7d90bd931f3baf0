using NetGen.Generator.Emission;
using NetGen.Generator.Operations;

namespace NetGen.Generator.Kernels;

/// <summary>y = max or scale · Σ of x over each window, for one sample.</summary>
/// <remarks>
/// Vectors run over neighbouring windows of a row. With a stride of 2 every other lane of two vectors counts; larger strides and the
/// windows that hang over the left and right edge are plain loops. A last vector that would run over the end starts earlier instead. Where
/// a plane is one window, vectors run over the plane.
/// </remarks>
internal sealed class PoolSingle(PoolGeometry geometry, bool isMax, float scale) : Kernel
{
    /// <summary>Values of a window up to which it is unrolled.</summary>
    private const int UnrollLimit = 16;

    public override string Name => $"{(isMax ? "Max" : scale == 1f ? "Sum" : "Average")}Pool{geometry.Name}Single";

    public override string Summary =>
        $"y = {(isMax ? "max" : scale == 1f ? "sum" : "mean")} of x over each window, for one sample. Shapes: {geometry.Shapes}.";

    public override IReadOnlyList<KernelParameter> Parameters { get; } = [KernelParameter.Shared("x"), KernelParameter.Shared("y")];

    private PoolAxis Rows => geometry.Vertical;

    private PoolAxis Columns => geometry.Horizontal;

    public override void EmitVector(SourceWriter w, InstructionSet isa)
    {
        if (geometry.IsGlobal)
        {
            EmitGlobal(w, isa);
            return;
        }

        EmitRows(w, () =>
        {
            int first = Columns.FirstWhole, end = Columns.EndWhole;
            if (Columns.Stride > 2 || end - first < 4)
            {
                EmitColumns(w, 0, Columns.Output);
                return;
            }

            EmitColumns(w, 0, first);
            EmitVectors(w, isa, first, end);
            EmitColumns(w, end, Columns.Output);
        });
    }

    public override void EmitScalar(SourceWriter w) => EmitRows(w, () => EmitColumns(w, 0, Columns.Output));

    private void EmitRows(SourceWriter w, Action emitColumns)
    {
        using (w.Open($"for (int c = 0; c < {geometry.Channels}; c++)"))
        using (w.Open($"for (int i = 0; i < {Rows.Output}; i++)"))
        {
            w.Line($"ref float xc = ref Unsafe.Add(ref x, c * {geometry.Plane});");
            w.Line($"ref float yi = ref Unsafe.Add(ref y, (c * {Rows.Output} + i) * {Columns.Output});");
            w.Line($"int top = i * {Rows.Stride}{(Rows.Padding > 0 ? $" - {Rows.Padding}" : "")};");
            if (Rows.Padding > 0)
                w.Line($"int above = Math.Max(top, 0), below = Math.Min(top + {Rows.Size}, {Rows.Input});");
            emitColumns();
        }
    }

    /// <summary>Windows one by one.</summary>
    private void EmitColumns(SourceWriter w, int first, int end)
    {
        if (first == end)
            return;
        using (w.Open($"for (int j = {first}; j < {end}; j++)"))
        {
            w.Line($"float result = {(isMax ? "float.NegativeInfinity" : "0f")};");
            w.Line($"int left = j * {Columns.Stride}{(Columns.Padding > 0 ? $" - {Columns.Padding}" : "")};");
            w.Line(Rows.Padding > 0 ? "for (int ki = above; ki < below; ki++)" : $"for (int ki = top; ki < top + {Rows.Size}; ki++)");
            w.Line(Columns.Padding > 0
                ? $"    for (int kj = Math.Max(left, 0); kj < Math.Min(left + {Columns.Size}, {Columns.Input}); kj++)"
                : $"    for (int kj = left; kj < left + {Columns.Size}; kj++)");
            string value = $"Unsafe.Add(ref xc, ki * {Columns.Input} + kj)";
            w.Line($"        result = {(isMax ? $"MathF.Max(result, {value})" : $"result + {value}")};");
            w.Line($"Unsafe.Add(ref yi, j) = result{Scaled(InstructionSet.Scalar)};");
        }
    }

    /// <summary>Whole windows, a vector of them at a time: the widest vectors that they fill.</summary>
    private void EmitVectors(SourceWriter w, InstructionSet isa, int first, int end)
    {
        InstructionSet own = isa;
        while (own.Lanes > end - first)
            own = isa.Narrow(own.Lanes / 2);
        int count = (end - first) / own.Lanes, covered = first + (count * own.Lanes);
        using (count > 1 ? w.Open($"for (int j = {first}; j < {covered}; j += {own.Lanes})") : w.OpenScope())
            EmitVector(w, own, count > 1 ? "j" : Identifier.Text(first));
        if (covered == end)
            return;
        using (w.OpenScope())
            EmitVector(w, own, Identifier.Text(end - own.Lanes));
    }

    private void EmitVector(SourceWriter w, InstructionSet isa, string j)
    {
        string left = j == "j"
            ? $"j * {Columns.Stride} - {Columns.Padding}"
            : Identifier.Text((int.Parse(j, System.Globalization.CultureInfo.InvariantCulture) * Columns.Stride) - Columns.Padding);
        int parts = Columns.Stride;
        bool unroll = geometry.Area <= UnrollLimit && Rows.Padding == 0;
        w.Line($"ref float xs = ref Unsafe.Add(ref xc, {(unroll ? $"top * {Columns.Input} + " : "")}{left});");
        for (int part = 0; part < parts; part++)
        {
            string start = unroll ? isa.At("xs", part * isa.Lanes) : isMax ? isa.Constant(float.NegativeInfinity) : isa.Zero;
            w.Line($"{isa.Type} part{part} = {start};");
        }

        if (unroll)
        {
            for (int ki = 0; ki < Rows.Size; ki++)
            {
                for (int kj = ki == 0 ? 1 : 0; kj < Columns.Size; kj++)
                    EmitTap(part => isa.At("xs", (ki * Columns.Input) + kj + (part * isa.Lanes)));
            }
        }
        else
        {
            using (w.Open(Rows.Padding > 0 ? "for (int ki = above; ki < below; ki++)" : $"for (int ki = top; ki < top + {Rows.Size}; ki++)"))
            using (w.Open($"for (int kj = 0; kj < {Columns.Size}; kj++)"))
                EmitTap(part => isa.At("xs", $"ki * {Columns.Input} + kj{(part == 0 ? "" : $" + {isa.Lanes}")}"));
        }

        string result = parts == 1 ? "part0" : EvenLanes(isa, "part0", "part1");
        w.Line($"{isa.At("yi", j)} = {result}{Scaled(isa)};");

        void EmitTap(Func<int, string> value)
        {
            for (int part = 0; part < parts; part++)
                w.Line($"part{part} = {(isMax ? isa.Max($"part{part}", value(part)) : $"part{part} + {value(part)}")};");
        }
    }

    /// <summary>The even lanes of two vectors as one.</summary>
    public static string EvenLanes(InstructionSet isa, string low, string high)
    {
        string even = isa.Call("Create", [.. Enumerable.Range(0, isa.Lanes).Select(lane => Identifier.Text(2 * lane % isa.Lanes))]);
        return isa.Call("Create", $"{isa.Call("Shuffle", low, even)}.GetLower()", $"{isa.Call("Shuffle", high, even)}.GetLower()");
    }

    /// <summary>A plane is one window: its values lie back to back.</summary>
    private void EmitGlobal(SourceWriter w, InstructionSet isa)
    {
        InstructionSet own = isa;
        while (own.Lanes > 4 && own.Lanes > geometry.Plane)
            own = isa.Narrow(own.Lanes / 2);
        int chains = Math.Min(4, geometry.Plane / own.Lanes), step = chains * own.Lanes;
        int whole = chains == 0 ? 0 : geometry.Plane / step * step;
        using (w.Open($"for (int c = 0; c < {geometry.Channels}; c++)"))
        {
            w.Line($"ref float xc = ref Unsafe.Add(ref x, c * {geometry.Plane});");
            for (int chain = 0; chain < chains; chain++)
                w.Line($"{own.Type} part{chain} = {own.At("xc", chain * own.Lanes)};");
            if (whole > step)
            {
                using (w.Open($"for (int k = {step}; k < {whole}; k += {step})"))
                {
                    for (int chain = 0; chain < chains; chain++)
                        w.Line($"part{chain} = {Combine(own, $"part{chain}", own.At("xc", chain == 0 ? "k" : $"k + {chain * own.Lanes}"))};");
                }
            }

            for (int chain = 1; chain < chains; chain++)
                w.Line($"part0 = {Combine(own, "part0", $"part{chain}")};");
            if (chains == 0)
                w.Line($"float result = {(isMax ? "float.NegativeInfinity" : "0f")};");
            else
                EmitFold(w, own);
            if (whole < geometry.Plane)
            {
                w.Line($"for (int k = {whole}; k < {geometry.Plane}; k++)");
                w.Line($"    result = {Combine(InstructionSet.Scalar, "result", "Unsafe.Add(ref xc, k)")};");
            }

            w.Line($"Unsafe.Add(ref y, c) = result{Scaled(InstructionSet.Scalar)};");
        }
    }

    /// <summary>The lanes of a vector as one float.</summary>
    private void EmitFold(SourceWriter w, InstructionSet isa)
    {
        string vector = "part0";
        for (int lanes = isa.Lanes / 2; lanes >= 4; lanes /= 2)
        {
            InstructionSet half = isa.Narrow(lanes);
            w.Line($"{half.Type} half{lanes} = {Combine(half, vector + ".GetLower()", vector + ".GetUpper()")};");
            vector = $"half{lanes}";
        }

        string[] last = [.. Enumerable.Range(0, 4).Select(lane => $"{vector}.GetElement({lane})")];
        InstructionSet one = InstructionSet.Scalar;
        w.Line($"float result = {Combine(one, Combine(one, last[0], last[1]), Combine(one, last[2], last[3]))};");
    }

    private string Combine(InstructionSet isa, string a, string b) => isMax ? isa.Max(a, b) : $"({a} + {b})";

    private string Scaled(InstructionSet isa) => scale == 1f ? "" : $" * {isa.Constant(scale)}";
}
