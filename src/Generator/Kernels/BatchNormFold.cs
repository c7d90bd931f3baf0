using NetGen.Generator.Emission;

namespace NetGen.Generator.Kernels;

/// <summary>scale = weight / √(variance + ε) and shift = bias - mean · scale, for every channel:
/// what a normalisation by running averages is.</summary>
/// <remarks>Vectors run over the channels and over what pads them.</remarks>
internal sealed class BatchNormFold(int channels, float epsilon, bool hasBias) : Kernel
{
    public override string Name => $"BatchNormFold{channels}{(hasBias ? "" : "NoBias")}E{Identifier.Of(epsilon)}";

    public override string Summary =>
        $"scale = weight / √(variance + ε), shift = {(hasBias ? "bias " : "")}- mean · scale. Shapes: all [{channels}].";

    public override IReadOnlyList<KernelParameter> Parameters { get; } =
    [
        KernelParameter.Shared("mean"), KernelParameter.Shared("variance"), KernelParameter.Shared("weight"),
        .. hasBias ? [KernelParameter.Shared("bias")] : Array.Empty<KernelParameter>(), KernelParameter.Shared("scale"),
        KernelParameter.Shared("shift"),
    ];

    public override void EmitVector(SourceWriter w, InstructionSet isa) => Emit(w, isa);

    public override void EmitScalar(SourceWriter w) => Emit(w, InstructionSet.Scalar);

    private void Emit(SourceWriter w, InstructionSet isa)
    {
        using (w.Open($"for (int c = 0; c < {channels}; c += {isa.Lanes})"))
        {
            w.Line($"{isa.Type} factor = {isa.At("weight", "c")} / {isa.Sqrt($"{isa.At("variance", "c")} + {isa.Constant(epsilon)}")};");
            w.Line($"{isa.At("scale", "c")} = factor;");
            w.Line($"{isa.At("shift", "c")} = {(hasBias ? isa.At("bias", "c") : isa.Zero)} - {isa.At("mean", "c")} * factor;");
        }
    }
}
