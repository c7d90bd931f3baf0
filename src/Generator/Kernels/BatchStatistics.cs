using NetGen.Generator.Emission;

namespace NetGen.Generator.Kernels;

/// <summary>Mean, 1 / √(variance + ε) and unbiased variance of every channel over the batch, from those of its blocks,
/// in their order.</summary>
/// <remarks>
/// With n values in a block: mean = Σ n · mean_b / N and Σ (x - mean)² = Σ (squares_b + n · (mean_b - mean)²). Means are taken relative to
/// the first block's, so that a large common part costs no digits. Vectors run over the channels and over what pads them.
/// </remarks>
internal sealed class BatchStatistics(int channels, int positions, float epsilon) : Kernel
{
    public override string Name => $"BatchStatistics{channels}{(positions > 1 ? $"x{positions}" : "")}E{Identifier.Of(epsilon)}";

    public override string Summary =>
        $"Mean, root = 1 / √(variance + ε) and unbiased variance of {positions} values a sample, from the blocks' means and squares. "
        + $"Shapes: all [{channels}].";

    public override IReadOnlyList<KernelParameter> Parameters { get; } =
    [
        KernelParameter.Block("means"), KernelParameter.Block("rests"), KernelParameter.Block("squares"), KernelParameter.Shared("mean"),
        KernelParameter.Shared("root"), KernelParameter.Shared("variance"), KernelParameter.Int("stride"), KernelParameter.Int("samples"),
    ];

    public override void EmitVector(SourceWriter w, InstructionSet isa) => Emit(w, isa);

    public override void EmitScalar(SourceWriter w) => Emit(w, InstructionSet.Scalar);

    private void Emit(SourceWriter w, InstructionSet isa)
    {
        w.Line($"float total = {Times("samples")};");
        using (w.Open($"for (int c = 0; c < {channels}; c += {isa.Lanes})"))
        {
            w.Line($"{isa.Type} origin = {isa.At("means", "c")};");
            w.Line($"{isa.Type} sum = {isa.Zero};");
            EmitBlocks(w, isa, () => w.Line($"sum = {isa.MultiplyAdd("count", "d", "sum")};"));
            w.Line($"{isa.Type} center = sum * {isa.Create("1f / total")};");
            w.Line($"{isa.At("mean", "c")} = origin + center;");
            w.Line($"sum = {isa.Zero};");
            EmitBlocks(w, isa, () =>
            {
                w.Line("d -= center;");
                w.Line($"sum += {isa.MultiplyAdd("count * d", "d", isa.At("squares", $"{Panel.Start} + c"))};");
            });
            string root = isa.Sqrt($"sum * {isa.Create("1f / total")} + {isa.Constant(epsilon)}");
            w.Line($"{isa.At("root", "c")} = {isa.Constant(1f)} / {root};");
            w.Line($"{isa.At("variance", "c")} = sum * {isa.Create("1f / (total - 1f)")};");
        }
    }

    private void EmitBlocks(SourceWriter w, InstructionSet isa, Action emit)
    {
        using (w.Open($"for (int s = 0; s < samples; s += {Panel.Lanes})"))
        {
            w.Line($"{isa.Type} count = {isa.Create($"(float)({Times($"Math.Min({Panel.Lanes}, samples - s)")})")};");
            w.Line($"{isa.Type} d = {isa.At("means", $"{Panel.Start} + c")} - origin + {isa.At("rests", $"{Panel.Start} + c")};");
            emit();
        }
    }

    private string Times(string samples) => positions == 1 ? samples : $"{samples} * {positions}";
}
