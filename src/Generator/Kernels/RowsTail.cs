using NetGen.Generator.Emission;

namespace NetGen.Generator.Kernels;

/// <summary>The last one to four outputs of <see cref="RowsProduct"/>, where a vector along the row would be mostly waste.</summary>
/// <remarks>
/// A vector holds two terms of four outputs, o₀k o₀k+1 o₁k o₁k+1 …, and is multiplied by x[k] x[k+1] x[k] x[k+1] …, which is one load. So
/// the sum of an output is the sum over its even terms plus the sum over its odd ones. 256 bits, at every width that has them: a wider
/// vector would need four terms, which no load repeats.
/// </remarks>
/// <param name="inputs">Terms of a sum.</param>
/// <param name="units">Outputs of the layer.</param>
/// <param name="count">How many of them these are.</param>
/// <param name="firstTerm">The variable that holds the first of <c>terms</c> terms; null where all are taken at once.</param>
internal sealed class RowsTail(int inputs, int units, int count, string? firstTerm)
{
    /// <summary>Samples of a tile: eight sums hide the latency of the multiply-add.</summary>
    public const int Rows = 8;

    /// <summary>Packed floats per term.</summary>
    public const int PackedWidth = 4;

    private const int TermsPerVector = 2;

    /// <summary>The first of the outputs.</summary>
    public int First => units - count;

    private bool HasOddTerm => inputs % TermsPerVector != 0;

    private string Terms => firstTerm is null ? Identifier.Text(inputs) : "terms";

    /// <summary>Packs the weights of the terms in pairs.</summary>
    public void EmitPack(SourceWriter w, InstructionSet isa)
    {
        InstructionSet four = isa.Narrow(4);
        w.Line($"ref float columns = ref Unsafe.Add(ref weight, {First}{(firstTerm is null ? "" : $" + {firstTerm} * {units}")});");
        using (w.Open($"for (int i = 0; i < {Terms} - 1; i += {TermsPerVector})"))
        {
            string even = four.At("columns", $"i * {units}"), odd = four.At("columns", $"i * {units} + {units}");
            w.Line($"{Pairs(isa).At("packed", $"i * {PackedWidth}")} = Lanes.Interleave({even}, {odd});");
        }
    }

    /// <summary>Prints the sums t0, t1, … of the samples from s on, four outputs each.</summary>
    /// <param name="w">Takes the text.</param>
    /// <param name="isa">The rung.</param>
    /// <param name="rows">Samples.</param>
    public void EmitSums(SourceWriter w, InstructionSet isa, int rows)
    {
        InstructionSet pairs = Pairs(isa), four = isa.Narrow(4);
        w.Line($"ref float k = ref Unsafe.Add(ref x, (nint)s * {inputs}{(firstTerm is null ? "" : $" + {firstTerm}")});");
        w.Line($"ref float end = ref Unsafe.Add(ref k, {Terms}{(HasOddTerm ? " - 1" : "")});");
        w.Line("ref float wk = ref packed;");
        for (int r = 0; r < rows; r++)
            w.Line($"{pairs.Type} c{r} = {pairs.Zero};");
        using (w.Open("while (Unsafe.IsAddressLessThan(ref k, ref end))"))
        {
            w.Line($"{pairs.Type} b = {pairs.At("wk", 0)};");
            for (int r = 0; r < rows; r++)
            {
                string pair = $"Vector256.Create(Unsafe.As<float, double>(ref {Address.At("k", r * inputs)})).AsSingle()";
                w.Line($"c{r} = {pairs.MultiplyAdd(pair, "b", $"c{r}")};");
            }

            w.Line($"k = ref Unsafe.Add(ref k, {TermsPerVector});");
            w.Line($"wk = ref Unsafe.Add(ref wk, {TermsPerVector * PackedWidth});");
        }

        for (int r = 0; r < rows; r++)
            w.Line($"{four.Type} t{r} = Lanes.SumsOfPairs(c{r});");
        if (HasOddTerm)
            EmitOddTerm(w, four, rows);
    }

    /// <summary>The last term of a sum with an odd number of them.</summary>
    private void EmitOddTerm(SourceWriter w, InstructionSet four, int rows)
    {
        using (w.OpenIf(firstTerm is not null, $"if ({firstTerm} + terms == {inputs})"))
        {
            w.Line($"{four.Type} odd = {four.At("weight", ((inputs - 1) * units) + First)};");
            for (int r = 0; r < rows; r++)
                w.Line($"t{r} = {four.MultiplyAdd(four.Create(Address.At("end", r * inputs)), "odd", $"t{r}")};");
        }
    }

    private static InstructionSet Pairs(InstructionSet isa) => isa.Narrow(8);
}
