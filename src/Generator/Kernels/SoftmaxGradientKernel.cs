using NetGen.Generator.Emission;

namespace NetGen.Generator.Kernels;

/// <summary>dx[c] = y[c] · (dy[c] - Σ y[j] · dy[j]), or dx[c] = dy[c] - exp(y[c]) · Σ dy[j] for the logarithm,
/// for blocks of samples.</summary>
internal sealed class SoftmaxGradientKernel(SoftmaxForm form) : Kernel
{
    public override string Name => form.NameOf("Gradient");

    public override string Summary =>
        $"dx[c] = {(form.IsLog ? "dy[c] - exp(y[c]) · Σ dy[j]" : "y[c] · (dy[c] - Σ y[j] · dy[j])")} for blocks of samples. Shapes: dy, y, dx [{form.Classes}].";

    public override IReadOnlyList<KernelParameter> Parameters { get; } =
    [
        KernelParameter.Block("dy"), KernelParameter.Block("y"), KernelParameter.Block("dx"), KernelParameter.Int("stride"),
        KernelParameter.Int("samples"),
    ];

    public override IEnumerable<(MathFunction Function, InstructionSet Isa)> Functions(InstructionSet isa) =>
        form.IsLog ? [(MathFunctions.Exp, isa)] : [];

    public override void EmitVector(SourceWriter w, InstructionSet isa) => Emit(w, isa, "Exp");

    public override void EmitScalar(SourceWriter w) => Emit(w, InstructionSet.Scalar, "MathF.Exp");

    private void Emit(SourceWriter w, InstructionSet isa, string exp) => form.ForEachRow(w, isa, ["dy", "y", "dx"], () =>
    {
        string dy = isa.At("dys", "c"), y = isa.At("ys", "c"), dx = isa.At("dxs", "c"), total = form.IsLog ? "sum" : "dot";
        w.Line($"{isa.Type} {total} = {isa.Zero};");
        form.ForEachClass(w, 0, form.IsLog ? $"sum += {dy};" : $"dot = {isa.MultiplyAdd(y, dy, "dot")};");
        form.ForEachClass(w, 0, form.IsLog ? $"{dx} = {dy} - {exp}({y}) * sum;" : $"{dx} = {y} * ({dy} - dot);");
    });
}
