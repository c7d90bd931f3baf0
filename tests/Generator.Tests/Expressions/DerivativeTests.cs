using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using NetGen.Generator.Expressions;

namespace NetGen.Generator.Tests.Expressions;

/// <summary>Derivatives against central differences in double precision.</summary>
public class DerivativeTests
{
    /// <summary>Function and the range in which it is smooth and moderate.</summary>
    public static readonly TheoryData<string, double, double> Functions = new()
    {
        { "Sqrt", 0.05, 9 }, { "Exp", -5, 5 }, { "Expm1", -5, 5 }, { "Log", 0.05, 9 }, { "Log1P", -0.9, 9 }, { "Sin", -9, 9 },
        { "Cos", -9, 9 }, { "Tan", -1.4, 1.4 }, { "Asin", -0.95, 0.95 }, { "Acos", -0.95, 0.95 }, { "Atan", -9, 9 }, { "Sinh", -5, 5 },
        { "Cosh", -5, 5 }, { "Tanh", -5, 5 }, { "Sigmoid", -9, 9 }, { "Erfc", -2.4, 2.4 }, { "Abs", 0.1, 5 }, { "Abs", -5, -0.1 },
        { "Sign", 0.1, 5 }, { "Floor", 0.1, 0.9 }, { "Ceiling", 0.1, 0.9 }, { "Round", 0.1, 0.4 }, { "Truncate", -0.9, 0.9 },
    };

    [Theory, MemberData(nameof(Functions))]
    public void Every_function_has_its_derivative(string name, double low, double high)
    {
        ExpressionPool pool = new();
        Expression x = pool.Parameter(0), y = pool.Function(Enum.Parse<ExpressionKind>(name), x);
        Expression slope = Derivative.Of(pool, y, pool.Constant(1), [x])[0];
        for (int i = 1; i < 200; i++)
        {
            double at = low + ((high - low) * i / 200);
            double expected = CentralDifference(y, [at], 0, 1e-4), found = DoubleInterpreter.Evaluate(slope, at);
            // Constants of a formula are floats.
            Assert.True(Math.Abs(found - expected) <= 1e-6 * (1 + Math.Abs(expected)), $"{name} at {at}: {found}, expected {expected}");
        }
    }

    [Theory]
    [InlineData(2.5, 0.5)]
    [InlineData(0.4, -1.5)]
    [InlineData(1.7, 3)]
    public void Powers_have_both_derivatives(double x, double y)
    {
        ExpressionPool pool = new();
        Expression power = pool.Pow(pool.Parameter(0), pool.Parameter(1));
        Expression[] partials = Derivative.Of(pool, power, pool.Constant(1), [pool.Parameter(0), pool.Parameter(1)]);

        Assert.Equal(y * Math.Pow(x, y - 1), DoubleInterpreter.Evaluate(partials[0], x, y), 1e-12);
        Assert.Equal(Math.Pow(x, y) * Math.Log(x), DoubleInterpreter.Evaluate(partials[1], x, y), 1e-12);
    }

    [Fact]
    public void Random_expressions_match_central_differences()
    {
        int compared = 0, skipped = 0;
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(3000).WithReplay(20240601, 1),
            Prop.ForAll(Arb.From(RandomExpressions.Gen), one =>
            {
                Expression[] parameters = [one.Pool.Parameter(0), one.Pool.Parameter(1)];
                Expression[] partials = Derivative.Of(one.Pool, one.Root, one.Pool.Constant(1), parameters);
                foreach (double[] point in (double[][])[[0.37, 0.81], [-0.63, 1.7], [2.3, -0.45]])
                {
                    for (int p = 0; p < parameters.Length; p++)
                    {
                        if (Difference(one.Root, point, p) is not double expected)
                        {
                            skipped++;
                            continue;
                        }

                        compared++;
                        double found = DoubleInterpreter.Evaluate(partials[p], point);
                        Assert.True(Math.Abs(found - expected) <= 1e-4 * (1 + Math.Abs(expected)), string.Create(CultureInfo.InvariantCulture,
                            $"{ExpressionText.Write(one.Root)} by {p} at {point[0]}, {point[1]}: {found:G9}, expected {expected:G9}"));
                    }
                }
            }));

        // Kinks, poles and values that are no numbers are left out; most points are none.
        Assert.True(compared > 10_000 && compared > skipped, $"{compared} compared, {skipped} skipped");
    }

    [Fact]
    public void Several_paths_add_up()
    {
        // Goodfellow, Bengio and Courville, Deep Learning, 2016, section 6.5: z = f(f(f(w))).
        ExpressionPool pool = new();
        Expression w = pool.Parameter(0), x = pool.Multiply(w, w), y = pool.Multiply(x, w), z = pool.Multiply(x, y);
        Assert.Equal(5 * Math.Pow(1.3, 4), DoubleInterpreter.Evaluate(Derivative.Of(pool, z, pool.Constant(1), [w])[0], 1.3), 1e-12);
    }

    [Fact]
    public void Branch_not_taken_adds_nothing_even_where_it_is_infinite()
    {
        ExpressionPool pool = new();
        Expression x = pool.Parameter(0), zero = pool.Constant(0);
        Expression root = pool.Select(pool.Greater(x, zero), pool.Sqrt(x), zero);
        Assert.Equal(0, DoubleInterpreter.Evaluate(Derivative.Of(pool, root, pool.Constant(1), [x])[0], 0));
        Assert.Equal(0.25, DoubleInterpreter.Evaluate(Derivative.Of(pool, root, pool.Constant(1), [x])[0], 4));
    }

    [Fact]
    public void Logistic_has_a_derivative_where_its_exponential_overflows()
    {
        ExpressionPool pool = new();
        Expression x = pool.Parameter(0), one = pool.Constant(1);
        Expression logistic = pool.Divide(one, pool.Add(pool.Exp(pool.Negate(x)), one));
        Assert.Equal(0, DoubleInterpreter.Evaluate(Derivative.Of(pool, logistic, one, [x])[0], -2000));
    }

    [Fact]
    public void Independent_parameter_has_derivative_0()
    {
        ExpressionPool pool = new();
        Assert.True(Derivative.Of(pool, pool.Exp(pool.Parameter(0)), pool.Constant(1), [pool.Parameter(1)])[0].Is(0f));
    }

    [Fact]
    public void Sweep_grows_with_the_expression_and_not_with_the_number_of_parameters()
    {
        ExpressionPool pool = new();
        Expression sum = pool.Constant(0);
        Expression[] parameters = [.. Enumerable.Range(0, 200).Select(pool.Parameter)];
        foreach (Expression parameter in parameters)
            sum = pool.Function(ExpressionKind.Tanh, pool.Add(sum, parameter));
        Expression[] partials = Derivative.Of(pool, sum, pool.Constant(1), parameters);

        Assert.True(Expression.Reach(partials).Count < 8 * Expression.Reach([sum]).Count);
    }

    private static double CentralDifference(Expression value, double[] point, int parameter, double step)
    {
        // Fourth order: the error falls with the fourth power of the step.
        return ((8 * (At(step) - At(-step))) - (At(2 * step) - At(-2 * step))) / (12 * step);

        double At(double offset)
        {
            double[] moved = [.. point];
            moved[parameter] += offset;
            return DoubleInterpreter.Evaluate(value, moved);
        }
    }

    /// <summary>The difference quotient, or null where two steps disagree or a branch changes: it says nothing there.</summary>
    private static double? Difference(Expression value, double[] point, int parameter)
    {
        double coarse = CentralDifference(value, point, parameter, 2e-4), fine = CentralDifference(value, point, parameter, 1e-4);
        bool agrees = Math.Abs(coarse - fine) <= 1e-6 * (1 + Math.Abs(fine)) && Math.Abs(fine) < 1e6;
        return agrees && !IsNearKink(value, point) ? fine : null;
    }

    /// <summary>Whether two operands that are compared are equal, an argument lies on a step, or a part is no finite number.</summary>
    private static bool IsNearKink(Expression value, double[] point) => Expression.Reach([value]).Any(node =>
    {
        double[] o = [.. node.Operands.Select(operand => DoubleInterpreter.Evaluate(operand, point))];
        return !Array.TrueForAll(o, double.IsFinite) || node.Kind switch
        {
            ExpressionKind.Min or ExpressionKind.Max or ExpressionKind.Less or ExpressionKind.LessOrEqual or ExpressionKind.Equal =>
                Math.Abs(o[0] - o[1]) < 1e-3,
            ExpressionKind.Abs or ExpressionKind.Sign or ExpressionKind.Sqrt or ExpressionKind.Log => Math.Abs(o[0]) < 1e-3,
            ExpressionKind.Asin or ExpressionKind.Acos => Math.Abs(Math.Abs(o[0]) - 1) < 1e-3,
            ExpressionKind.Floor or ExpressionKind.Ceiling or ExpressionKind.Truncate => Math.Abs(o[0] - Math.Round(o[0])) < 1e-3,
            ExpressionKind.Round => Math.Abs(o[0] - Math.Floor(o[0]) - 0.5) < 1e-3,
            ExpressionKind.Pow => o[0] < 1e-3,
            _ => false,
        };
    });
}
