using NetGen.Generator.Emission;

namespace NetGen.Generator.Kernels;

/// <summary>average ← average + momentum · (value - average), for every channel; writes nothing behind the last one.</summary>
internal sealed class RunningAverage(int channels, float momentum) : Kernel
{
    public override string Name => $"RunningAverage{channels}M{Identifier.Of(momentum)}";

    public override string Summary => $"average[c] += {Literal.Of(momentum)} · (value[c] - average[c]). Shapes: both [{channels}].";

    public override IReadOnlyList<KernelParameter> Parameters { get; } =
        [KernelParameter.Shared("value"), KernelParameter.Shared("average")];

    public override void EmitVector(SourceWriter w, InstructionSet isa) => LaneGroup.ForEach(w, LaneGroup.Split(isa, channels, most: 4), (group, o) =>
    {
        w.Line($"ref float values = ref {Address.At("value", o)};");
        w.Line($"ref float averages = ref {Address.At("average", o)};");
        for (int v = 0; v < group.Vectors.Count; v++)
        {
            LaneVector vector = group.Vectors[v];
            InstructionSet own = vector.Isa;
            w.Line($"{own.Type} old{v} = {own.At("averages", vector.Offset)};");
            w.Line($"{own.Type} new{v} = {own.MultiplyAdd(own.Constant(momentum), $"{own.At("values", vector.Offset)} - old{v}", $"old{v}")};");
            vector.EmitStore(w, $"new{v}", "averages", vector.Offset);
        }
    });

    public override void EmitScalar(SourceWriter w)
    {
        w.Line($"for (int c = 0; c < {channels}; c++)");
        w.Line($"    Unsafe.Add(ref average, c) += {Literal.Of(momentum)} * (Unsafe.Add(ref value, c) - Unsafe.Add(ref average, c));");
    }
}
