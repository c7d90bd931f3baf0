using NetGen.Generator.Expressions;
using NetGen.Generator.Kernels;

namespace NetGen.Generator.Operations;

/// <summary>A function of one float x and of parameters a that every unit has its own of, with its derivatives by all of them.</summary>
/// <param name="Name">Of kernels and functions.</param>
/// <param name="Formula">Textbook form, for comments.</param>
/// <param name="Value">y, from x and the parameters.</param>
/// <param name="Gradient">dx, from x, the parameters and dy.</param>
/// <param name="ParameterGradients">What a float adds to each parameter's gradient, from x, the parameters and dy.</param>
internal sealed record UnitwiseFunction(
    string Name, string Formula, FormulaCode Value, FormulaCode Gradient, IReadOnlyList<FormulaCode> ParameterGradients)
{
    /// <summary>He, Zhang, Ren and Sun, Delving Deep into Rectifiers, 2015: the slope of the negative side is learned.</summary>
    public static readonly UnitwiseFunction PReLU = Create(
        "PReLU", "x where x > 0, else a · x", 1, (e, x, a) => e.Select(e.Greater(x, e.Constant(0)), x, e.Multiply(a[0], x)));

    /// <summary>What kernels call the parameters.</summary>
    public string[] Operands => NamesOf(ParameterGradients.Count);

    /// <summary>The function and, by reverse mode, its derivatives.</summary>
    /// <param name="name">Of kernels and functions.</param>
    /// <param name="formula">Textbook form, for comments.</param>
    /// <param name="count">Number of parameters.</param>
    /// <param name="value">y, from x and the parameters.</param>
    public static UnitwiseFunction Create(
        string name, string formula, int count, Func<ExpressionPool, Expression, Expression[], Expression> value)
    {
        ExpressionPool pool = new();
        Expression x = pool.Parameter(0), dy = pool.Parameter(count + 1);
        Expression[] parameters = [.. Enumerable.Range(1, count).Select(pool.Parameter)];
        Expression y = value(pool, x, parameters);
        Expression[] slopes = Derivative.Of(pool, y, dy, [x, .. parameters]);
        string[] names = NamesOf(count);
        return new UnitwiseFunction(
            name, formula,
            FormulaCode.Create(name, $"y = {formula}.", y, ["x", .. names]),
            FormulaCode.Create(name + "Gradient", $"dx of y = {formula}.", slopes[0], ["x", .. names, "dy"]),
            [.. names.Select((one, i) => FormulaCode.Create(
                $"{name}GradientBy{i + 1}", $"d{one} of y = {formula}.", slopes[i + 1], ["x", .. names, "dy"]))]);
    }

    /// <summary>y, from x and the parameters.</summary>
    public string ValueText(InstructionSet isa, string x, string[] parameters) => Value.Text(isa, [x, .. parameters]);

    /// <summary>dx.</summary>
    public string GradientText(InstructionSet isa, string dy, string x, string[] parameters) => Gradient.Text(isa, [x, .. parameters, dy]);

    /// <summary>What a float adds to the gradient of one of the parameters.</summary>
    public string ParameterGradientText(int number, InstructionSet isa, string dy, string x, string[] parameters) =>
        ParameterGradients[number].Text(isa, [x, .. parameters, dy]);

    private static string[] NamesOf(int count) => count == 1 ? ["a"] : [.. Enumerable.Range(1, count).Select(i => $"a{i}")];
}
