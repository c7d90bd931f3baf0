namespace NetGen.Generator.Expressions;

/// <summary>What a node of an expression does. The order is part of the written form: append only.</summary>
internal enum ExpressionKind
{
    Constant,
    Parameter,
    True,
    False,

    Negate,
    Add,
    Subtract,
    Multiply,
    Divide,

    /// <summary>a · b + c, rounded once where the hardware does.</summary>
    MultiplyAdd,

    Less,
    LessOrEqual,
    Equal,
    Not,
    And,
    Or,

    /// <summary>condition, value where it holds, value where it does not.</summary>
    Select,

    Min,
    Max,
    Abs,

    /// <summary>-1, 0 or 1; 0 for NaN.</summary>
    Sign,
    Sqrt,
    Floor,
    Ceiling,

    /// <summary>To the nearest integer, halves to the even one.</summary>
    Round,
    Truncate,

    Exp,

    /// <summary>exp(x) - 1 without cancellation.</summary>
    Expm1,
    Log,

    /// <summary>ln(1 + x) without cancellation.</summary>
    Log1P,
    Sin,
    Cos,
    Tan,
    Asin,
    Acos,
    Atan,
    Sinh,
    Cosh,
    Tanh,

    /// <summary>1 / (1 + exp(-x)).</summary>
    Sigmoid,

    /// <summary>1 - erf(x), to full relative accuracy.</summary>
    Erfc,
    Pow,
}

/// <summary>A node of an expression of floats. Made by an <see cref="ExpressionPool"/>, in which equal nodes are the same object.</summary>
/// <remarks>A node's number is larger than those of its operands, so numbers are a topological order.</remarks>
internal sealed class Expression
{
    public Expression(int number, ExpressionKind kind, float value, int parameter, Expression[] operands)
    {
        Number = number;
        Kind = kind;
        Value = value;
        Parameter = parameter;
        Operands = operands;
    }

    public int Number { get; }

    public ExpressionKind Kind { get; }

    /// <summary>Of a constant.</summary>
    public float Value { get; }

    /// <summary>Of a parameter: its position.</summary>
    public int Parameter { get; }

    public IReadOnlyList<Expression> Operands { get; }

    public bool IsCondition => Kind is ExpressionKind.True or ExpressionKind.False or ExpressionKind.Less or ExpressionKind.LessOrEqual
        or ExpressionKind.Equal or ExpressionKind.Not or ExpressionKind.And or ExpressionKind.Or;

    public bool IsLeaf => Operands.Count == 0;

    /// <summary>Whether it is this constant; 0 and -0 count as one.</summary>
    public bool Is(float value) => Kind == ExpressionKind.Constant && Value == value;

    /// <summary>The nodes that some roots need, operands before their users.</summary>
    public static IReadOnlyList<Expression> Reach(IEnumerable<Expression> roots)
    {
        HashSet<Expression> reached = [];
        Stack<Expression> open = new(roots);
        while (open.Count > 0)
        {
            Expression node = open.Pop();
            if (!reached.Add(node))
                continue;
            foreach (Expression operand in node.Operands)
                open.Push(operand);
        }

        return [.. reached.OrderBy(node => node.Number)];
    }
}
