using NetGen.Generator.Expressions;
using NetGen.Generator.Kernels;

namespace NetGen.Generator.Tests.Expressions;

/// <summary>Sharing, simplification, the written form and the printed one.</summary>
public class ExpressionTests
{
    private readonly ExpressionPool pool = new();

    private Expression X => pool.Parameter(0);

    private Expression Y => pool.Parameter(1);

    [Fact]
    public void Equal_nodes_are_one()
    {
        Assert.Same(pool.Add(X, Y), pool.Add(X, Y));
        Assert.Same(pool.Add(X, Y), pool.Add(Y, X));
        Assert.Same(pool.Multiply(X, Y), pool.Multiply(Y, X));
        Assert.NotSame(pool.Subtract(X, Y), pool.Subtract(Y, X));
    }

    [Fact]
    public void Identities_that_hold_for_every_float_are_applied()
    {
        Expression zero = pool.Constant(0), one = pool.Constant(1), less = pool.Less(X, Y);
        Assert.Same(X, pool.Multiply(X, one));
        Assert.Same(X, pool.Divide(X, one));
        Assert.Same(X, pool.Add(zero, X));
        Assert.Same(X, pool.Subtract(X, zero));
        Assert.Same(X, pool.Negate(pool.Negate(X)));
        Assert.Same(pool.Subtract(X, Y), pool.Add(X, pool.Negate(Y)));
        Assert.Same(pool.Negate(pool.Multiply(X, Y)), pool.Multiply(pool.Negate(X), Y));
        Assert.Same(pool.Multiply(X, pool.Constant(0.25)), pool.Divide(X, pool.Constant(4)));
        Assert.Same(X, pool.Select(less, X, X));
        Assert.Same(pool.Select(less, X, Y), pool.Select(pool.Not(less), Y, X));
        Assert.Same(pool.Multiply(X, X), pool.Pow(X, pool.Constant(2)));
    }

    [Fact]
    public void What_NaN_or_infinity_would_break_is_left_alone()
    {
        Assert.Equal(ExpressionKind.Subtract, pool.Subtract(X, X).Kind);
        Assert.Equal(ExpressionKind.Multiply, pool.Multiply(X, pool.Constant(0)).Kind);
        Assert.Equal(ExpressionKind.Divide, pool.Divide(X, X).Kind);
        Assert.Equal(ExpressionKind.Divide, pool.Divide(X, pool.Constant(3)).Kind);
        Assert.Equal(ExpressionKind.Not, pool.Not(pool.Less(X, Y)).Kind);
    }

    [Fact]
    public void Nothing_is_reassociated()
    {
        Expression sum = pool.Add(pool.Add(X, pool.Constant(1)), pool.Constant(2));
        Assert.Equal("x + 1f + 2f", Print(InstructionSet.Scalar, sum));
        Assert.Equal("x + (y + x)", Print(InstructionSet.Scalar, pool.Add(X, pool.Add(Y, X))));
        Assert.Equal("x / (y / x)", Print(InstructionSet.Scalar, pool.Divide(X, pool.Divide(Y, X))));
    }

    [Theory]
    [InlineData(0.1f, 0.2f)]
    [InlineData(1e30f, 1e-8f)]
    [InlineData(16777216f, 1f)]
    [InlineData(-3.7f, 0f)]
    public void Constants_are_folded_as_floats(float a, float b)
    {
        Expression x = pool.Constant(a), y = pool.Constant(b);
        Assert.Equal(a + b, pool.Add(x, y).Value);
        Assert.Equal(a - b, pool.Subtract(x, y).Value);
        Assert.Equal(a * b, pool.Multiply(x, y).Value);
        Assert.Equal(a / b, pool.Divide(x, y).Value);
        Assert.Equal(MathF.Max(a, b), pool.Max(x, y).Value);
        Assert.Equal(a < b ? ExpressionKind.True : ExpressionKind.False, pool.Less(x, y).Kind);
    }

    [Fact]
    public void Written_form_comes_back()
    {
        for (int seed = 0; seed < 500; seed++)
        {
            Expression root = RandomExpressions.Create(seed, 12).Root;
            string text = ExpressionText.Write(root);
            ExpressionPool other = new();
            other.Exp(other.Parameter(1)); // another pool numbers otherwise
            Expression back = ExpressionText.Read(other, text);
            Assert.Equal(text, ExpressionText.Write(back));
            Assert.Equal(DoubleInterpreter.Evaluate(root, 0.3, 0.7), DoubleInterpreter.Evaluate(back, 0.3, 0.7));
        }
    }

    [Fact]
    public void Shared_parts_are_printed_once()
    {
        Expression e = pool.Exp(X), root = pool.Divide(pool.Subtract(e, pool.Constant(1)), pool.Add(e, pool.Constant(2)));
        List<string> lines = [];
        string text = ExpressionPrinter.Print(InstructionSet.Scalar, [root], ["x"], lines.Add)[0];

        Assert.Equal(["float exp = MathF.Exp(x);"], lines);
        Assert.Equal("(exp - 1f) / (exp + 2f)", text);
    }

    [Fact]
    public void Vector_text_is_that_of_the_width()
    {
        Expression root = pool.Select(pool.Greater(X, pool.Constant(0)), pool.Exp(X), pool.Constant(-1));
        Assert.Equal("ConditionalSelect(GreaterThan(x, V.Zero), Exponential(x), Create(-1f))", Print(InstructionSet.V256, root));
        Assert.Equal(
            "Vector128.ConditionalSelect(Vector128.GreaterThan(x, Vector128<float>.Zero), Exponential(x), Vector128.Create(-1f))",
            Print(InstructionSet.V256.Narrow(4), root));
        Assert.Equal("(x > 0f ? MathF.Exp(x) : -1f)", Print(InstructionSet.Scalar, root));
    }

    [Fact]
    public void Locals_avoid_the_names_of_parameters()
    {
        Expression e = pool.Exp(X);
        List<string> lines = [];
        ExpressionPrinter.Print(InstructionSet.Scalar, [pool.Multiply(e, pool.Add(e, Y))], ["exp", "exp2"], lines.Add);
        Assert.Equal(["float exp3 = MathF.Exp(exp);"], lines);
    }

    /// <summary>Values and gradients of random expressions: every width computes what double precision does, as far as rounding lets
    /// it.</summary>
    [Fact]
    public void Random_expressions_compute_the_same_at_every_width()
    {
        const int Cases = 60, Points = 37;
        List<(int Parameters, Expression[] Values)> cases = [];
        for (int seed = 0; seed < Cases; seed++)
        {
            (ExpressionPool own, Expression root) = RandomExpressions.Create(1000 + seed, 9);
            Expression[] partials = Derivative.Of(own, root, own.Constant(1), [own.Parameter(0), own.Parameter(1)]);
            cases.Add((2, [root, .. partials]));
        }

        CompiledExpressions compiled = new(cases);
        float[] x = [.. Enumerable.Range(0, Points).Select(i => -2.9f + (i * 0.1613f))];
        float[] y = [.. Enumerable.Range(0, Points).Select(i => 2.7f - (i * 0.1391f))];
        int compared = 0, left = 0;
        for (int i = 0; i < cases.Count; i++)
        {
            foreach (string width in CompiledExpressions.Widths)
            {
                float[][] found = compiled.Run(i, width, 3, x, y);
                for (int v = 0; v < 3; v++)
                {
                    for (int k = 0; k < Points; k++)
                    {
                        if (Expected(cases[i].Values[v], [x[k], y[k]]) is not var (expected, error))
                        {
                            left++;
                            continue;
                        }

                        compared++;
                        Assert.True(Math.Abs(found[v][k] - expected) <= error,
                            $"case {i}.{v} {width} at {x[k]}, {y[k]}: {found[v][k]:G9}, expected {expected:G9} ± {error:G3}\n"
                            + ExpressionText.Write(cases[i].Values[v]));
                    }
                }
            }
        }

        Assert.True(compared > 10_000 && compared > left, $"{compared} compared, {left} left out");
    }

    private static string Print(InstructionSet isa, Expression root) =>
        ExpressionPrinter.TryPrintInline(isa, root, ["x", "y"]) ?? "needs a local";

    /// <summary>The value, and how far rounding every step to float, with functions off by a few ulp, may put it; null where that is
    /// large: by perturbing every step at random (CESTAC, Vignes 1993).</summary>
    private static (double Value, double Error)? Expected(Expression value, double[] point)
    {
        double exact = DoubleInterpreter.Evaluate(value, point), spread = 0;
        for (int seed = 0; seed < 12; seed++)
        {
            Random random = new(seed);
            double perturbed = new DoubleInterpreter(step => step * (1 + ((random.Next(2) == 0 ? 1 : -1) * 6 / 16777216.0)))
                .Run(value, point);
            spread = Math.Max(spread, Math.Abs(perturbed - exact));
        }

        double error = (8 * spread) + 1e-37;
        return double.IsFinite(error) && Math.Abs(exact) < 1e30 && error <= 1e-3 * (1 + Math.Abs(exact)) ? (exact, error) : null;
    }
}
