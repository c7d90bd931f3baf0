using NetGen.Generator.Emission;

namespace NetGen.Generator.Kernels;

/// <summary>y[c] = (x[c] - m) - ln Σ exp(x[j] - m) with m the maximum, for blocks of samples: each lane is a sample.</summary>
/// <remarks>The sum is at least 1, so nothing cancels and nothing underflows that counts.</remarks>
internal sealed class LogSoftmaxKernel(int classes, int positions) : Kernel
{
    public override string Name => $"LogSoftmax{classes}{(positions > 1 ? $"At{positions}" : "")}";

    public override string Summary =>
        $"y[c] = x[c] - max x - ln Σ exp(x[j] - max x) for blocks of samples. Shapes: x, y [{classes}].";

    public override IReadOnlyList<KernelParameter> Parameters { get; } =
        [KernelParameter.Block("x"), KernelParameter.Block("y"), KernelParameter.Int("stride"), KernelParameter.Int("samples")];

    public override IEnumerable<(MathFunction Function, InstructionSet Isa)> Functions(InstructionSet isa) =>
        [(MathFunction.Exp, isa), (MathFunction.Log, isa)];

    public override void EmitVector(SourceWriter w, InstructionSet isa) => Emit(w, isa, "");

    public override void EmitScalar(SourceWriter w) => Emit(w, InstructionSet.Scalar, "MathF.");

    private void Emit(SourceWriter w, InstructionSet isa, string library)
    {
        int end = classes * Panel.Lanes;
        using (w.Open($"for (int s = 0; s < samples; s += {isa.Lanes})"))
        using (w.OpenIf(positions > 1, $"for (int t = 0; t < {positions}; t++)"))
        {
            string start = positions > 1 ? $"{Panel.Lane} + t * {end}" : Panel.Lane;
            w.Line($"ref float xs = ref Unsafe.Add(ref x, {start});");
            w.Line($"ref float ys = ref Unsafe.Add(ref y, {start});");
            w.Line($"{isa.Type} max = {isa.At("xs", 0)};");
            w.Line($"for (int c = {Panel.Lanes}; c < {end}; c += {Panel.Lanes})");
            w.Line($"    max = {isa.Max("max", isa.At("xs", "c"))};");
            w.Line($"{isa.Type} sum = {isa.Zero};");
            w.Line($"for (int c = 0; c < {end}; c += {Panel.Lanes})");
            w.Line($"    sum += {library}Exp({isa.At("xs", "c")} - max);");
            w.Line($"{isa.Type} log = {library}Log(sum);");
            w.Line($"for (int c = 0; c < {end}; c += {Panel.Lanes})");
            w.Line($"    {isa.At("ys", "c")} = {isa.At("xs", "c")} - max - log;");
        }
    }
}

/// <summary>LogSoftmax of one sample: lanes are classes; the memory behind the last class is filled so that it does not count.</summary>
internal sealed class LogSoftmaxSingle(int classes, int positions) : Kernel
{
    public override string Name => $"LogSoftmax{classes}Single{(positions > 1 ? $"At{positions}" : "")}";

    public override string Summary => $"y[c] = x[c] - max x - ln Σ exp(x[j] - max x) for one sample. Shapes: x, y [{classes}].";

    public override IReadOnlyList<KernelParameter> Parameters { get; } = [KernelParameter.Shared("x"), KernelParameter.Shared("y")];

    public override IEnumerable<(MathFunction Function, InstructionSet Isa)> Functions(InstructionSet isa) =>
        [(MathFunction.Exp, positions > 1 ? isa.Narrow(4) : isa), (MathFunction.Log, isa.IsScalar ? isa : isa.Narrow(4))];

    public override void EmitVector(SourceWriter w, InstructionSet isa)
    {
        InstructionSet narrow = isa.Narrow(4);
        if (positions > 1)
        {
            // Rows of a sequence lie back to back without padding, so each is taken class by class.
            EmitClasses(w, x => OfOne(narrow, "Exp", x), x => OfOne(narrow, "Log", x));
            return;
        }

        int end = (classes + isa.Lanes - 1) / isa.Lanes * isa.Lanes;
        for (int c = classes; c < end; c++)
            w.Line($"{Address.At("x", c)} = float.NegativeInfinity;");
        w.Line($"V largest = {isa.At("x", 0)};");
        if (end > isa.Lanes)
        {
            w.Line($"for (int c = {isa.Lanes}; c < {end}; c += {isa.Lanes})");
            w.Line($"    largest = {isa.Max("largest", isa.At("x", "c"))};");
        }

        w.Line("float max = largest.GetElement(0);");
        w.Line($"for (int lane = 1; lane < {isa.Lanes}; lane++)");
        w.Line("    max = MathF.Max(max, largest.GetElement(lane));");
        w.Line("V total = V.Zero;");
        w.Line($"for (int c = 0; c < {end}; c += {isa.Lanes})");
        w.Line($"    total += Exp({isa.At("x", "c")} - {isa.Create("max")});");
        w.Line($"V log = {isa.Create(OfOne(narrow, "Log", "Sum(total)"))};");
        w.Line($"for (int c = 0; c < {end}; c += {isa.Lanes})");
        w.Line($"    {isa.At("y", "c")} = {isa.At("x", "c")} - {isa.Create("max")} - log;");
    }

    public override void EmitScalar(SourceWriter w) => EmitClasses(w, x => $"MathF.Exp({x})", x => $"MathF.Log({x})");

    /// <summary>A function of one float, by the vector function.</summary>
    private static string OfOne(InstructionSet narrow, string function, string x) =>
        $"{function}({(narrow.Type == "V" ? "" : "Vector128.")}CreateScalarUnsafe({x})).ToScalar()";

    private void EmitClasses(SourceWriter w, Func<string, string> exp, Func<string, string> log)
    {
        using (w.OpenIf(positions > 1, $"for (int t = 0; t < {positions}; t++)"))
        {
            w.Line($"ref float xs = ref {(positions > 1 ? $"Unsafe.Add(ref x, t * {classes})" : "x")};");
            w.Line($"ref float ys = ref {(positions > 1 ? $"Unsafe.Add(ref y, t * {classes})" : "y")};");
            w.Lines($$"""
                float max = xs;
                for (int c = 1; c < {{classes}}; c++)
                    max = MathF.Max(max, Unsafe.Add(ref xs, c));
                float sum = 0f;
                for (int c = 0; c < {{classes}}; c++)
                    sum += {{exp("Unsafe.Add(ref xs, c) - max")}};
                float log = {{log("sum")}};
                for (int c = 0; c < {{classes}}; c++)
                    Unsafe.Add(ref ys, c) = Unsafe.Add(ref xs, c) - max - log;
                """);
        }
    }
}

/// <summary>dx[c] = dy[c] - exp(y[c]) · Σ dy[j] for blocks of samples.</summary>
internal sealed class LogSoftmaxGradientKernel(int classes, int positions) : Kernel
{
    public override string Name => $"LogSoftmax{classes}Gradient{(positions > 1 ? $"At{positions}" : "")}";

    public override string Summary => $"dx[c] = dy[c] - exp(y[c]) · Σ dy[j] for blocks of samples. Shapes: dy, y, dx [{classes}].";

    public override IReadOnlyList<KernelParameter> Parameters { get; } =
    [
        KernelParameter.Block("dy"), KernelParameter.Block("y"), KernelParameter.Block("dx"), KernelParameter.Int("stride"),
        KernelParameter.Int("samples"),
    ];

    public override IEnumerable<(MathFunction Function, InstructionSet Isa)> Functions(InstructionSet isa) => [(MathFunction.Exp, isa)];

    public override void EmitVector(SourceWriter w, InstructionSet isa) => Emit(w, isa, "Exp");

    public override void EmitScalar(SourceWriter w) => Emit(w, InstructionSet.Scalar, "MathF.Exp");

    private void Emit(SourceWriter w, InstructionSet isa, string exp)
    {
        int end = classes * Panel.Lanes;
        using (w.Open($"for (int s = 0; s < samples; s += {isa.Lanes})"))
        using (w.OpenIf(positions > 1, $"for (int t = 0; t < {positions}; t++)"))
        {
            string start = positions > 1 ? $"{Panel.Lane} + t * {end}" : Panel.Lane;
            w.Line($"ref float dys = ref Unsafe.Add(ref dy, {start});");
            w.Line($"ref float ys = ref Unsafe.Add(ref y, {start});");
            w.Line($"ref float dxs = ref Unsafe.Add(ref dx, {start});");
            w.Line($"{isa.Type} sum = {isa.Zero};");
            w.Line($"for (int c = 0; c < {end}; c += {Panel.Lanes})");
            w.Line($"    sum += {isa.At("dys", "c")};");
            w.Line($"for (int c = 0; c < {end}; c += {Panel.Lanes})");
            w.Line($"    {isa.At("dxs", "c")} = {isa.At("dys", "c")} - {exp}({isa.At("ys", "c")}) * sum;");
        }
    }
}
