using NetGen.Generator.Emission;
using NetGen.Generator.Operations;

namespace NetGen.Generator.Kernels;

/// <summary>For every channel the sum of an expression, or of several, over the samples and positions of a block.</summary>
/// <remarks>
/// A block's sums are taken while its values are in the cache; <see cref="BlockSum"/> adds up the blocks. The lanes behind the last sample
/// hold anything, so the terms of an incomplete block are masked. The order of the sums depends on the instruction set and on nothing else.
/// </remarks>
/// <param name="name">Says what is summed, with its constants.</param>
/// <param name="formula">Textbook form.</param>
/// <param name="shape">The values' shape.</param>
/// <param name="operands">What the terms read.</param>
/// <param name="results">Names of the sums, each [channels] a block.</param>
/// <param name="terms">Each sum's term from the operands, as a value or as two factors.</param>
internal sealed class ChannelSums(
    string name, string formula, NormShape shape, IReadOnlyList<ChannelOperand> operands, IReadOnlyList<string> results,
    Func<InstructionSet, string[], (string Factor, string? Other)[]> terms) : Kernel
{
    public override string Name => name + shape.Name;

    public override string Summary => $"{formula}, over each block of samples. Shapes: values {shape}, sums [{shape.Channels}].";

    public override IReadOnlyList<KernelParameter> Parameters =>
    [
        .. operands.Select(operand => operand.Parameter), .. results.Select(KernelParameter.Block), KernelParameter.Int("stride"),
        KernelParameter.Int("samples"),
    ];

    public override void EmitVector(SourceWriter w, InstructionSet isa) =>
        ChannelBlocks.Emit(w, shape, isa, body => EmitChannel(w, isa, body));

    public override void EmitScalar(SourceWriter w) =>
        ChannelBlocks.Emit(w, shape, InstructionSet.Scalar, body => EmitChannel(w, InstructionSet.Scalar, body));

    private void EmitChannel(SourceWriter w, InstructionSet isa, ChannelBlocks body)
    {
        foreach (ChannelOperand operand in operands.Where(operand => operand.Extent == ChannelExtent.Channels))
            w.Line($"{isa.Type} {operand.Name}c = {isa.Create($"Unsafe.Add(ref {operand.Name}, c)")};");
        body.Tile.ForEach(v =>
        {
            for (int k = 0; k < results.Count; k++)
                w.Line($"{isa.Type} {Sum(k, v)} = {isa.Zero};");
        });
        body.ForEachValue(
            operands.All(operand => operand.Extent != ChannelExtent.Groups) ? null : v =>
            {
                foreach (ChannelOperand operand in operands.Where(operand => operand.Extent == ChannelExtent.Groups))
                    w.Line($"{isa.Type} {operand.Name}{v} = {body.Tile.At(operand.Name, "kept", v)};");
            },
            v =>
            {
                string[] values = [.. operands.Select(operand => operand.Extent switch
                {
                    ChannelExtent.Values => body.Tile.At(operand.Name, "i", v),
                    ChannelExtent.Groups => $"{operand.Name}{v}",
                    _ => $"{operand.Name}c",
                })];
                (string Factor, string? Other)[] found = terms(isa, values);
                for (int k = 0; k < results.Count; k++)
                {
                    (string factor, string? other) = found[k];
                    w.Line(other is null
                        ? $"{Sum(k, v)} += {body.Masked(factor, v)};"
                        : body.IsMasked
                            ? $"{Sum(k, v)} += {body.Masked($"{factor} * ({other})", v)};"
                            : $"{Sum(k, v)} = {isa.MultiplyAdd(factor, $"({other})", Sum(k, v))};");
                }
            });
        for (int k = 0; k < results.Count; k++)
            w.Line($"Unsafe.Add(ref {results[k]}, {Panel.Start} + c) = {body.Total(v => Sum(k, v))};");
    }

    private string Sum(int k, int vector) => $"{results[k]}Sum{vector}";
}
