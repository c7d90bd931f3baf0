using NetGen.Generator.Emission;
using NetGen.Generator.Graph;

namespace NetGen.Generator.Kernels;

/// <summary>One formula applied to every float of a block, with parameters that differ between units.</summary>
/// <param name="name">Of the formula.</param>
/// <param name="formula">For the summary.</param>
/// <param name="axis">Where the units lie.</param>
/// <param name="operands">Values, laid out like the result.</param>
/// <param name="unitOperands">Parameters, one float a unit.</param>
/// <param name="result">The result.</param>
/// <param name="text">The formula, from the operands and the parameters.</param>
/// <param name="math">The function that the text calls, or null.</param>
internal sealed class UnitwiseKernel(
    string name, string formula, UnitAxis axis, string[] operands, string[] unitOperands, string result,
    Func<InstructionSet, string[], string[], string> text, MathFunction? math = null) : Kernel
{
    /// <summary>What the formula sees in place of the parameters: computed from them once per unit. By default they themselves.</summary>
    public Func<InstructionSet, string[], string[]>? PerUnit { get; init; }

    public override string Name => name + axis.Suffix;

    public override string Summary =>
        $"{formula} for blocks of samples. "
        + $"Shapes: {string.Join(", ", [.. operands, result])} [{axis.Length}], {string.Join(", ", unitOperands)} [{axis.Units}].";

    public override IReadOnlyList<KernelParameter> Parameters =>
    [
        .. operands.Select(KernelParameter.Block), .. unitOperands.Select(KernelParameter.Shared), KernelParameter.Block(result),
        KernelParameter.Int("stride"), KernelParameter.Int("samples"),
    ];

    public override IEnumerable<(MathFunction Function, InstructionSet Isa)> Functions(InstructionSet isa) =>
        math is MathFunction function ? [(function, isa)] : [];

    public override void EmitVector(SourceWriter w, InstructionSet isa) => Emit(w, isa);

    public override void EmitScalar(SourceWriter w) => Emit(w, InstructionSet.Scalar);

    private void Emit(SourceWriter w, InstructionSet isa)
    {
        int width = axis.Inner * Panel.Lanes;
        using (w.Open($"for (int s = 0; s < samples; s += {Panel.Lanes})"))
        using (w.OpenIf(axis.Outer > 1, $"for (int t = 0; t < {axis.Outer}; t++)"))
        using (w.Open($"for (int u = 0; u < {axis.Units}; u++)"))
        {
            string[] units = [.. unitOperands.Select(operand => operand + "u")];
            for (int i = 0; i < units.Length; i++)
                w.Line($"{isa.Type} {units[i]} = {isa.Create($"Unsafe.Add(ref {unitOperands[i]}, u)")};");
            if (PerUnit is not null)
            {
                string[] values = PerUnit(isa, units);
                units = [.. values.Select((_, i) => $"unit{i}")];
                for (int i = 0; i < values.Length; i++)
                    w.Line($"{isa.Type} unit{i} = {values[i]};");
            }

            w.Line($"int start = {Panel.Start} + {(axis.Outer > 1 ? $"(t * {axis.Units} + u)" : "u")} * {width};");
            using (w.Open($"for (int i = start; i < start + {width}; i += {isa.Lanes})"))
            {
                string[] names = [.. operands.Select(operand => operand + "i")];
                for (int i = 0; i < operands.Length; i++)
                    w.Line($"{isa.Type} {names[i]} = {isa.At(operands[i], "i")};");
                w.Line($"{isa.At(result, "i")} = {text(isa, names, units)};");
            }
        }
    }
}
