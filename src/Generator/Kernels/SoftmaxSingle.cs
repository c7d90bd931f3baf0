using NetGen.Generator.Emission;

namespace NetGen.Generator.Kernels;

/// <summary>Softmax of one sample or its logarithm: lanes are classes;
/// the memory behind the last class is filled so that it does not count.</summary>
internal sealed class SoftmaxSingle(SoftmaxForm form) : Kernel
{
    public override string Name => form.NameOf("Single");

    public override string Summary => $"{form.Formula} for one sample. Shapes: x, y [{form.Classes}].";

    public override IReadOnlyList<KernelParameter> Parameters { get; } = [KernelParameter.Shared("x"), KernelParameter.Shared("y")];

    public override IEnumerable<(MathFunction Function, InstructionSet Isa)> Functions(InstructionSet isa)
    {
        InstructionSet one = isa.IsScalar ? isa : isa.Narrow(4);
        yield return (MathFunctions.Exp, form.Positions > 1 ? one : isa);
        if (form.IsLog)
            yield return (MathFunctions.Log, one);
    }

    public override void EmitVector(SourceWriter w, InstructionSet isa)
    {
        // Rows of a sequence lie back to back without padding, so each is taken class by class.
        if (form.Positions > 1)
            EmitClasses(w, (function, x) => OfOne(isa, function, x));
        else
            EmitLanes(w, isa);
    }

    public override void EmitScalar(SourceWriter w) => EmitClasses(w, (function, x) => $"MathF.{function}({x})");

    private void EmitLanes(SourceWriter w, InstructionSet isa)
    {
        string x = isa.At("x", "c"), y = isa.At("y", "c"), max = isa.Create("max"), exp = $"Exp({x} - {max})";
        int end = (form.Classes + isa.Lanes - 1) / isa.Lanes * isa.Lanes;
        for (int c = form.Classes; c < end; c++)
            w.Line($"{Address.At("x", c)} = float.NegativeInfinity;");
        w.Line($"V largest = {isa.At("x", 0)};");
        if (end > isa.Lanes)
            ForEach(isa.Lanes, $"largest = {isa.Max("largest", x)};");
        w.Line("float max = largest.GetElement(0);");
        w.Line($"for (int lane = 1; lane < {isa.Lanes}; lane++)");
        w.Line("    max = MathF.Max(max, largest.GetElement(lane));");
        w.Line("V total = V.Zero;");
        if (form.IsLog)
        {
            ForEach(0, $"total += {exp};");
            w.Line($"V log = {isa.Create(OfOne(isa, "Log", "Sum(total)"))};");
            ForEach(0, $"{y} = {x} - {max} - log;");
        }
        else
        {
            ForEach(0, $"V e = {exp};", $"{y} = e;", "total += e;");
            w.Line("V sum = Create(Sum(total));");
            ForEach(0, $"{y} /= sum;");
        }

        void ForEach(int first, params string[] statements) => SoftmaxForm.ForEach(w, first, end, isa.Lanes, statements);
    }

    /// <summary>A function of one float, by the vector function.</summary>
    private static string OfOne(InstructionSet isa, string function, string x) =>
        $"{function}({isa.Narrow(4).Call("CreateScalarUnsafe", x)}).ToScalar()";

    private void EmitClasses(SourceWriter w, Func<string, string, string> call)
    {
        using (w.OpenIf(form.Positions > 1, $"for (int t = 0; t < {form.Positions}; t++)"))
        {
            string exp = call("Exp", "Unsafe.Add(ref xs, c) - max");
            w.Line($"ref float xs = ref {(form.Positions > 1 ? $"Unsafe.Add(ref x, t * {form.Classes})" : "x")};");
            w.Line($"ref float ys = ref {(form.Positions > 1 ? $"Unsafe.Add(ref y, t * {form.Classes})" : "y")};");
            w.Lines($$"""
                float max = xs;
                for (int c = 1; c < {{form.Classes}}; c++)
                    max = MathF.Max(max, Unsafe.Add(ref xs, c));
                float sum = 0f;
                for (int c = 0; c < {{form.Classes}}; c++)
                    sum += {{(form.IsLog ? exp : $"Unsafe.Add(ref ys, c) = {exp}")}};
                """);
            if (form.IsLog)
                w.Line($"float log = {call("Log", "sum")};");
            w.Line($"for (int c = 0; c < {form.Classes}; c++)");
            w.Line($"    Unsafe.Add(ref ys, c) {(form.IsLog ? "= Unsafe.Add(ref xs, c) - max - log" : "/= sum")};");
        }
    }
}
