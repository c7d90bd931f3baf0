using NetGen.Generator.Emission;

namespace NetGen.Generator.Kernels;

/// <summary>y[c, i] = x[c, i] · g[c]: a factor for each channel of an image.</summary>
/// <param name="channels">C.</param>
/// <param name="size">Floats of a channel.</param>
/// <param name="panels">Whether vectors run over the samples of a block; else over the floats of one sample's channel.</param>
internal sealed class GateKernel(int channels, int size, bool panels) : Kernel
{
    public override string Name => $"Gate{channels}x{size}{(panels ? "" : "Single")}";

    public override string Summary => $"y[c, i] = x[c, i] · g[c]. Shapes: x and y [{channels}, {size}], g [{channels}].";

    public override IReadOnlyList<KernelParameter> Parameters => panels
        ?
        [
            KernelParameter.Block("x"), KernelParameter.Block("g"), KernelParameter.Block("y"), KernelParameter.Int("stride"),
            KernelParameter.Int("samples"),
        ]
        : [KernelParameter.Shared("x"), KernelParameter.Shared("g"), KernelParameter.Shared("y")];

    public override void EmitVector(SourceWriter w, InstructionSet isa)
    {
        if (panels)
            EmitPanels(w, isa);
        else
            EmitSingle(w, isa);
    }

    public override void EmitScalar(SourceWriter w)
    {
        if (panels)
        {
            EmitPanels(w, InstructionSet.Scalar);
            return;
        }

        using (w.Open($"for (int c = 0; c < {channels}; c++)"))
        {
            w.Line("float factor = Unsafe.Add(ref g, c);");
            w.Line($"for (int i = c * {size}; i < (c + 1) * {size}; i++)");
            w.Line("    Unsafe.Add(ref y, i) = Unsafe.Add(ref x, i) * factor;");
        }
    }

    private void EmitPanels(SourceWriter w, InstructionSet isa)
    {
        using (w.Open($"for (int s = 0; s < samples; s += {Panel.Lanes})"))
        using (w.Open($"for (int c = 0; c < {channels}; c++)"))
        {
            w.Line($"int start = {Panel.Start} + c * {size * Panel.Lanes};");
            using (w.Open($"for (int lane = 0; lane < {Panel.Lanes}; lane += {isa.Lanes})"))
            {
                w.Line($"{isa.Type} factor = {isa.At("g", $"{Panel.Start} + c * {Panel.Lanes} + lane")};");
                w.Line($"for (int i = start + lane; i < start + {size * Panel.Lanes}; i += {Panel.Lanes})");
                w.Line($"    {isa.At("y", "i")} = {isa.At("x", "i")} * factor;");
            }
        }
    }

    /// <summary>A channel's last floats one by one: a vector would reach into what the next layer keeps behind the last channel.</summary>
    private void EmitSingle(SourceWriter w, InstructionSet isa)
    {
        int whole = size / isa.Lanes * isa.Lanes;
        using (w.Open($"for (int c = 0; c < {channels}; c++)"))
        {
            w.Line($"ref float xc = ref Unsafe.Add(ref x, c * {size});");
            w.Line($"ref float yc = ref Unsafe.Add(ref y, c * {size});");
            w.Line("float factor = Unsafe.Add(ref g, c);");
            if (whole > 0)
            {
                w.Line($"for (int i = 0; i < {whole}; i += {isa.Lanes})");
                w.Line($"    {isa.At("yc", "i")} = {isa.At("xc", "i")} * {isa.Create("factor")};");
            }

            if (whole < size)
            {
                w.Line($"for (int i = {whole}; i < {size}; i++)");
                w.Line("    Unsafe.Add(ref yc, i) = Unsafe.Add(ref xc, i) * factor;");
            }
        }
    }
}

/// <summary>dg[c] = Σ dy[c, i] · x[c, i], in the order of i; vectors run over the samples of a block.</summary>
internal sealed class GateGradientKernel(int channels, int size) : Kernel
{
    public override string Name => $"Gate{channels}x{size}Gradient";

    public override string Summary => $"dg[c] = Σ dy[c, i] · x[c, i]. Shapes: dy and x [{channels}, {size}], dg [{channels}].";

    public override IReadOnlyList<KernelParameter> Parameters { get; } =
    [
        KernelParameter.Block("dy"), KernelParameter.Block("x"), KernelParameter.Block("dg"), KernelParameter.Int("stride"),
        KernelParameter.Int("samples"),
    ];

    public override void EmitVector(SourceWriter w, InstructionSet isa) => Emit(w, isa);

    public override void EmitScalar(SourceWriter w) => Emit(w, InstructionSet.Scalar);

    private void Emit(SourceWriter w, InstructionSet isa)
    {
        using (w.Open($"for (int s = 0; s < samples; s += {Panel.Lanes})"))
        using (w.Open($"for (int c = 0; c < {channels}; c++)"))
        {
            w.Line($"int start = {Panel.Start} + c * {size * Panel.Lanes};");
            using (w.Open($"for (int lane = 0; lane < {Panel.Lanes}; lane += {isa.Lanes})"))
            {
                w.Line($"{isa.Type} sum = {isa.Zero};");
                w.Line($"for (int i = start + lane; i < start + {size * Panel.Lanes}; i += {Panel.Lanes})");
                w.Line($"    sum = {isa.MultiplyAdd(isa.At("dy", "i"), isa.At("x", "i"), "sum")};");
                w.Line($"{isa.At("dg", $"{Panel.Start} + c * {Panel.Lanes} + lane")} = sum;");
            }
        }
    }
}
