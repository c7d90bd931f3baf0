using NetGen.Generator.Emission;
using NetGen.Generator.Graph;

namespace NetGen.Generator.Kernels;

/// <summary>One formula applied to every float of one sample, with parameters that differ between units. Writes the result and nothing
/// behind it; reads may run over, into the padding behind the operands and the parameters.</summary>
/// <param name="name">Of the formula.</param>
/// <param name="formula">For the summary.</param>
/// <param name="axis">Where the units lie.</param>
/// <param name="unitOperands">Parameters, one float a unit.</param>
/// <param name="text">The formula, from x and the parameters.</param>
/// <param name="math">The function that the text calls, or null.</param>
internal sealed class UnitwiseSingle(
    string name, string formula, UnitAxis axis, string[] unitOperands, Func<InstructionSet, string, string[], string> text,
    MathFunction? math = null) : Kernel
{
    /// <summary>Most vectors that are written out one after the other, behind which a loop follows.</summary>
    private const int Unrolled = 4;

    public override string Name => $"{name}{axis.Suffix}Single";

    public override string Summary =>
        $"{formula} for one sample. Shapes: x, y [{axis.Length}], {string.Join(", ", unitOperands)} [{axis.Units}].";

    public override IReadOnlyList<KernelParameter> Parameters =>
        [KernelParameter.Shared("x"), .. unitOperands.Select(KernelParameter.Shared), KernelParameter.Shared("y")];

    private int RowLength => axis.Inner > 1 ? axis.Inner : axis.Units;

    private int Rows => axis.Length / RowLength;

    public override IEnumerable<(MathFunction Function, InstructionSet Isa)> Functions(InstructionSet isa)
    {
        if (math is not MathFunction function)
            return [];
        return isa.IsScalar
            ? [(function, isa)]
            : LaneGroup.Split(isa, RowLength, Unrolled).SelectMany(group => group.Vectors).Select(vector => (function, vector.Isa));
    }

    /// <summary>A row is an image's channel, whose parameters are broadcast, or a row of units, each with its own.</summary>
    public override void EmitVector(SourceWriter w, InstructionSet isa)
    {
        using (w.OpenIf(Rows > 1, $"for (int r = 0; r < {Rows}; r++)"))
        {
            string row = Rows > 1 ? $"r * {RowLength}" : "0";
            w.Line($"ref float xs = ref {Address.At("x", row)};");
            w.Line($"ref float ys = ref {Address.At("y", row)};");
            LaneGroup.ForEach(w, LaneGroup.Split(isa, RowLength, Unrolled), (group, o) =>
            {
                w.Line($"ref float c = ref {Address.At("ys", o)};");
                for (int v = 0; v < group.Vectors.Count; v++)
                    EmitVector(w, group, group.Vectors[v], v, o);
            });
        }
    }

    public override void EmitScalar(SourceWriter w)
    {
        using (w.OpenIf(Rows > 1, $"for (int r = 0; r < {Rows}; r++)"))
        using (w.Open($"for (int i = 0; i < {RowLength}; i++)"))
        {
            string unit = axis.Inner == 1 ? "i" : Rows > 1 ? "r" : "0", place = Rows > 1 ? $"r * {RowLength} + i" : "i";
            string[] units = [.. unitOperands.Select(operand => operand + "u")];
            for (int i = 0; i < units.Length; i++)
                w.Line($"float {units[i]} = {Address.At(unitOperands[i], unit)};");
            w.Line($"float xi = {Address.At("x", place)};");
            w.Line($"{Address.At("y", place)} = {text(InstructionSet.Scalar, "xi", units)};");
        }
    }

    private void EmitVector(SourceWriter w, LaneGroup group, LaneVector vector, int number, string o)
    {
        InstructionSet isa = vector.Isa;
        string at = group.Position(o, vector);
        string[] units = [.. unitOperands.Select(operand => $"{operand}_{number}")];
        for (int i = 0; i < units.Length; i++)
        {
            string value = axis.Inner > 1 ? isa.Create(Address.At(unitOperands[i], Rows > 1 ? "r" : "0")) : isa.At(unitOperands[i], at);
            w.Line($"{isa.Type} {units[i]} = {value};");
        }

        w.Line($"{isa.Type} x{number} = {isa.At("xs", at)};");
        w.Line($"{isa.Type} y{number} = {text(isa, $"x{number}", units)};");
        vector.EmitStore(w, $"y{number}", "c", vector.Offset);
    }
}
