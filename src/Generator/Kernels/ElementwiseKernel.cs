using NetGen.Generator.Emission;
using NetGen.Generator.Operations;

namespace NetGen.Generator.Kernels;

/// <summary>One formula applied to every float of a block: whole vectors only, because the memory is padded to them.</summary>
internal sealed class ElementwiseKernel(
    string name, string formula, string[] operands, string result, int floats, Func<InstructionSet, string[], string> text,
    MathFunction? math = null) : Kernel
{
    /// <summary>A function's constant ends where a second _ begins: LeakyReLU0_1 of 4128 floats is not LeakyReLU0_14 of 128.</summary>
    public override string Name => char.IsDigit(name[name.Length - 1]) ? $"{name}_{floats}" : $"{name}{floats}";

    public override string Summary => $"{formula}, for {floats} floats a block.";

    public override IReadOnlyList<KernelParameter> Parameters =>
    [
        .. operands.Select(KernelParameter.Block), KernelParameter.Block(result), KernelParameter.Int("stride"),
        KernelParameter.Int("samples"),
    ];

    public override IEnumerable<(MathFunction Function, InstructionSet Isa)> Functions(InstructionSet isa) =>
        math is MathFunction function ? [(function, isa)] : [];

    public static ElementwiseKernel Forward(ElementwiseFunction function, int floats) => new(
        function.Name, $"y = {function.Formula}", ["x"], "y", floats, (isa, values) => function.Value(isa, values[0]), function.Math);

    public static ElementwiseKernel Gradient(ElementwiseFunction function, int floats) => new(
        function.Name + "Gradient", $"dx = {function.GradientFormula}", ["dy", function.SavesInput ? "x" : "y"], "dx", floats,
        (isa, values) => function.Gradient(isa, values[0], values[1]),
        function.GradientMath);

    public override void EmitVector(SourceWriter w, InstructionSet isa) => Emit(w, isa);

    public override void EmitScalar(SourceWriter w) => Emit(w, InstructionSet.Scalar);

    private void Emit(SourceWriter w, InstructionSet isa)
    {
        using (w.Open($"for (int s = 0; s < samples; s += {Panel.Lanes})"))
        {
            w.Line($"int start = {Panel.Start};");
            using (w.Open($"for (int i = start; i < start + {floats}; i += {isa.Lanes})"))
            {
                string[] names = [.. operands.Select(operand => operand + "i")];
                for (int i = 0; i < operands.Length; i++)
                    w.Line($"{isa.Type} {names[i]} = {isa.At(operands[i], "i")};");
                w.Line($"{isa.At(result, "i")} = {text(isa, names)};");
            }
        }
    }
}
