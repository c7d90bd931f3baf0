using NetGen.Generator.Emission;

namespace NetGen.Generator.Kernels;

/// <summary>db[c] = Σ dy[c, position] over positions and samples, for panels: the gradient of a convolution's bias.</summary>
/// <remarks>Vectors run over the samples; lanes of nobody hold 0.</remarks>
internal sealed class ChannelSum(int channels, int positions) : Kernel
{
    /// <summary>Sums side by side, which hide the latency of the addition.</summary>
    private const int Chains = 8;

    public override string Name => $"Bias{channels}GradientOver{positions}";

    public override string Summary =>
        "db[c] = Σ dy[c, position] over the batch; update stores it or applies it to the bias. "
        + $"Shapes: dy [{channels}, {positions}], db [{channels}].";

    public override IReadOnlyList<KernelParameter> Parameters { get; } =
    [
        KernelParameter.Block("dy"), KernelParameter.Shared("target"), KernelParameter.Shared("state"), KernelParameter.Update(),
        KernelParameter.Int("stride"), KernelParameter.Int("samples"),
    ];

    /// <summary>Floats of a channel in a block.</summary>
    private int Floats => positions * Panel.Lanes;

    public override void EmitVector(SourceWriter w, InstructionSet isa)
    {
        int chains = Math.Min(Chains, Floats / isa.Lanes), step = chains * isa.Lanes, whole = Floats / step * step;
        using (w.Open($"for (int c = 0; c < {channels}; c++)"))
        {
            for (int i = 0; i < chains; i++)
                w.Line($"V sum{i} = V.Zero;");
            using (w.Open($"for (int s = 0; s < samples; s += {Panel.Lanes})"))
            {
                w.Line($"ref float dys = ref Unsafe.Add(ref dy, {Panel.Start} + c * {Floats});");
                w.Line($"ref float end = ref Unsafe.Add(ref dys, {whole});");
                using (w.Do("Unsafe.IsAddressLessThan(ref dys, ref end)"))
                {
                    for (int i = 0; i < chains; i++)
                        w.Line($"sum{i} += {isa.At("dys", i * isa.Lanes)};");
                    w.Line($"dys = ref Unsafe.Add(ref dys, {step});");
                }

                for (int i = 0; i < (Floats - whole) / isa.Lanes; i++)
                    w.Line($"sum{i} += {isa.At("dys", i * isa.Lanes)};");
            }

            for (int distance = 1; distance < chains; distance *= 2)
            {
                for (int i = 0; i + distance < chains; i += 2 * distance)
                    w.Line($"sum{i} += sum{i + distance};");
            }

            w.Line("update.Apply(ref target, ref state, c, Sum(sum0));");
        }
    }

    public override void EmitScalar(SourceWriter w)
    {
        using (w.Open($"for (int c = 0; c < {channels}; c++)"))
        {
            w.Line("float sum = 0f;");
            w.Line("for (int s = 0; s < samples; s++)");
            w.Line($"    for (int t = 0; t < {positions}; t++)");
            w.Line($"        sum += Unsafe.Add(ref dy, {Panel.Lane} + (c * {positions} + t) * {Panel.Lanes});");
            w.Line("update.Apply(ref target, ref state, c, sum);");
        }
    }
}
