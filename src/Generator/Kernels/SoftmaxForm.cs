using NetGen.Generator.Emission;
using NetGen.Generator.Graph;

namespace NetGen.Generator.Kernels;

/// <summary>Softmax over the last axis, or its logarithm: y[c] = exp(x[c] - m) / Σ exp(x[j] - m), or x[c] - m - ln Σ exp(x[j] - m), with m
/// the maximum.</summary>
/// <remarks>The shift by m avoids overflow. The sum is at least 1, so nothing cancels and nothing underflows that counts.</remarks>
/// <param name="Classes">Floats of a row.</param>
/// <param name="Positions">Rows of a sample.</param>
/// <param name="IsLog">Whether y is the logarithm.</param>
internal sealed record SoftmaxForm(int Classes, int Positions, bool IsLog)
{
    public SoftmaxForm(Shape shape, bool isLog)
        : this(shape.Last, shape.Rows, isLog)
    {
    }

    public string Formula => IsLog ? "y[c] = x[c] - max x - ln Σ exp(x[j] - max x)" : "y[c] = exp(x[c] - max x) / Σ exp(x[j] - max x)";

    /// <summary>A name that says every constant.</summary>
    public string NameOf(string kernel) =>
        $"{(IsLog ? "LogSoftmax" : "Softmax")}{Classes}{kernel}{(Positions > 1 ? $"At{Positions}" : "")}";

    /// <summary>Prints a body for every row of every vector of samples, with references to the row's first class: xs for x.</summary>
    public void ForEachRow(SourceWriter w, InstructionSet isa, string[] operands, Action body)
    {
        using (w.Open($"for (int s = 0; s < samples; s += {isa.Lanes})"))
        using (w.OpenIf(Positions > 1, $"for (int t = 0; t < {Positions}; t++)"))
        {
            string start = Positions > 1 ? $"{Panel.Lane} + t * {Classes * Panel.Lanes}" : Panel.Lane;
            foreach (string operand in operands)
                w.Line($"ref float {operand}s = ref Unsafe.Add(ref {operand}, {start});");
            body();
        }
    }

    /// <summary>Prints statements for every class c of a row of <see cref="ForEachRow"/>, or for all but the first ones.</summary>
    public void ForEachClass(SourceWriter w, int first, params string[] statements) =>
        ForEach(w, first * Panel.Lanes, Classes * Panel.Lanes, Panel.Lanes, statements);

    /// <summary>Prints a loop over c.</summary>
    public static void ForEach(SourceWriter w, int first, int end, int step, params string[] statements)
    {
        string header = $"for (int c = {first}; c < {end}; c += {step})";
        if (statements.Length == 1)
        {
            w.Line(header);
            w.Line("    " + statements[0]);
            return;
        }

        using (w.Open(header))
        {
            foreach (string statement in statements)
                w.Line(statement);
        }
    }
}
