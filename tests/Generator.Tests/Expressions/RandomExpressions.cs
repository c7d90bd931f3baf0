using FsCheck;
using FsCheck.Fluent;
using NetGen.Generator.Expressions;

namespace NetGen.Generator.Tests.Expressions;

/// <summary>Any expression of two parameters.</summary>
internal static class RandomExpressions
{
    private static readonly ExpressionKind[] Functions =
    [
        ExpressionKind.Abs, ExpressionKind.Sign, ExpressionKind.Sqrt, ExpressionKind.Floor, ExpressionKind.Ceiling, ExpressionKind.Round,
        ExpressionKind.Truncate, ExpressionKind.Exp, ExpressionKind.Expm1, ExpressionKind.Log, ExpressionKind.Log1P, ExpressionKind.Sin,
        ExpressionKind.Cos, ExpressionKind.Tan, ExpressionKind.Asin, ExpressionKind.Acos, ExpressionKind.Atan, ExpressionKind.Sinh,
        ExpressionKind.Cosh, ExpressionKind.Tanh, ExpressionKind.Sigmoid, ExpressionKind.Erfc,
    ];

    private static readonly ExpressionKind[] Operators =
    [
        ExpressionKind.Add, ExpressionKind.Subtract, ExpressionKind.Multiply, ExpressionKind.Multiply, ExpressionKind.Divide,
        ExpressionKind.Min, ExpressionKind.Max, ExpressionKind.Pow,
    ];

    /// <summary>In a pool of its own.</summary>
    public static Gen<(ExpressionPool Pool, Expression Root)> Gen { get; } =
        from seed in FsCheck.Fluent.Gen.Choose(0, int.MaxValue - 1)
        from size in FsCheck.Fluent.Gen.Choose(2, 14)
        select Create(seed, size);

    /// <summary>An expression of about that many operations; earlier results are taken up again, so that paths meet.</summary>
    public static (ExpressionPool Pool, Expression Root) Create(int seed, int size)
    {
        Random random = new(seed);
        ExpressionPool pool = new();
        List<Expression> made = [pool.Parameter(0), pool.Parameter(1), pool.Constant(Math.Round((random.NextDouble() * 6) - 3, 2))];
        for (int i = 0; i < size; i++)
        {
            made.Add(random.Next(10) switch
            {
                < 4 => pool.Build(Operators[random.Next(Operators.Length)], [Any(), Any()]),
                < 8 => pool.Function(Functions[random.Next(Functions.Length)], Any()),
                8 => pool.Select(Condition(), Any(), Any()),
                _ => random.Next(2) == 0 ? pool.Negate(Any()) : pool.MultiplyAdd(Any(), Any(), Any()),
            });
        }

        return (pool, made[^1]);

        // The latest results most often, or little of the expression would be needed in the end.
        Expression Any() => made[Math.Max(random.Next(made.Count), random.Next(made.Count))];

        Expression Condition() => random.Next(4) switch
        {
            0 => pool.Less(Any(), Any()),
            1 => pool.Not(pool.LessOrEqual(Any(), Any())),
            2 => pool.And(pool.Less(Any(), Any()), pool.Not(pool.Equal(Any(), Any()))),
            _ => pool.Or(pool.Greater(Any(), Any()), pool.Less(Any(), Any())),
        };
    }
}
