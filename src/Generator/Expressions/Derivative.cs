namespace NetGen.Generator.Expressions;

/// <summary>Symbolic reverse-mode differentiation: one sweep from the value back gives the derivatives by all parameters.</summary>
/// <remarks>
/// Griewank and Walther, Evaluating Derivatives, 2nd ed. 2008, section 3.2. Every node's adjoint is the sum over all paths to it.
/// Conventions at kinks: |x|' = 0 at 0; max(a, b) and min(a, b) count as b where a and b are equal, so that max(x, 0)' = 0 at 0; floor,
/// ceiling, round, truncate and sign have derivative 0.
/// </remarks>
internal sealed class Derivative
{
    private readonly ExpressionPool pool;
    private readonly Dictionary<Expression, Expression> adjoints = [], taken = [];

    private Derivative(ExpressionPool pool) => this.pool = pool;

    /// <summary>seed · ∂value/∂parameter for each parameter; 0 where the value does not depend on it.</summary>
    public static Expression[] Of(ExpressionPool pool, Expression value, Expression seed, IReadOnlyList<Expression> parameters)
    {
        Derivative sweep = new(pool);
        sweep.adjoints[value] = seed;
        IReadOnlyList<Expression> nodes = Expression.Reach([value]);
        for (int i = nodes.Count - 1; i >= 0; i--)
        {
            if (!nodes[i].IsLeaf && sweep.adjoints.TryGetValue(nodes[i], out Expression? adjoint))
                sweep.Visit(nodes[i], adjoint);
        }

        return [.. parameters.Select(parameter => sweep.adjoints.TryGetValue(parameter, out Expression? sum) ? sum : pool.Constant(0))];
    }

    private void Visit(Expression y, Expression dy)
    {
        Expression a = y.Operands[0], b = y.Operands[y.Operands.Count > 1 ? 1 : 0];
        switch (y.Kind)
        {
            case ExpressionKind.Negate:
                Contribute(a, Negated(dy));
                break;
            case ExpressionKind.Add:
                Contribute(a, dy);
                Contribute(b, dy);
                break;
            case ExpressionKind.Subtract:
                Contribute(a, dy);
                Contribute(b, Negated(dy));
                break;
            case ExpressionKind.Multiply:
                Contribute(a, Times(dy, b));
                Contribute(b, Times(dy, a));
                break;
            case ExpressionKind.Divide:
                Expression share = Map(dy, value => pool.Divide(value, b));
                Contribute(a, share);
                Contribute(b, Negated(Times(share, y)));
                break;
            case ExpressionKind.MultiplyAdd:
                Contribute(a, Times(dy, b));
                Contribute(b, Times(dy, a));
                Contribute(y.Operands[2], dy);
                break;
            case ExpressionKind.Select:
                Contribute(b, Masked(a, dy));
                Contribute(y.Operands[2], pool.Select(a, pool.Constant(0), dy));
                break;
            case ExpressionKind.Min:
                Contribute(a, Masked(pool.Less(a, b), dy));
                Contribute(b, pool.Select(pool.Less(a, b), pool.Constant(0), dy));
                break;
            case ExpressionKind.Max:
                Contribute(a, Masked(pool.Less(b, a), dy));
                Contribute(b, pool.Select(pool.Less(b, a), pool.Constant(0), dy));
                break;
            case ExpressionKind.Pow:
                VisitPow(y, dy, a, b);
                break;
            default:
                VisitFunction(y, dy, a);
                break;
        }
    }

    private void VisitFunction(Expression y, Expression dy, Expression x)
    {
        Expression one = pool.Constant(1);
        switch (y.Kind)
        {
            case ExpressionKind.Abs:
                Contribute(x, Times(dy, pool.Function(ExpressionKind.Sign, x)));
                break;
            case ExpressionKind.Sqrt:
                Contribute(x, Map(Times(dy, pool.Constant(0.5)), value => pool.Divide(value, y)));
                break;
            case ExpressionKind.Exp:
                Contribute(x, Times(dy, y));
                break;
            case ExpressionKind.Expm1:
                Contribute(x, Times(dy, pool.Exp(x)));
                break;
            case ExpressionKind.Log:
                Contribute(x, Map(dy, value => pool.Divide(value, x)));
                break;
            case ExpressionKind.Log1P:
                Contribute(x, Map(dy, value => pool.Divide(value, pool.Add(one, x))));
                break;
            case ExpressionKind.Sin:
                Contribute(x, Times(dy, pool.Function(ExpressionKind.Cos, x)));
                break;
            case ExpressionKind.Cos:
                Contribute(x, Negated(Times(dy, pool.Function(ExpressionKind.Sin, x))));
                break;
            case ExpressionKind.Tan:
                Contribute(x, Times(dy, pool.Add(one, pool.Multiply(y, y))));
                break;
            case ExpressionKind.Asin:
                Contribute(x, Map(dy, value => pool.Divide(value, Cathetus(x))));
                break;
            case ExpressionKind.Acos:
                Contribute(x, Negated(Map(dy, value => pool.Divide(value, Cathetus(x)))));
                break;
            case ExpressionKind.Atan:
                Contribute(x, Map(dy, value => pool.Divide(value, pool.Add(one, pool.Multiply(x, x)))));
                break;
            case ExpressionKind.Sinh:
                Contribute(x, Times(dy, pool.Function(ExpressionKind.Cosh, x)));
                break;
            case ExpressionKind.Cosh:
                Contribute(x, Times(dy, pool.Function(ExpressionKind.Sinh, x)));
                break;
            case ExpressionKind.Tanh:
                Contribute(x, Times(dy, pool.Subtract(one, pool.Multiply(y, y))));
                break;
            case ExpressionKind.Sigmoid:
                Contribute(x, Times(Times(dy, y), pool.Subtract(one, y)));
                break;
            case ExpressionKind.Erfc:
                Expression bell = pool.Exp(pool.Negate(pool.Multiply(x, x)));
                Contribute(x, Times(Times(dy, pool.Constant(-2 / Math.Sqrt(Math.PI))), bell));
                break;
        }
    }

    /// <summary>By the base: y · x^(y - 1). By the exponent: x^y · ln x where x &gt; 0, else 0.</summary>
    private void VisitPow(Expression power, Expression dy, Expression x, Expression y)
    {
        Contribute(x, Times(dy, pool.Multiply(y, pool.Pow(x, pool.Subtract(y, pool.Constant(1))))));
        if (y.Kind != ExpressionKind.Constant)
        {
            Expression slope = pool.Multiply(power, pool.Function(ExpressionKind.Log, x));
            Contribute(y, Masked(pool.Greater(x, pool.Constant(0)), Times(dy, slope)));
        }
    }

    /// <summary>√(1 - x²), with the digits that 1 - x² loses near ±1.</summary>
    private Expression Cathetus(Expression x)
    {
        Expression one = pool.Constant(1);
        return pool.Sqrt(pool.Multiply(pool.Subtract(one, x), pool.Add(one, x)));
    }

    private void Contribute(Expression node, Expression adjoint)
    {
        if (node.Kind is not (ExpressionKind.Constant or ExpressionKind.True or ExpressionKind.False) && !adjoint.Is(0f))
            adjoints[node] = adjoints.TryGetValue(node, out Expression? sum) ? Sum(sum, adjoint) : adjoint;
    }

    /// <summary>Two contributions; the two branches of one condition become one choice.</summary>
    private Expression Sum(Expression a, Expression b)
    {
        if (a == b)
            return Map(a, value => pool.Add(value, value));
        if (a.Kind != ExpressionKind.Select || b.Kind != ExpressionKind.Select || a.Operands[0] != b.Operands[0])
            return pool.Add(a, b);
        return pool.Select(a.Operands[0], Sum(a.Operands[1], b.Operands[1]), Sum(a.Operands[2], b.Operands[2]));
    }

    private Expression Masked(Expression condition, Expression value) => pool.Select(condition, value, pool.Constant(0));

    private Expression Times(Expression adjoint, Expression factor) => Map(adjoint, value => pool.Multiply(value, factor));

    private Expression Negated(Expression adjoint) => Map(adjoint, pool.Negate);

    /// <summary>Applies a factor inside the choices: a branch not taken adds 0, even where its derivative is infinite.</summary>
    private Expression Map(Expression adjoint, Func<Expression, Expression> factor)
    {
        if (adjoint.Is(0f))
            return adjoint;
        return adjoint.Kind == ExpressionKind.Select && (adjoint.Operands[1].Is(0f) || adjoint.Operands[2].Is(0f))
            ? pool.Select(adjoint.Operands[0], Map(adjoint.Operands[1], factor), Map(adjoint.Operands[2], factor))
            : Masked(Taken(adjoint), factor(adjoint));
    }

    /// <summary>Where one of the branches is taken whose choices an adjoint sums.</summary>
    private Expression Taken(Expression adjoint)
    {
        if (!taken.TryGetValue(adjoint, out Expression? condition))
        {
            condition = adjoint.Kind switch
            {
                ExpressionKind.Constant when adjoint.Is(0f) => pool.False,
                ExpressionKind.Select => pool.Select(adjoint.Operands[0], Taken(adjoint.Operands[1]), Taken(adjoint.Operands[2])),
                ExpressionKind.Add or ExpressionKind.Subtract => pool.Or(Taken(adjoint.Operands[0]), Taken(adjoint.Operands[1])),
                _ => pool.True,
            };
            taken.Add(adjoint, condition);
        }

        return condition;
    }
}
