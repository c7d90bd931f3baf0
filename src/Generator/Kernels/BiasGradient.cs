using NetGen.Generator.Emission;

namespace NetGen.Generator.Kernels;

/// <summary>db[o] = Σ dy[o] over all samples, in their order.</summary>
internal sealed class BiasGradient(int units, int positions) : Kernel
{
    public override string Name => $"Bias{units}Gradient{(positions > 1 ? $"At{positions}" : "")}";

    public override string Summary =>
        $"db[o] = Σ dy[o] over the batch; update stores it or applies it to the bias. Shapes: dy [{units}], db [{units}].";

    public override IReadOnlyList<KernelParameter> Parameters { get; } =
    [
        KernelParameter.Block("dy"), KernelParameter.Shared("target"), KernelParameter.Shared("state"), KernelParameter.Update(),
        KernelParameter.Int("stride"), KernelParameter.Int("samples"),
    ];

    private int RowStride => Panel.RowStride(units);

    public override void EmitVector(SourceWriter w, InstructionSet isa)
    {
        // Eight sums at a time hide the latency of the addition.
        List<LaneGroup> groups = LaneGroup.Split(isa, units, most: 8);
        LaneGroup.ForEach(w, groups, (group, o) => EmitGroup(w, group, o));
    }

    public override void EmitScalar(SourceWriter w)
    {
        using (w.Open($"for (int o = 0; o < {units}; o++)"))
        {
            w.Line("float sum = 0f;");
            w.Line("for (int s = 0; s < samples; s++)");
            string dy = $"Unsafe.Add(ref dy, {Panel.Start} + (s & 31) * {RowStride} + o";
            if (positions > 1)
            {
                w.Line($"    for (int t = 0; t < {positions}; t++)");
                w.Line($"        sum += {dy} + t * {Panel.Lanes * RowStride});");
            }
            else
            {
                w.Line($"    sum += {dy});");
            }

            w.Line("update.Apply(ref target, ref state, o, sum);");
        }
    }

    private void EmitGroup(SourceWriter w, LaneGroup group, string o)
    {
        for (int v = 0; v < group.Vectors.Count; v++)
            w.Line($"{group.Vectors[v].Isa.Type} c{v} = {group.Vectors[v].Isa.Zero};");
        using (w.Open("for (int s = 0; s < samples; s++)"))
        {
            string offset = $"{Panel.Start} + (s & 31) * {RowStride} + {o}";
            if (positions > 1)
            {
                using (w.Open($"for (int t = 0; t < {positions}; t++)"))
                    EmitAdd(w, group, $"{offset} + t * {Panel.Lanes * RowStride}");
            }
            else
            {
                EmitAdd(w, group, offset);
            }
        }

        w.Line($"ref float c = ref Unsafe.Add(ref target, {o});");
        w.Line($"ref float v = ref Unsafe.Add(ref state, {o});");
        for (int v = 0; v < group.Vectors.Count; v++)
            group.Vectors[v].EmitUpdate(w, $"c{v}", group.Vectors[v].Offset);
    }

    private static void EmitAdd(SourceWriter w, LaneGroup group, string offset)
    {
        w.Line($"ref float row = ref Unsafe.Add(ref dy, {offset});");
        for (int v = 0; v < group.Vectors.Count; v++)
            w.Line($"c{v} += {group.Vectors[v].Isa.At("row", group.Vectors[v].Offset)};");
    }
}
