namespace NetGen.Generator.Expressions;

/// <summary>Makes the nodes of expressions: each once, and simplified.</summary>
/// <remarks>
/// Only what holds for every float is simplified, NaN and infinities included; nothing is reassociated, so a value is what C# computes,
/// step by step. There are two exceptions. The sign of a zero is not kept: x + 0 is x. And a / (1 + exp(-x)) becomes a · sigmoid(x),
/// because its derivative would be 0 · ∞ where the exponential overflows. Constants are folded as C# does: every operation rounds to a
/// float.
/// </remarks>
internal sealed class ExpressionPool
{
    private readonly Dictionary<(ExpressionKind Kind, int Bits, int A, int B, int C), Expression> nodes = [];

    /// <summary>Nodes made so far.</summary>
    public int Count => nodes.Count;

    public Expression True => Make(ExpressionKind.True, 0);

    public Expression False => Make(ExpressionKind.False, 0);

    /// <summary>A constant, rounded to a float.</summary>
    public Expression Constant(double value) => Make(ExpressionKind.Constant, Bits((float)value));

    public Expression Parameter(int position) => Make(ExpressionKind.Parameter, position);

    public Expression Add(Expression a, Expression b)
    {
        if (FoldBoth(a, b, (x, y) => x + y) is Expression folded)
            return folded;
        if (a.Is(0f))
            return b;
        if (b.Is(0f))
            return a;
        if (b.Kind == ExpressionKind.Negate)
            return Subtract(a, b.Operands[0]);
        if (a.Kind == ExpressionKind.Negate)
            return Subtract(b, a.Operands[0]);
        return a == b ? Multiply(Constant(2), a) : MakeCommutative(ExpressionKind.Add, a, b);
    }

    public Expression Subtract(Expression a, Expression b)
    {
        if (FoldBoth(a, b, (x, y) => x - y) is Expression folded)
            return folded;
        if (b.Is(0f))
            return a;
        if (a.Is(0f))
            return Negate(b);
        return b.Kind == ExpressionKind.Negate ? Add(a, b.Operands[0]) : Make(ExpressionKind.Subtract, 0, a, b);
    }

    public Expression Multiply(Expression a, Expression b)
    {
        if (FoldBoth(a, b, (x, y) => x * y) is Expression folded)
            return folded;
        if (a.Is(1f))
            return b;
        if (b.Is(1f))
            return a;
        if (a.Is(-1f))
            return Negate(b);
        if (b.Is(-1f))
            return Negate(a);
        if (a.Kind == ExpressionKind.Negate)
            return Negate(Multiply(a.Operands[0], b));
        return b.Kind == ExpressionKind.Negate
            ? Negate(Multiply(a, b.Operands[0]))
            : MakeCommutative(ExpressionKind.Multiply, a, b);
    }

    public Expression Divide(Expression a, Expression b)
    {
        if (FoldBoth(a, b, (x, y) => x / y) is Expression folded)
            return folded;
        if (b.Is(1f))
            return a;
        if (b.Is(-1f))
            return Negate(a);
        if (a.Kind == ExpressionKind.Negate)
            return Negate(Divide(a.Operands[0], b));
        if (b.Kind == ExpressionKind.Negate)
            return Negate(Divide(a, b.Operands[0]));
        if (b.Kind == ExpressionKind.Constant && IsExactReciprocal(b.Value))
            return Multiply(a, Constant(1.0 / b.Value));
        return LogisticArgument(b) is Expression argument ? Multiply(a, Sigmoid(Negate(argument))) : Make(ExpressionKind.Divide, 0, a, b);
    }

    public Expression Negate(Expression a)
    {
        if (a.Kind == ExpressionKind.Constant)
            return Constant(-a.Value);
        return a.Kind switch
        {
            ExpressionKind.Negate => a.Operands[0],
            ExpressionKind.Subtract => Subtract(a.Operands[1], a.Operands[0]),
            ExpressionKind.Multiply when a.Operands[0].Kind == ExpressionKind.Constant => Multiply(Negate(a.Operands[0]), a.Operands[1]),
            ExpressionKind.Multiply when a.Operands[1].Kind == ExpressionKind.Constant => Multiply(a.Operands[0], Negate(a.Operands[1])),
            _ => Make(ExpressionKind.Negate, 0, a),
        };
    }

    public Expression MultiplyAdd(Expression a, Expression b, Expression c) =>
        a.Is(1f) || b.Is(1f) || c.Is(0f) || (a.Kind, b.Kind) == (ExpressionKind.Constant, ExpressionKind.Constant)
            ? Add(Multiply(a, b), c)
            : Make(ExpressionKind.MultiplyAdd, 0, a, b, c);

    public Expression Less(Expression a, Expression b) => Compare(ExpressionKind.Less, a, b, (x, y) => x < y);

    public Expression LessOrEqual(Expression a, Expression b) => Compare(ExpressionKind.LessOrEqual, a, b, (x, y) => x <= y);

    public Expression Equal(Expression a, Expression b) => Compare(ExpressionKind.Equal, a, b, (x, y) => x == y);

    public Expression Greater(Expression a, Expression b) => Less(b, a);

    public Expression Not(Expression a) => a.Kind switch
    {
        ExpressionKind.True => False,
        ExpressionKind.False => True,
        ExpressionKind.Not => a.Operands[0],
        _ => Make(ExpressionKind.Not, 0, a),
    };

    public Expression And(Expression a, Expression b)
    {
        if (a.Kind == ExpressionKind.False || b.Kind == ExpressionKind.True || a == b)
            return a;
        return a.Kind == ExpressionKind.True || b.Kind == ExpressionKind.False ? b : MakeCommutative(ExpressionKind.And, a, b);
    }

    public Expression Or(Expression a, Expression b)
    {
        if (a.Kind == ExpressionKind.True || b.Kind == ExpressionKind.False || a == b)
            return a;
        return a.Kind == ExpressionKind.False || b.Kind == ExpressionKind.True ? b : MakeCommutative(ExpressionKind.Or, a, b);
    }

    /// <summary>One of two values, or of two conditions.</summary>
    public Expression Select(Expression condition, Expression then, Expression otherwise)
    {
        if (condition.Kind == ExpressionKind.True || then == otherwise)
            return then;
        if (condition.Kind == ExpressionKind.False)
            return otherwise;
        if (condition.Kind == ExpressionKind.Not)
            return Select(condition.Operands[0], otherwise, then);
        if (then.IsCondition)
            return Or(And(condition, then), And(Not(condition), otherwise));
        if (then.Kind == ExpressionKind.Select && then.Operands[0] == condition)
            then = then.Operands[1];
        if (otherwise.Kind == ExpressionKind.Select && otherwise.Operands[0] == condition)
            otherwise = otherwise.Operands[2];
        return then == otherwise ? then : Make(ExpressionKind.Select, 0, condition, then, otherwise);
    }

    public Expression Min(Expression a, Expression b) =>
        FoldBoth(a, b, (x, y) => Math.Min((float)x, (float)y))
        ?? (a == b ? a : MakeCommutative(ExpressionKind.Min, a, b));

    public Expression Max(Expression a, Expression b) =>
        FoldBoth(a, b, (x, y) => Math.Max((float)x, (float)y))
        ?? (a == b ? a : MakeCommutative(ExpressionKind.Max, a, b));

    public Expression Abs(Expression a) => Function(ExpressionKind.Abs, a);

    public Expression Exp(Expression a) => Function(ExpressionKind.Exp, a);

    public Expression Expm1(Expression a) => Function(ExpressionKind.Expm1, a);

    public Expression Log1P(Expression a) => Function(ExpressionKind.Log1P, a);

    public Expression Sigmoid(Expression a) => Function(ExpressionKind.Sigmoid, a);

    public Expression Tanh(Expression a) => Function(ExpressionKind.Tanh, a);

    public Expression Erfc(Expression a) => Function(ExpressionKind.Erfc, a);

    public Expression Sqrt(Expression a) => Function(ExpressionKind.Sqrt, a);

    /// <summary>A function of one argument.</summary>
    public Expression Function(ExpressionKind kind, Expression a)
    {
        if (a.Kind == ExpressionKind.Constant && Fold(kind, a.Value) is double value)
            return Constant(value);
        if (kind == ExpressionKind.Abs && a.Kind == ExpressionKind.Negate)
            return Abs(a.Operands[0]);
        return kind == ExpressionKind.Abs && a.Kind == ExpressionKind.Abs ? a : Make(kind, 0, a);
    }

    /// <summary>x to the power y. Integral powers up to 4 become products.</summary>
    public Expression Pow(Expression x, Expression y)
    {
        if (FoldBoth(x, y, Math.Pow) is Expression folded)
            return folded;
        if (y.Kind != ExpressionKind.Constant)
            return Make(ExpressionKind.Pow, 0, x, y);
        return y.Value switch
        {
            0f => Constant(1),
            1f => x,
            2f => Multiply(x, x),
            3f => Multiply(Multiply(x, x), x),
            4f => Multiply(Multiply(x, x), Multiply(x, x)),
            -1f => Divide(Constant(1), x),
            -2f => Divide(Constant(1), Multiply(x, x)),
            _ => Make(ExpressionKind.Pow, 0, x, y),
        };
    }

    /// <summary>A node of a kind with its operands: what a written expression is read with.</summary>
    public Expression Build(ExpressionKind kind, IReadOnlyList<Expression> o) => kind switch
    {
        ExpressionKind.True => True,
        ExpressionKind.False => False,
        ExpressionKind.Negate => Negate(o[0]),
        ExpressionKind.Add => Add(o[0], o[1]),
        ExpressionKind.Subtract => Subtract(o[0], o[1]),
        ExpressionKind.Multiply => Multiply(o[0], o[1]),
        ExpressionKind.Divide => Divide(o[0], o[1]),
        ExpressionKind.MultiplyAdd => MultiplyAdd(o[0], o[1], o[2]),
        ExpressionKind.Less => Less(o[0], o[1]),
        ExpressionKind.LessOrEqual => LessOrEqual(o[0], o[1]),
        ExpressionKind.Equal => Equal(o[0], o[1]),
        ExpressionKind.Not => Not(o[0]),
        ExpressionKind.And => And(o[0], o[1]),
        ExpressionKind.Or => Or(o[0], o[1]),
        ExpressionKind.Select => Select(o[0], o[1], o[2]),
        ExpressionKind.Min => Min(o[0], o[1]),
        ExpressionKind.Max => Max(o[0], o[1]),
        ExpressionKind.Pow => Pow(o[0], o[1]),
        _ => Function(kind, o[0]),
    };

    private static int Bits(float value) => BitConverter.ToInt32(BitConverter.GetBytes(value), 0);

    private static float Float(int bits) => BitConverter.ToSingle(BitConverter.GetBytes(bits), 0);

    /// <summary>Whether 1 / value is exact: a power of two, and both are normal.</summary>
    private static bool IsExactReciprocal(float value)
    {
        int exponent = (Bits(value) >> 23) & 0xFF;
        return (Bits(value) & 0x7FFFFF) == 0 && exponent is >= 1 and <= 253;
    }

    /// <summary>x of a denominator 1 + exp(x), or null.</summary>
    private static Expression? LogisticArgument(Expression denominator)
    {
        if (denominator.Kind != ExpressionKind.Add)
            return null;
        Expression a = denominator.Operands[0], b = denominator.Operands[1];
        Expression other = a.Is(1f) ? b : a;
        return (a.Is(1f) || b.Is(1f)) && other.Kind == ExpressionKind.Exp ? other.Operands[0] : null;
    }

    /// <summary>The function of a constant, or null where it is left to run time.</summary>
    private static double? Fold(ExpressionKind kind, double x) => kind switch
    {
        ExpressionKind.Abs => Math.Abs(x),
        ExpressionKind.Sign => x > 0 ? 1 : x < 0 ? -1 : 0,
        ExpressionKind.Sqrt => Math.Sqrt(x),
        ExpressionKind.Floor => Math.Floor(x),
        ExpressionKind.Ceiling => Math.Ceiling(x),
        ExpressionKind.Round => Math.Round(x),
        ExpressionKind.Truncate => Math.Truncate(x),
        ExpressionKind.Exp => Math.Exp(x),
        ExpressionKind.Log => Math.Log(x),
        ExpressionKind.Sin => Math.Sin(x),
        ExpressionKind.Cos => Math.Cos(x),
        ExpressionKind.Tan => Math.Tan(x),
        ExpressionKind.Asin => Math.Asin(x),
        ExpressionKind.Acos => Math.Acos(x),
        ExpressionKind.Atan => Math.Atan(x),
        ExpressionKind.Sinh => Math.Sinh(x),
        ExpressionKind.Cosh => Math.Cosh(x),
        ExpressionKind.Tanh => Math.Tanh(x),
        ExpressionKind.Sigmoid => 1 / (1 + Math.Exp(-x)),
        _ => null,
    };

    /// <summary>The result of two constants, or null. A sum, product or quotient of floats in double, rounded to float, is the float
    /// operation's result (Figueroa 1995).</summary>
    private Expression? FoldBoth(Expression a, Expression b, Func<double, double, double> operation) =>
        a.Kind == ExpressionKind.Constant && b.Kind == ExpressionKind.Constant ? Constant(operation(a.Value, b.Value)) : null;

    private Expression Compare(ExpressionKind kind, Expression a, Expression b, Func<float, float, bool> holds)
    {
        if (a.Kind == ExpressionKind.Constant && b.Kind == ExpressionKind.Constant)
            return holds(a.Value, b.Value) ? True : False;
        return kind == ExpressionKind.Equal ? MakeCommutative(kind, a, b) : Make(kind, 0, a, b);
    }

    private Expression MakeCommutative(ExpressionKind kind, Expression a, Expression b) =>
        nodes.TryGetValue((kind, 0, b.Number, a.Number, -1), out Expression? swapped) ? swapped : Make(kind, 0, a, b);

    private Expression Make(ExpressionKind kind, int bits, params Expression[] operands)
    {
        var key = (kind, bits, At(0), At(1), At(2));
        if (!nodes.TryGetValue(key, out Expression? node))
        {
            bool isConstant = kind == ExpressionKind.Constant;
            node = new Expression(nodes.Count, kind, isConstant ? Float(bits) : 0f, kind == ExpressionKind.Parameter ? bits : 0, operands);
            nodes.Add(key, node);
        }

        return node;

        int At(int i) => i < operands.Length ? operands[i].Number : -1;
    }
}
