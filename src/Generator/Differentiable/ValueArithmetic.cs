using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NetGen.Generator.Expressions;

namespace NetGen.Generator.Differentiable;

/// <summary>What operators, conversions and functions of C# do with a value: an <see cref="Expression"/>, or an int that is known here and
/// now.</summary>
internal sealed class ValueArithmetic(ExpressionPool pool)
{
    /// <summary>A binary operator on two values; <paramref name="operation"/> is what the user wrote.</summary>
    public object Combine(BinaryOperatorKind kind, object left, object right, IOperation operation)
    {
        if (left is int i && right is int j)
            return CombineIntegers(kind, i, j, operation);
        if (operation.Type?.SpecialType == SpecialType.System_Int32)
            throw UntranslatableException.Of(operation.Syntax, "integer arithmetic on what depends on a parameter");
        Expression a = AsNumber(left), b = AsNumber(right);
        if (a.IsCondition != b.IsCondition)
            throw UntranslatableException.Of(operation);
        return (kind, a.IsCondition) switch
        {
            (BinaryOperatorKind.Add, false) => pool.Add(a, b),
            (BinaryOperatorKind.Subtract, false) => pool.Subtract(a, b),
            (BinaryOperatorKind.Multiply, false) => pool.Multiply(a, b),
            (BinaryOperatorKind.Divide, false) => pool.Divide(a, b),
            (BinaryOperatorKind.LessThan, false) => pool.Less(a, b),
            (BinaryOperatorKind.LessThanOrEqual, false) => pool.LessOrEqual(a, b),
            (BinaryOperatorKind.GreaterThan, false) => pool.Less(b, a),
            (BinaryOperatorKind.GreaterThanOrEqual, false) => pool.LessOrEqual(b, a),
            (BinaryOperatorKind.Equals, false) => pool.Equal(a, b),
            (BinaryOperatorKind.NotEquals, false) => pool.Not(pool.Equal(a, b)),
            (BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.And, true) => pool.And(a, b),
            (BinaryOperatorKind.ConditionalOr or BinaryOperatorKind.Or, true) => pool.Or(a, b),
            (BinaryOperatorKind.NotEquals or BinaryOperatorKind.ExclusiveOr, true) => pool.Select(a, pool.Not(b), b),
            (BinaryOperatorKind.Equals, true) => pool.Select(a, b, pool.Not(b)),
            _ => throw UntranslatableException.Of(operation),
        };
    }

    private object CombineIntegers(BinaryOperatorKind kind, int a, int b, IOperation operation)
    {
        if (b == 0 && kind is BinaryOperatorKind.Divide or BinaryOperatorKind.Remainder)
            throw UntranslatableException.Of(operation.Syntax, "a division by the integer 0");
        return unchecked(kind switch
        {
            BinaryOperatorKind.Add => a + b,
            BinaryOperatorKind.Subtract => a - b,
            BinaryOperatorKind.Multiply => a * b,
            BinaryOperatorKind.Divide => (int)((long)a / b),
            BinaryOperatorKind.Remainder => (object)(int)((long)a % b),
            BinaryOperatorKind.LessThan => Truth(a < b),
            BinaryOperatorKind.LessThanOrEqual => Truth(a <= b),
            BinaryOperatorKind.GreaterThan => Truth(a > b),
            BinaryOperatorKind.GreaterThanOrEqual => Truth(a >= b),
            BinaryOperatorKind.Equals => Truth(a == b),
            BinaryOperatorKind.NotEquals => Truth(a != b),
            _ => throw UntranslatableException.Of(operation),
        });

        Expression Truth(bool holds) => holds ? pool.True : pool.False;
    }

    /// <summary>A unary operator on the value of its operand.</summary>
    public object Unary(IUnaryOperation unary, object value) => (unary.OperatorKind, value) switch
    {
        (UnaryOperatorKind.Minus, int number) => unchecked(-number),
        (UnaryOperatorKind.Minus, Expression number) => pool.Negate(number),
        (UnaryOperatorKind.Plus, _) => value,
        (UnaryOperatorKind.Not, Expression { IsCondition: true } condition) => pool.Not(condition),
        _ => throw UntranslatableException.Of(unary),
    };

    /// <summary>A value as a variable of a type holds it.</summary>
    public object Converted(object value, ITypeSymbol type, SyntaxNode? place = null)
    {
        bool isReal = type.SpecialType is SpecialType.System_Single or SpecialType.System_Double;
        if (value is int && isReal)
            return AsNumber(value);
        if (value is Expression { IsCondition: false } && !isReal && place is not null)
            throw UntranslatableException.Of(place, "a conversion to an integer");
        return value;
    }

    /// <summary>A function of <c>Math</c> or <c>MathF</c>.</summary>
    public Expression Function(IInvocationOperation call, string name, Expression[] a) => (name, a.Length) switch
    {
        ("Abs" or "Sqrt" or "Floor" or "Ceiling" or "Truncate" or "Exp" or "Log" or "Sin" or "Cos" or "Tan" or "Asin" or "Acos"
            or "Atan" or "Sinh" or "Cosh" or "Tanh" or "Sign" or "Round", 1) =>
            pool.Function((ExpressionKind)Enum.Parse(typeof(ExpressionKind), name), a[0]),
        ("Log2", 1) => pool.Multiply(pool.Function(ExpressionKind.Log, a[0]), pool.Constant(1 / Math.Log(2))),
        ("Log10", 1) => pool.Multiply(pool.Function(ExpressionKind.Log, a[0]), pool.Constant(1 / Math.Log(10))),
        ("Log", 2) => pool.Divide(pool.Function(ExpressionKind.Log, a[0]), pool.Function(ExpressionKind.Log, a[1])),
        ("Min", 2) => pool.Min(a[0], a[1]),
        ("Max", 2) => pool.Max(a[0], a[1]),
        ("Pow", 2) => pool.Pow(a[0], a[1]),
        ("Clamp", 3) => pool.Min(pool.Max(a[0], a[1]), a[2]),
        ("FusedMultiplyAdd", 3) => pool.MultiplyAdd(a[0], a[1], a[2]),
        _ => throw UntranslatableException.Of(call.Syntax, $"{call.TargetMethod.ContainingType.Name}.{name}"),
    };

    /// <summary>A value that is no condition, as an expression.</summary>
    public Expression AsNumber(object value) => value is int number ? pool.Constant(number) : (Expression)value;

    /// <summary>Whether values of a type can be translated.</summary>
    public static bool IsNumber(ITypeSymbol? type) => type?.SpecialType
        is SpecialType.System_Single or SpecialType.System_Double or SpecialType.System_Int32 or SpecialType.System_Boolean;
}
