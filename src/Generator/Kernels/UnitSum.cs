using NetGen.Generator.Emission;
using NetGen.Generator.Graph;

namespace NetGen.Generator.Kernels;

/// <summary>Gradients of parameters that every unit has one of: sums over all samples and a unit's floats of each.</summary>
/// <remarks>
/// Operands are read from their blocks as they are, vectors running over samples; lanes of nobody count nothing, whatever they hold. All
/// sums of a unit are complete before an update changes what a formula reads. Every unit is summed in the order of the samples, whatever
/// the split between threads, so the bits do not depend on it.
/// </remarks>
/// <param name="name">Of the formula.</param>
/// <param name="axis">Where the units lie.</param>
/// <param name="operands">Values of the shape of <paramref name="axis"/>.</param>
/// <param name="unitOperands">Parameters, one float a unit; the target may be among them.</param>
/// <param name="terms">What is summed, one for each parameter. The gradients of several lie back to back, as their parameters do.</param>
internal sealed class UnitSum(string name, UnitAxis axis, string[] operands, string[] unitOperands, params UnitTerm[] terms) : Kernel
{
    /// <summary>Units that are summed together: as many sums hide the latency of the addition. A formula with functions fills the
    /// processor by itself.</summary>
    private const int Tile = 4;

    /// <summary>Units whose gradients wait for the optimizer at once, in whole tiles of every kernel.</summary>
    public const int ChunkUnits = 24 * 128;

    public override string Name => name + axis.Suffix;

    public override string Summary =>
        $"Σ {string.Join(" and Σ ", terms.Select(term => term.Formula))} for each unit, over the batch{(IsSplit ? ", for units first to last, the first at target" : "")}; "
        + $"update stores it or applies it to the parameter. Shapes: {string.Join(", ", operands)} [{axis.Length}], sums [{axis.Units}].";

    /// <summary>Whether it works on a range of units. Several parameters lie apart, so they are not split.</summary>
    public bool IsSplit => terms.Length == 1;

    public override IReadOnlyList<KernelParameter> Parameters
    {
        get
        {
            KernelParameter[] range = IsSplit ? [KernelParameter.Int("first"), KernelParameter.Int("last")] : [];
            return
            [
                .. operands.Select(KernelParameter.Block), .. unitOperands.Select(KernelParameter.Shared), KernelParameter.Shared("target"),
                KernelParameter.Shared("state"), KernelParameter.Update(), KernelParameter.Int("stride"), KernelParameter.Int("samples"),
                .. range,
            ];
        }
    }

    public override IEnumerable<(MathFunction Function, InstructionSet Isa)> Functions(InstructionSet isa) =>
        terms.Select(term => term.Math).OfType<MathFunction>().Select(function => (function, isa));

    private int Width => axis.Inner * Panel.Lanes;

    public override void EmitVector(SourceWriter w, InstructionSet isa)
    {
        int tile = terms.Any(term => term.Math is not null) ? 1 : Math.Min(Tile, axis.Units);
        string last = IsSplit ? "last" : Identifier.Text(axis.Units);
        w.Line($"int u = {(IsSplit ? "first" : "0")};");
        if (tile > 1)
        {
            using (w.Open($"for (; u <= {last} - {tile}; u += {tile})"))
                EmitTile(w, isa, tile);
        }

        if (tile == 1 || IsSplit || axis.Units % tile > 0)
        {
            using (w.Open($"for (; u < {last}; u++)"))
                EmitTile(w, isa, 1);
        }
    }

    public override void EmitScalar(SourceWriter w)
    {
        InstructionSet isa = InstructionSet.Scalar;
        using (w.Open(IsSplit ? "for (int u = first; u < last; u++)" : $"for (int u = 0; u < {axis.Units}; u++)"))
        {
            EmitParameters(w, isa, 1);
            EmitStart(w, isa, 1);
            using (w.Open("for (int s = 0; s < samples; s++)"))
                EmitSum(w, isa, 1, value => value);
            EmitUpdates(w, 1, sum => sum);
        }
    }

    private void EmitTile(SourceWriter w, InstructionSet isa, int tile)
    {
        EmitParameters(w, isa, tile);
        EmitStart(w, isa, tile);
        using (w.Open($"for (int s = 0; s < samples; s += {isa.Lanes})"))
        {
            w.Line("V valid = LessThan(V.Indices, Create((float)(samples - s)));");
            EmitSum(w, isa, tile, value => isa.Select("valid", value, isa.Zero));
        }

        EmitUpdates(w, tile, sum => $"Sum({sum})");
    }

    private void EmitParameters(SourceWriter w, InstructionSet isa, int tile)
    {
        foreach (string operand in unitOperands)
        {
            for (int j = 0; j < tile; j++)
                w.Line($"{isa.Type} {operand}_{j} = {isa.Create($"Unsafe.Add(ref {operand}, u{Plus(j)})")};");
        }
    }

    private void EmitStart(SourceWriter w, InstructionSet isa, int tile)
    {
        for (int i = 0; i < terms.Length; i++)
        {
            for (int j = 0; j < tile; j++)
                w.Line($"{isa.Type} sum{i}_{j} = {isa.Zero};");
        }
    }

    /// <summary>Adds what one vector of samples gives.</summary>
    private void EmitSum(SourceWriter w, InstructionSet isa, int tile, Func<string, string> masked)
    {
        w.Line($"int lane = {Panel.Lane} + u * {Width};");
        using (w.OpenIf(axis.Outer > 1, $"for (int t = 0; t < {axis.Outer}; t++)"))
        using (w.OpenIf(axis.Inner > 1, $"for (int i = 0; i < {Width}; i += {Panel.Lanes})"))
        {
            string start = $"lane{(axis.Outer > 1 ? $" + t * {axis.Units * Width}" : "")}{(axis.Inner > 1 ? " + i" : "")}";
            foreach (string operand in operands)
                w.Line($"ref float {operand}s = ref Unsafe.Add(ref {operand}, {start});");
            for (int j = 0; j < tile; j++)
            {
                foreach (string operand in operands)
                    w.Line($"{isa.Type} {operand}{j} = {isa.At(operand + "s", j * Width)};");
                string[] values = [.. operands.Select(operand => $"{operand}{j}")];
                string[] units = [.. unitOperands.Select(operand => $"{operand}_{j}")];
                for (int i = 0; i < terms.Length; i++)
                    w.Line($"sum{i}_{j} += {masked(terms[i].Text(isa, values, units))};");
            }
        }
    }

    private void EmitUpdates(SourceWriter w, int tile, Func<string, string> total)
    {
        string place = IsSplit ? "u - first" : "u";
        for (int i = 0; i < terms.Length; i++)
        {
            for (int j = 0; j < tile; j++)
                w.Line($"update.Apply(ref target, ref state, {place}{Plus((i * axis.Units) + j)}, {total($"sum{i}_{j}")});");
        }
    }

    private static string Plus(int offset) => offset == 0 ? "" : $" + {Identifier.Text(offset)}";
}

/// <summary>What is summed into a parameter's gradient.</summary>
/// <param name="Formula">For comments.</param>
/// <param name="Text">The formula, from the values of one float and the parameters of its unit.</param>
/// <param name="Math">The function that the text calls, or null.</param>
internal sealed record UnitTerm(string Formula, Func<InstructionSet, string[], string[], string> Text, MathFunction? Math = null);
