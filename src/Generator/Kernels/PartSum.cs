using NetGen.Generator.Emission;
using NetGen.Generator.Operations;

namespace NetGen.Generator.Kernels;

/// <summary>y[o] = f(Σ parts[p, o]) for samples row by row: the sums of a layer whose terms are split.</summary>
internal sealed class PartSum(int parts, int units, ElementwiseFunction? activation) : Kernel
{
    public override string Name => $"Sum{parts}x{units}{activation?.Name}Rows";

    public override string Summary =>
        $"y[o] = {(activation is null ? "Σ parts[p, o]" : $"{activation.Name}(Σ parts[p, o])")} for samples row by row. "
        + $"Shapes: parts [{parts}, {units}], y [{units}].";

    public override IReadOnlyList<KernelParameter> Parameters { get; } =
        [KernelParameter.Block("parts"), KernelParameter.Block("y"), KernelParameter.Int("stride"), KernelParameter.Int("samples")];

    public override void EmitVector(SourceWriter w, InstructionSet isa)
    {
        using (OpenRows(w))
        {
            LaneGroup.ForEach(w, LaneGroup.Split(isa, units), (group, o) =>
            {
                foreach (LaneVector vector in group.Vectors)
                    EmitSum(w, vector.Isa, group.Position(o, vector));
            });
        }
    }

    public override void EmitScalar(SourceWriter w)
    {
        using (OpenRows(w))
        using (w.Open($"for (int o = 0; o < {units}; o++)"))
            EmitSum(w, InstructionSet.Scalar, "o");
    }

    private SourceWriter.Block OpenRows(SourceWriter w)
    {
        SourceWriter.Block rows = w.Open("for (int s = 0; s < samples; s++)");
        w.Line($"int at = (s >> {Panel.Shift}) * stride + (s & {Panel.Lanes - 1}) * {Panel.RowStride(units)};");
        w.Line("ref float part = ref Unsafe.Add(ref parts, at);");
        w.Line("ref float row = ref Unsafe.Add(ref y, at);");
        return rows;
    }

    private void EmitSum(SourceWriter w, InstructionSet isa, string o)
    {
        int partFloats = Panel.Lanes * Panel.RowStride(units);
        IEnumerable<string> terms = Enumerable.Range(0, parts).Select(p => isa.At("part", p == 0 ? o : $"{o} + {p * partFloats}"));
        string sum = string.Join(" + ", terms);
        w.Line($"{isa.At("row", o)} = {activation?.Value(isa, $"({sum})") ?? sum};");
    }
}
