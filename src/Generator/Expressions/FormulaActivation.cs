using NetGen.Generator.Operations;

namespace NetGen.Generator.Expressions;

/// <summary>An activation given by its formula: the derivative, the code for every width and what to save follow from it.</summary>
/// <param name="Name">As in the attribute, with its constants where it has any; part of kernels' names.</param>
/// <param name="Formula">Textbook form, for comments.</param>
/// <param name="GradientFormula">Textbook form of dx, for comments.</param>
/// <param name="Value">f, from x.</param>
/// <param name="Slope">f'(x), from x, where the derived one is numerically worse; else null.</param>
/// <param name="SlopeOfValue">f'(x) from y, where y tells it: x then need not be saved; else null.</param>
internal sealed record FormulaActivation(
    string Name, string Formula, string GradientFormula, Func<ExpressionPool, Expression, Expression> Value,
    Func<ExpressionPool, Expression, Expression>? Slope = null,
    Func<ExpressionPool, Expression, Expression>? SlopeOfValue = null)
{
    /// <summary>What layers are built from.</summary>
    public ElementwiseFunction ToFunction()
    {
        ExpressionPool pool = new();
        Expression x = pool.Parameter(0), dy = pool.Parameter(1), y = Value(pool, x);
        Expression dx = (SlopeOfValue ?? Slope) is { } slope ? Scaled(pool, dy, slope(pool, x)) : Derivative.Of(pool, y, dy, [x])[0];
        FormulaCode value = FormulaCode.Create(Name, $"y = {Formula}.", y, "x");
        FormulaCode gradient = FormulaCode.Create(
            Name + "Gradient", $"dx = {GradientFormula}.", dx, SlopeOfValue is not null ? "y" : "x", "dy");
        return new ElementwiseFunction(
            Name, Formula, GradientFormula,
            (isa, argument) => value.Text(isa, [argument]), (isa, dyText, saved) => gradient.Text(isa, [saved, dyText]),
            value.Math, gradient.Math, Cheap: value.Math is null && gradient.Math is null)
        { SavesInput = SlopeOfValue is null };
    }

    /// <summary>dy · slope, with the factor inside a choice: the branch that is 0 stays a mask.</summary>
    private static Expression Scaled(ExpressionPool pool, Expression dy, Expression slope) => slope.Kind == ExpressionKind.Select
        ? pool.Select(slope.Operands[0], Scaled(pool, dy, slope.Operands[1]), Scaled(pool, dy, slope.Operands[2]))
        : slope.Is(0f) ? slope : pool.Multiply(dy, slope);
}
