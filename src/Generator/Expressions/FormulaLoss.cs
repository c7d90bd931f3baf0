using NetGen.Generator.Operations;

namespace NetGen.Generator.Expressions;

/// <summary>A loss that is the mean over the outputs of a function of prediction and target.</summary>
/// <param name="Value">l(x, t), with x the first parameter and t the second.</param>
/// <param name="Gradient">∂l/∂x.</param>
internal sealed record FormulaLoss(Expression Value, Expression Gradient)
{
    /// <summary>The loss with its derived gradient.</summary>
    /// <param name="name">Part of kernels' names.</param>
    /// <param name="formula">Textbook form of l, for comments.</param>
    /// <param name="pool">Where the value was made.</param>
    /// <param name="value">l(x, t).</param>
    public static LossFunction Create(string name, string formula, ExpressionPool pool, Expression value)
    {
        Expression gradient = Derivative.Of(pool, value, pool.Constant(1), [pool.Parameter(0)])[0];
        return new LossFunction(name, $"mean {formula}", $"∂{formula}/∂x / outputs") { Element = new FormulaLoss(value, gradient) };
    }
}
