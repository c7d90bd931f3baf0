using NetGen.Generator.Emission;
using NetGen.Generator.Kernels;

namespace NetGen.Generator.Expressions;

/// <summary>A formula as a function that kernels call: one small method per width.</summary>
internal static class FormulaFunction
{
    /// <param name="name">What it is called by, at every width.</param>
    /// <param name="summary">Its doc comment.</param>
    /// <param name="root">What it returns.</param>
    /// <param name="parameters">Names of the expression's parameters, in their order.</param>
    public static MathFunction Create(string name, string summary, Expression root, string[] parameters)
    {
        return new MathFunction(name, Text, ExpressionPrinter.Functions([root]));

        string Text(InstructionSet isa)
        {
            SourceWriter w = new();
            w.Line($"/// <summary>{summary}</summary>");
            w.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
            string typed = string.Join(", ", parameters.Select(parameter => $"{isa.Type} {parameter}"));
            using (w.Open($"private static {isa.Type} {name}({typed})"))
                w.Line($"return {ExpressionPrinter.Print(isa, [root], parameters, w.Line)[0]};");
            return w.ToString().TrimEnd('\n');
        }
    }
}
