using NetGen.Generator.Emission;

namespace NetGen.Generator.Kernels;

/// <summary>Mean of every channel over the batch from the sums of its blocks, in their order.</summary>
internal sealed class BatchMean(int channels, int positions) : Kernel
{
    public override string Name => $"BatchMean{channels}{(positions > 1 ? $"x{positions}" : "")}";

    public override string Summary =>
        $"mean[c] = Σ sums[c] over the blocks / number of values, {positions} a sample. Shapes: sums, mean [{channels}].";

    public override IReadOnlyList<KernelParameter> Parameters { get; } =
        [KernelParameter.Block("sums"), KernelParameter.Shared("mean"), KernelParameter.Int("stride"), KernelParameter.Int("samples")];

    public override void EmitVector(SourceWriter w, InstructionSet isa) => Emit(w, isa);

    public override void EmitScalar(SourceWriter w) => Emit(w, InstructionSet.Scalar);

    private void Emit(SourceWriter w, InstructionSet isa)
    {
        w.Line($"float share = 1f / {(positions == 1 ? "samples" : $"((float)samples * {positions})")};");
        using (w.Open($"for (int c = 0; c < {channels}; c += {isa.Lanes})"))
        {
            w.Line($"{isa.Type} sum = {isa.Zero};");
            w.Line($"for (int s = 0; s < samples; s += {Panel.Lanes})");
            w.Line($"    sum += {isa.At("sums", $"{Panel.Start} + c")};");
            w.Line($"{isa.At("mean", "c")} = sum * {isa.Create("share")};");
        }
    }
}
