using NetGen.Generator.Emission;
using NetGen.Generator.Kernels;

namespace NetGen.Generator.Expressions;

/// <summary>Prints a class that computes expressions element by element over arrays, once per vector width and in plain floats.</summary>
/// <remarks>
/// The elements behind the last whole vector go through the same code in a vector of their own, so an element's bits do not depend on its
/// place.
/// </remarks>
internal sealed class SpanKernels
{
    private readonly string name;
    private readonly IReadOnlyList<string> inputs;
    private readonly IReadOnlyList<string> outputs;
    private readonly IReadOnlyList<Expression> values;

    /// <param name="name">The class's name.</param>
    /// <param name="inputs">Names of the parameters, in their order.</param>
    /// <param name="outputs">Names of the values.</param>
    /// <param name="values">The values, one per name.</param>
    public SpanKernels(string name, IReadOnlyList<string> inputs, IReadOnlyList<string> outputs, IReadOnlyList<Expression> values)
    {
        this.name = name;
        this.inputs = [.. inputs.Select(Local)];
        this.outputs = [.. outputs.Select(Local)];
        this.values = values;
    }

    private IEnumerable<string> All => inputs.Concat(outputs);

    /// <summary>Prints the class: <c>Run</c> chooses the width, <c>Scalar.Evaluate</c> computes one element.</summary>
    public void Emit(SourceWriter w)
    {
        using (w.Open($"internal static class {name}"))
        {
            using (w.Open($"public static void Run({References("ref float ")}, int length_)"))
            {
                string call = $".Run({References("ref ")}, length_);";
                w.Line("if (Vector512.IsHardwareAccelerated)");
                w.Line($"    Bits512{call}");
                w.Line("else if (Vector256.IsHardwareAccelerated && Fma.IsSupported)");
                w.Line($"    Bits256{call}");
                w.Line("else if (Vector128.IsHardwareAccelerated)");
                w.Line($"    Bits128{call}");
                w.Line("else");
                w.Line($"    Scalar{call}");
            }

            foreach (InstructionSet isa in InstructionSet.Vectors)
            {
                w.Line();
                w.Line($"/// <summary>{isa.Lanes} floats to a vector.</summary>");
                EmitWidth(w, isa.Spelled());
            }

            w.Line();
            w.Line("/// <summary>One float at a time.</summary>");
            EmitWidth(w, InstructionSet.Scalar);
        }
    }

    /// <summary>A name that hides no type or method of the generated class, which begin with a capital, and no local,
    /// which end like these.</summary>
    private static string Local(string name) =>
        char.IsUpper(name[0]) || name.EndsWith("_", StringComparison.Ordinal) || name.EndsWith("_i", StringComparison.Ordinal)
            || name.EndsWith("_rest", StringComparison.Ordinal) ? name + "_" : name;

    private string References(string prefix) => string.Join(", ", All.Select(one => prefix + one));

    private void EmitWidth(SourceWriter w, InstructionSet isa)
    {
        string type = isa.Type;
        using (w.Open($"public static class {(isa.IsScalar ? "Scalar" : $"Bits{isa.Bits}")}"))
        {
            string parameters = string.Join(", ", inputs.Select(one => $"{type} {one}").Concat(outputs.Select(one => $"out {type} {one}")));
            w.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
            using (w.Open($"public static void Evaluate({parameters})"))
            {
                string[] texts = ExpressionPrinter.Print(isa, values, inputs, w.Line, outputs);
                for (int i = 0; i < texts.Length; i++)
                    w.Line($"{outputs[i]} = {texts[i]};");
            }

            w.Line();
            w.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
            using (w.Open($"public static void Run({References("ref float ")}, int length_)"))
                EmitLoop(w, isa);
            if (!isa.IsScalar)
                EmitAccess(w, isa);
            MathFunction.Emit(w, ExpressionPrinter.Functions(values).Select(function => (function, isa)));
        }
    }

    private void EmitLoop(SourceWriter w, InstructionSet isa)
    {
        // The callers' names are taken, so these have an underscore.
        string arguments = string.Join(
            ", ", inputs.Select(one => isa.At(one, "i_")).Concat(outputs.Select(one => $"out {isa.Type} {one}_i")));
        w.Line("int i_ = 0;");
        using (w.Open($"for (; i_ <= length_ - {isa.Lanes}; i_ += {isa.Lanes})"))
        {
            w.Line($"Evaluate({arguments});");
            foreach (string output in outputs)
                w.Line($"{isa.At(output, "i_")} = {output}_i;");
        }

        if (isa.IsScalar)
            return;
        w.Line("if (i_ == length_)");
        w.Line("    return;");
        w.Line("int rest_ = length_ - i_;");
        string rest = string.Join(", ", inputs.Select(one => $"Load(ref Unsafe.Add(ref {one}, i_), rest_)")
            .Concat(outputs.Select(one => $"out {isa.Type} {one}_rest")));
        w.Line($"Evaluate({rest});");
        foreach (string output in outputs)
            w.Line($"Store({output}_rest, ref Unsafe.Add(ref {output}, i_), rest_);");
    }

    private static void EmitAccess(SourceWriter w, InstructionSet isa)
    {
        w.Line();
        w.Lines($$"""
            private static {{isa.Type}} Load(ref float source, int count)
            {
                {{isa.Type}} vector = default;
                for (int i = 0; i < count; i++)
                    Unsafe.Add(ref Unsafe.As<{{isa.Type}}, float>(ref vector), i) = Unsafe.Add(ref source, i);
                return vector;
            }

            private static void Store({{isa.Type}} vector, ref float destination, int count)
            {
                for (int i = 0; i < count; i++)
                    Unsafe.Add(ref destination, i) = Unsafe.Add(ref Unsafe.As<{{isa.Type}}, float>(ref vector), i);
            }
            """);
    }
}
