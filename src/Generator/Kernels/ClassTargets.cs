using NetGen.Generator.Emission;

namespace NetGen.Generator.Kernels;

/// <summary>Smooths and weights the targets of classes, for blocks of samples: each lane is a sample.</summary>
internal sealed class ClassTargets(int classes, float smoothing, bool weighted) : Kernel
{
    public override string Name =>
        $"{(weighted ? "Weighted" : "")}{(smoothing > 0f ? "Smooth" + Identifier.Of(smoothing) + "_" : "")}Targets{classes}";

    public override string Summary =>
        $"u[c] = {(weighted ? "w[c] · " : "")}{(smoothing > 0f ? $"((1 - {Literal.Of(smoothing)}) · t[c] + {Literal.Of(smoothing)} / {classes})" : "t[c]")}"
        + $" for blocks of samples. Shapes: t, u [{classes}].";

    public override IReadOnlyList<KernelParameter> Parameters
    {
        get
        {
            List<KernelParameter> parameters = [KernelParameter.Block("t"), KernelParameter.Block("u")];
            if (weighted)
                parameters.Add(KernelParameter.Shared("weights"));
            return [.. parameters, KernelParameter.Int("stride"), KernelParameter.Int("samples")];
        }
    }

    public override void EmitVector(SourceWriter w, InstructionSet isa) => Emit(w, isa);

    public override void EmitScalar(SourceWriter w) => Emit(w, InstructionSet.Scalar);

    private void Emit(SourceWriter w, InstructionSet isa)
    {
        using (w.Open($"for (int s = 0; s < samples; s += {isa.Lanes})"))
        {
            w.Line($"ref float ts = ref Unsafe.Add(ref t, {Panel.Lane});");
            w.Line($"ref float us = ref Unsafe.Add(ref u, {Panel.Lane});");
            using (w.Open($"for (int c = 0; c < {classes}; c++)"))
            {
                string target = isa.At("ts", $"c * {Panel.Lanes}");
                if (smoothing > 0f)
                {
                    target = isa.MultiplyAdd(
                        target, isa.Constant((float)(1.0 - smoothing)), isa.Constant((float)((double)smoothing / classes)));
                }

                string weight = isa.Create("Unsafe.Add(ref weights, c)");
                w.Line($"{isa.At("us", $"c * {Panel.Lanes}")} = {(weighted ? $"{weight} * ({target})" : target)};");
            }
        }
    }
}
