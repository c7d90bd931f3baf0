using NetGen.Generator.Emission;

namespace NetGen.Generator.Kernels;

/// <summary>Softmax or its logarithm for blocks of samples: each lane is a sample.</summary>
internal sealed class SoftmaxKernel(SoftmaxForm form) : Kernel
{
    public override string Name => form.NameOf("");

    public override string Summary =>
        $"{form.Formula} for blocks of samples{(form.IsLog ? "" : "; the shift by the maximum avoids overflow")}. Shapes: x, y [{form.Classes}].";

    public override IReadOnlyList<KernelParameter> Parameters { get; } =
        [KernelParameter.Block("x"), KernelParameter.Block("y"), KernelParameter.Int("stride"), KernelParameter.Int("samples")];

    public override IEnumerable<(MathFunction Function, InstructionSet Isa)> Functions(InstructionSet isa) =>
        form.IsLog ? [(MathFunctions.Exp, isa), (MathFunctions.Log, isa)] : [(MathFunctions.Exp, isa)];

    public override void EmitVector(SourceWriter w, InstructionSet isa) => Emit(w, isa, "");

    public override void EmitScalar(SourceWriter w) => Emit(w, InstructionSet.Scalar, "MathF.");

    private void Emit(SourceWriter w, InstructionSet isa, string library) => form.ForEachRow(w, isa, ["x", "y"], () =>
    {
        string x = isa.At("xs", "c"), y = isa.At("ys", "c"), exp = $"{library}Exp({x} - max)";
        w.Line($"{isa.Type} max = {isa.At("xs", 0)};");
        form.ForEachClass(w, 1, $"max = {isa.Max("max", x)};");
        w.Line($"{isa.Type} sum = {isa.Zero};");
        if (form.IsLog)
        {
            form.ForEachClass(w, 0, $"sum += {exp};");
            w.Line($"{isa.Type} log = {library}Log(sum);");
            form.ForEachClass(w, 0, $"{y} = {x} - max - log;");
        }
        else
        {
            form.ForEachClass(w, 0, $"{isa.Type} e = {exp};", $"{y} = e;", "sum += e;");
            form.ForEachClass(w, 0, $"{y} /= sum;");
        }
    });
}
