using NetGen.Generator.Kernels;

namespace NetGen.Generator.Expressions;

/// <summary>A formula as kernels print it: in place where it is short, else as a call of a function that they then need.</summary>
/// <param name="Text">The value, from names for the expression's parameters in their order.</param>
/// <param name="Math">The function that the text calls, or null.</param>
internal sealed record FormulaCode(Func<InstructionSet, string[], string> Text, MathFunction? Math)
{
    /// <summary>Nodes of a formula that still fits behind a product's accumulators.</summary>
    private const int CheapNodes = 12;

    /// <param name="name">Of the function.</param>
    /// <param name="summary">Its doc comment.</param>
    /// <param name="root">What it returns.</param>
    /// <param name="parameters">Names of the expression's parameters, in their order.</param>
    public static FormulaCode Create(string name, string summary, Expression root, params string[] parameters) => IsCheap(root, parameters)
        ? new FormulaCode((isa, arguments) => ExpressionPrinter.TryPrintInline(isa, root, arguments)!, null)
        : new FormulaCode(
            (_, arguments) => $"{name}({string.Join(", ", arguments)})", FormulaFunction.Create(name, summary, root, parameters));

    private static bool IsCheap(Expression root, string[] parameters) =>
        ExpressionPrinter.Functions([root]).Count == 0
        && Expression.Reach([root]).Count <= CheapNodes
        && ExpressionPrinter.TryPrintInline(InstructionSet.V256, root, parameters) is not null;
}
