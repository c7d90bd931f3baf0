using NetGen.Generator.Expressions;

namespace NetGen.Generator.Tests.Expressions;

/// <summary>Evaluates an expression in double precision, straight from its definition.</summary>
/// <param name="rounding">What is done to each computed value; by default nothing.</param>
internal sealed class DoubleInterpreter(Func<double, double>? rounding = null)
{
    public static double Evaluate(Expression expression, params double[] arguments) => new DoubleInterpreter().Run(expression, arguments);

    public double Run(Expression expression, double[] arguments)
    {
        Dictionary<Expression, double> values = [];
        foreach (Expression node in Expression.Reach([expression]))
        {
            double value = Apply(node, [.. node.Operands.Select(operand => values[operand])], arguments);
            values[node] = node.IsLeaf || node.IsCondition || rounding is null ? value : rounding(value);
        }

        return values[expression];
    }

    public static double Expm1(double x) => Math.Abs(x) > 0.5 ? Math.Exp(x) - 1 : 2 * Math.Sinh(x / 2) * Math.Exp(x / 2);

    /// <summary>ln(1 + x): Kahan's correction of the rounding of 1 + x.</summary>
    public static double Log1P(double x)
    {
        double u = 1 + x;
        return u == 1 ? x : double.IsPositiveInfinity(u) ? u : Math.Log(u) * (x / (u - 1));
    }

    private static double Apply(Expression node, double[] o, double[] arguments) => node.Kind switch
    {
        ExpressionKind.Constant => node.Value,
        ExpressionKind.Parameter => arguments[node.Parameter],
        ExpressionKind.True => 1,
        ExpressionKind.False => 0,
        ExpressionKind.Negate => -o[0],
        ExpressionKind.Add => o[0] + o[1],
        ExpressionKind.Subtract => o[0] - o[1],
        ExpressionKind.Multiply => o[0] * o[1],
        ExpressionKind.Divide => o[0] / o[1],
        ExpressionKind.MultiplyAdd => (o[0] * o[1]) + o[2],
        ExpressionKind.Less => o[0] < o[1] ? 1 : 0,
        ExpressionKind.LessOrEqual => o[0] <= o[1] ? 1 : 0,
        ExpressionKind.Equal => o[0] == o[1] ? 1 : 0,
        ExpressionKind.Not => 1 - o[0],
        ExpressionKind.And => o[0] * o[1],
        ExpressionKind.Or => Math.Max(o[0], o[1]),
        ExpressionKind.Select => o[0] != 0 ? o[1] : o[2],
        ExpressionKind.Min => Math.Min(o[0], o[1]),
        ExpressionKind.Max => Math.Max(o[0], o[1]),
        ExpressionKind.Abs => Math.Abs(o[0]),
        ExpressionKind.Sign => o[0] > 0 ? 1 : o[0] < 0 ? -1 : 0,
        ExpressionKind.Sqrt => Math.Sqrt(o[0]),
        ExpressionKind.Floor => Math.Floor(o[0]),
        ExpressionKind.Ceiling => Math.Ceiling(o[0]),
        ExpressionKind.Round => Math.Round(o[0]),
        ExpressionKind.Truncate => Math.Truncate(o[0]),
        ExpressionKind.Exp => Math.Exp(o[0]),
        ExpressionKind.Expm1 => Expm1(o[0]),
        ExpressionKind.Log => Math.Log(o[0]),
        ExpressionKind.Log1P => Log1P(o[0]),
        ExpressionKind.Sin => Math.Sin(o[0]),
        ExpressionKind.Cos => Math.Cos(o[0]),
        ExpressionKind.Tan => Math.Tan(o[0]),
        ExpressionKind.Asin => Math.Asin(o[0]),
        ExpressionKind.Acos => Math.Acos(o[0]),
        ExpressionKind.Atan => Math.Atan(o[0]),
        ExpressionKind.Sinh => Math.Sinh(o[0]),
        ExpressionKind.Cosh => Math.Cosh(o[0]),
        ExpressionKind.Tanh => Math.Tanh(o[0]),
        ExpressionKind.Sigmoid => 1 / (1 + Math.Exp(-o[0])),
        ExpressionKind.Erfc => ErrorFunction.Complement(o[0]),
        ExpressionKind.Pow => Math.Pow(o[0], o[1]),
        _ => throw new ArgumentOutOfRangeException(nameof(node), node.Kind, null),
    };
}
