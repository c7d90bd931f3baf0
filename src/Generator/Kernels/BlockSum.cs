using NetGen.Generator.Emission;

namespace NetGen.Generator.Kernels;

/// <summary>d[c] = Σ of the blocks' sums, in their order: the gradient of a parameter with one float per channel.</summary>
internal sealed class BlockSum(int channels) : Kernel
{
    public override string Name => $"BlockSum{channels}";

    public override string Summary => $"d[c] = Σ sums[c] over the blocks; update stores it or applies it to the parameter. Shapes: sums, d [{channels}].";

    public override IReadOnlyList<KernelParameter> Parameters { get; } =
    [
        KernelParameter.Block("sums"), KernelParameter.Shared("target"), KernelParameter.Shared("state"), KernelParameter.Update(),
        KernelParameter.Int("stride"), KernelParameter.Int("samples"),
    ];

    public override void EmitVector(SourceWriter w, InstructionSet isa) => LaneGroup.ForEach(w, LaneGroup.Split(isa, channels, most: 8), (group, o) =>
    {
        for (int v = 0; v < group.Vectors.Count; v++)
            w.Line($"{group.Vectors[v].Isa.Type} c{v} = {group.Vectors[v].Isa.Zero};");
        using (w.Open($"for (int s = 0; s < samples; s += {Panel.Lanes})"))
        {
            w.Line($"ref float row = ref Unsafe.Add(ref sums, {Panel.Start} + {o});");
            for (int v = 0; v < group.Vectors.Count; v++)
                w.Line($"c{v} += {group.Vectors[v].Isa.At("row", group.Vectors[v].Offset)};");
        }

        w.Line($"ref float c = ref {Address.At("target", o)};");
        w.Line($"ref float v = ref {Address.At("state", o)};");
        for (int v = 0; v < group.Vectors.Count; v++)
            group.Vectors[v].EmitUpdate(w, $"c{v}", group.Vectors[v].Offset);
    });

    public override void EmitScalar(SourceWriter w)
    {
        using (w.Open($"for (int c = 0; c < {channels}; c++)"))
        {
            w.Line("float sum = 0f;");
            w.Line($"for (int s = 0; s < samples; s += {Panel.Lanes})");
            w.Line($"    sum += Unsafe.Add(ref sums, {Panel.Start} + c);");
            w.Line("update.Apply(ref target, ref state, c, sum);");
        }
    }
}
