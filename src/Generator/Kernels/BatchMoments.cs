using NetGen.Generator.Emission;
using NetGen.Generator.Operations;

namespace NetGen.Generator.Kernels;

/// <summary>For every channel the mean over a block of samples and their positions, and Σ (x - mean)².</summary>
/// <remarks>Two passes, the second of which finds what rounding left in the mean: Chan, Golub and LeVeque, Algorithms for computing the
/// sample variance, 1983, equation 1.7. The mean stays in two parts, so that a large one costs no digits of the variance.</remarks>
internal sealed class BatchMoments(NormShape shape) : Kernel
{
    public override string Name => $"BatchMoments{shape.Name}";

    public override string Summary =>
        "means[c] + rests[c] = mean of x and squares[c] = Σ (x - mean)², over each block of samples. "
        + $"Shapes: x {shape}, the others [{shape.Channels}].";

    public override IReadOnlyList<KernelParameter> Parameters { get; } =
    [
        KernelParameter.Block("x"), KernelParameter.Block("means"), KernelParameter.Block("rests"), KernelParameter.Block("squares"),
        KernelParameter.Int("stride"), KernelParameter.Int("samples"),
    ];

    public override void EmitVector(SourceWriter w, InstructionSet isa) => Emit(w, isa);

    public override void EmitScalar(SourceWriter w) => Emit(w, InstructionSet.Scalar);

    private void Emit(SourceWriter w, InstructionSet isa) => ChannelBlocks.Emit(w, shape, isa, block =>
    {
        w.Line($"float share = 1f / {(shape.Positions == 1 ? block.Valid : $"({block.Valid} * {shape.Positions})")};");
        block.Tile.ForEach(v => w.Line($"{isa.Type} sum{v} = {isa.Zero};"));
        block.ForEachValue(null, v => w.Line($"sum{v} += {block.Masked(block.Tile.At("x", "i", v), v)};"));
        w.Line($"float mean = {block.Total(v => $"sum{v}")} * share;");
        block.Tile.ForEach(v => w.Line($"{isa.Type} left{v} = {isa.Zero}, squares{v} = {isa.Zero};"));
        block.ForEachValue(null, v =>
        {
            w.Line($"{isa.Type} d{v} = {block.Masked($"{block.Tile.At("x", "i", v)} - {isa.Create("mean")}", v)};");
            w.Line($"left{v} += d{v};");
            w.Line($"squares{v} = {isa.MultiplyAdd($"d{v}", $"d{v}", $"squares{v}")};");
        });
        w.Line($"float left = {block.Total(v => $"left{v}")};");
        w.Line($"Unsafe.Add(ref means, {Panel.Start} + c) = mean;");
        w.Line($"Unsafe.Add(ref rests, {Panel.Start} + c) = left * share;");
        w.Line($"Unsafe.Add(ref squares, {Panel.Start} + c) = MathF.Max({block.Total(v => $"squares{v}")} - left * left * share, 0f);");
    });
}
