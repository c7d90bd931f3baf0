using NetGen.Generator.Emission;
using NetGen.Generator.Operations;

namespace NetGen.Generator.Kernels;

/// <summary>dx = root · (h - mean h - x̂ · mean(h · x̂)) with h = weight · dy and x̂ = (x - mean) · root, the means over each group of each
/// sample, for blocks of samples. RMSNorm lacks the two means that stand alone.</summary>
internal sealed class GroupNormGradient(NormShape shape, bool isCentered) : Kernel
{
    public override string Name => $"{(isCentered ? "GroupNorm" : "RMSNorm")}{shape.Name}Gradient";

    public override string Summary => isCentered
        ? "dx[c] = (h[c] - mean h - x̂[c] · mean(h · x̂)) · root with h = weight · dy, x̂ = (x - mean) · root, for blocks of samples. "
            + $"Shapes: dy, x, dx {shape}."
        : "dx[c] = (h[c] - x̂[c] · mean(h · x̂)) · root with h = weight · dy, x̂ = x · root, for blocks of samples. "
            + $"Shapes: dy, x, dx {shape}.";

    public override IReadOnlyList<KernelParameter> Parameters =>
    [
        KernelParameter.Block("dy"), KernelParameter.Block("x"),
        .. isCentered ? [KernelParameter.Block("mean")] : Array.Empty<KernelParameter>(),
        KernelParameter.Block("root"), KernelParameter.Shared("weight"), KernelParameter.Block("dx"), KernelParameter.Int("stride"),
        KernelParameter.Int("samples"),
    ];

    public override void EmitVector(SourceWriter w, InstructionSet isa) => Emit(w, isa);

    public override void EmitScalar(SourceWriter w) => Emit(w, InstructionSet.Scalar);

    private void Emit(SourceWriter w, InstructionSet isa)
    {
        LaneTile tile = new(isa);
        GroupLoops loops = new(shape, tile);
        loops.ForEachGroup(w, ["dy", "x", "dx"], () =>
        {
            w.Line($"int kept = {loops.Kept};");
            tile.ForEach(v =>
            {
                if (isCentered)
                    w.Line($"{isa.Type} mean{v} = {tile.At("mean", "kept", v)};");
                w.Line($"{isa.Type} root{v} = {tile.At("root", "kept", v)};");
            });
            EmitMeans(w, isa, tile, loops);
            ForEachValue(w, isa, loops, v =>
            {
                w.Line($"{isa.Type} h{v} = {tile.At("dys", "i", v)} * scale;");
                w.Line($"{isa.Type} n{v} = {Normalized(tile, v)};");
                w.Line($"{tile.At("dxs", "i", v)} = (h{v}{(isCentered ? $" - first{v}" : "")} - n{v} * second{v}) * root{v};");
            });
        });
    }

    private void EmitMeans(SourceWriter w, InstructionSet isa, LaneTile tile, GroupLoops loops)
    {
        tile.ForEach(v =>
        {
            if (isCentered)
                w.Line($"{isa.Type} first{v} = {isa.Zero};");
            w.Line($"{isa.Type} second{v} = {isa.Zero};");
        });
        ForEachValue(w, isa, loops, v =>
        {
            w.Line($"{isa.Type} h{v} = {tile.At("dys", "i", v)} * scale;");
            if (isCentered)
                w.Line($"first{v} += h{v};");
            w.Line($"second{v} = {isa.MultiplyAdd($"h{v}", Normalized(tile, v), $"second{v}")};");
        });
        tile.ForEach(v =>
        {
            string share = isa.Constant(1f / shape.GroupLength);
            if (isCentered)
                w.Line($"first{v} *= {share};");
            w.Line($"second{v} *= {share};");
        });
    }

    private string Normalized(LaneTile tile, int v) =>
        isCentered ? $"({tile.At("xs", "i", v)} - mean{v}) * root{v}" : $"{tile.At("xs", "i", v)} * root{v}";

    private static void ForEachValue(SourceWriter w, InstructionSet isa, GroupLoops loops, Action<int> body) => loops.ForEachValue(
        w, channel => w.Line($"{isa.Type} scale = {isa.Create($"Unsafe.Add(ref weight, {channel})")};"), body);
}
