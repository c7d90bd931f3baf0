using NetGen.Generator.Emission;

namespace NetGen.Generator.Kernels;

/// <summary>d[i] = Σ of the blocks' sums, in their order: the gradient of a parameter.</summary>
/// <param name="length">Floats of the parameter.</param>
internal sealed class BlockSum(int length) : Kernel
{
    /// <summary>Floats that wait for the optimizer at once; longer parameters are split between the threads.</summary>
    public const int ChunkFloats = 4096;

    public override string Name => $"BlockSum{length}";

    public override string Summary =>
        $"d[i] = Σ sums[i] over the blocks{(IsSplit ? ", for i from first to last, the first at target" : "")}; "
        + $"update stores it or applies it to the parameter. Shapes: sums, d [{length}].";

    /// <summary>Whether it works on a range of the parameter.</summary>
    public bool IsSplit => length > ChunkFloats;

    public override IReadOnlyList<KernelParameter> Parameters =>
    [
        KernelParameter.Block("sums"), KernelParameter.Shared("target"), KernelParameter.Shared("state"), KernelParameter.Update(),
        KernelParameter.Int("stride"), KernelParameter.Int("samples"),
        .. IsSplit ? [KernelParameter.Int("first"), KernelParameter.Int("last")] : Array.Empty<KernelParameter>(),
    ];

    private string First => IsSplit ? "first" : "0";

    private string Last => IsSplit ? "last" : Identifier.Text(length);

    /// <summary>The place of element i behind the target.</summary>
    private string Place => IsSplit ? "i - first" : "i";

    public override void EmitVector(SourceWriter w, InstructionSet isa)
    {
        w.Line($"int i = {First};");
        using (w.Open($"for (; i <= {Last} - {isa.Lanes}; i += {isa.Lanes})"))
            EmitSum(w, "V", "V.Zero", isa.At("sums", $"{Panel.Start} + i"));
        if (!IsSplit && length % isa.Lanes == 0)
            return;
        using (w.Open($"for (; i < {Last}; i++)"))
            EmitSum(w, "float", "0f", $"Unsafe.Add(ref sums, {Panel.Start} + i)");
    }

    public override void EmitScalar(SourceWriter w)
    {
        using (w.Open($"for (int i = {First}; i < {Last}; i++)"))
            EmitSum(w, "float", "0f", $"Unsafe.Add(ref sums, {Panel.Start} + i)");
    }

    private void EmitSum(SourceWriter w, string type, string zero, string term)
    {
        w.Line($"{type} sum = {zero};");
        w.Line($"for (int s = 0; s < samples; s += {Panel.Lanes})");
        w.Line($"    sum += {term};");
        w.Line($"update.Apply(ref target, ref state, {Place}, sum);");
    }
}
