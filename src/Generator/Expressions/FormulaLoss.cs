using NetGen.Generator.Kernels;

namespace NetGen.Generator.Expressions;

/// <summary>What one output adds to a loss, given by its formula: the derivative and the code for every width follow from it.</summary>
/// <param name="Name">What the generated functions are called by.</param>
/// <param name="Formula">Textbook form, for comments.</param>
/// <param name="GradientFormula">Textbook form of the derivative by x, for comments.</param>
/// <param name="Value">The term, from the prediction x and the target t.</param>
/// <param name="Slope">Its derivative by x, from x and t, where the derived one is numerically worse or costs more; else null.</param>
internal sealed record FormulaLoss(
    string Name, string Formula, string GradientFormula, Func<ExpressionPool, Expression, Expression, Expression> Value,
    Func<ExpressionPool, Expression, Expression, Expression>? Slope = null)
{
    /// <summary>What the generated derivative is called by.</summary>
    public string GradientName => Name + "Gradient";

    /// <summary>The term: a function of x and t.</summary>
    public MathFunction Math => FormulaFunction.Create(Name, Escaped(Formula), Expressions().Value, ["x", "t"]);

    /// <summary>Its derivative by x: a function of x and t.</summary>
    public MathFunction GradientMath =>
        FormulaFunction.Create(GradientName, "dx = " + Escaped(GradientFormula), Expressions().Gradient, ["x", "t"]);

    /// <summary>The term and its derivative by x, with x as parameter 0 and t as parameter 1.</summary>
    public (Expression Value, Expression Gradient) Expressions()
    {
        ExpressionPool pool = new();
        Expression x = pool.Parameter(0), t = pool.Parameter(1), value = Value(pool, x, t);
        return (value, Slope?.Invoke(pool, x, t) ?? Derivative.Of(pool, value, pool.Constant(1), [x])[0]);
    }

    /// <summary>As a sentence of a doc comment, which is XML.</summary>
    private static string Escaped(string formula) => formula.Replace("<", "&lt;").Replace(">", "&gt;") + ".";
}
