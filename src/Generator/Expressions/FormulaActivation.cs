using NetGen.Generator.Emission;
using NetGen.Generator.Kernels;
using NetGen.Generator.Operations;

namespace NetGen.Generator.Expressions;

/// <summary>An activation given by its formula: the derivative, the code for every width and what to save follow from it.</summary>
internal static class FormulaActivation
{
    /// <summary>Nodes of a formula that still fits behind a product's accumulators.</summary>
    private const int CheapNodes = 12;

    /// <summary>An activation from y = f(x).</summary>
    /// <param name="name">As in the attribute, with its constants where it has any; part of kernels' names.</param>
    /// <param name="formula">Textbook form, for comments.</param>
    /// <param name="gradientFormula">Textbook form of dx, for comments.</param>
    /// <param name="value">f, from x.</param>
    /// <param name="slope">f'(x), from x, where the derived one is numerically worse; else null.</param>
    /// <param name="slopeOfValue">f'(x) from y, where y tells it: x then need not be saved; else null.</param>
    public static ElementwiseFunction Create(
        string name, string formula, string gradientFormula, Func<ExpressionPool, Expression, Expression> value,
        Func<ExpressionPool, Expression, Expression>? slope = null,
        Func<ExpressionPool, Expression, Expression>? slopeOfValue = null)
    {
        ExpressionPool pool = new();
        Expression x = pool.Parameter(0), dy = pool.Parameter(1), y = value(pool, x);
        Expression dx = slopeOfValue is not null ? Scaled(pool, dy, slopeOfValue(pool, x))
            : slope is not null ? Scaled(pool, dy, slope(pool, x))
            : Derivative.Of(pool, y, dy, [x])[0];
        string saved = slopeOfValue is not null ? "y" : "x";
        MathFunction function = Function(name, $"y = {formula}.", y, ["x"]);
        MathFunction gradient = Function(name + "Gradient", $"dx = {gradientFormula}.", dx, [saved, "dy"]);
        bool inline = IsCheap(y) && ExpressionPrinter.TryPrintInline(InstructionSet.V256, y, ["x"]) is not null;
        bool inlineGradient = IsCheap(dx) && ExpressionPrinter.TryPrintInline(InstructionSet.V256, dx, [saved, "dy"]) is not null;
        return new ElementwiseFunction(
            name, formula, gradientFormula,
            (isa, argument) => inline ? Inline(isa, y, argument) : $"{name}({argument})",
            (isa, dyText, savedText) => inlineGradient ? Inline(isa, dx, savedText, dyText) : $"{name}Gradient({savedText}, {dyText})",
            inline ? null : function,
            inlineGradient ? null : gradient,
            Cheap: inline && inlineGradient)
        { SavesInput = slopeOfValue is null };
    }

    /// <summary>dy · slope, with the factor inside a choice: the branch that is 0 stays a mask.</summary>
    private static Expression Scaled(ExpressionPool pool, Expression dy, Expression slope) => slope.Kind == ExpressionKind.Select
        ? pool.Select(slope.Operands[0], Scaled(pool, dy, slope.Operands[1]), Scaled(pool, dy, slope.Operands[2]))
        : slope.Is(0f) ? slope : pool.Multiply(dy, slope);

    private static bool IsCheap(Expression root) =>
        ExpressionPrinter.Functions([root]).Count == 0 && Expression.Reach([root]).Count <= CheapNodes;

    private static string Inline(InstructionSet isa, Expression root, params string[] arguments) =>
        ExpressionPrinter.TryPrintInline(isa, root, arguments)!;

    /// <summary>The function that kernels call: one small method per width.</summary>
    private static MathFunction Function(string name, string summary, Expression root, string[] parameters)
    {
        return new MathFunction(name, Text, ExpressionPrinter.Functions([root]));

        string Text(InstructionSet isa)
        {
            SourceWriter w = new();
            w.Line($"/// <summary>{summary}</summary>");
            w.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
            using (w.Open($"private static {isa.Type} {name}({string.Join(", ", parameters.Select(parameter => $"{isa.Type} {parameter}"))})"))
                w.Line($"return {ExpressionPrinter.Print(isa, [root], parameters, w.Line)[0]};");
            return w.ToString().TrimEnd('\n');
        }
    }
}
