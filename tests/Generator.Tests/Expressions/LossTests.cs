using System.Globalization;
using NetGen.Generator.Expressions;
using NetGen.Generator.Kernels;
using Xunit.Abstractions;

namespace NetGen.Generator.Tests.Expressions;

/// <summary>The built-in losses given by formulas: values and slopes at every width, and slopes given by hand against derived
/// ones.</summary>
public class LossTests(ITestOutputHelper output)
{
    /// <summary>Textbook form in double precision, from d = x - t or from x and t, and its derivative by x; errors allowed in ulp, of
    /// values whose size is at least 2⁻⁶⁰.</summary>
    private static readonly (FormulaLoss Loss, Func<double, double, double> Value, Func<double, double, double> Slope, double Ulps)[] Textbook =
    [
        (Losses.AbsoluteError, (x, t) => Math.Abs(x - t), (x, t) => Math.Sign(x - t), 0.5),
        (Losses.Huber, (x, t) => Math.Abs(x - t) < 1 ? (x - t) * (x - t) / 2 : Math.Abs(x - t) - 0.5,
            (x, t) => Math.Clamp(x - t, -1, 1), 2),
        (Losses.LogCosh, (x, t) => LogCosh(Math.Abs(x - t)), (x, t) => Math.Tanh(x - t), 8),
        (Losses.Hinge, (x, t) => Math.Max(0, 1 - (t * x)), (x, t) => t * x < 1 ? -t : 0, 1),
        (Losses.SquaredHinge, (x, t) => Math.Pow(Math.Max(0, 1 - (t * x)), 2), (x, t) => -2 * t * Math.Max(0, 1 - (t * x)), 2),
    ];

    private static readonly Lazy<CompiledExpressions> Compiled = new(() => new CompiledExpressions(
        [.. Textbook.Select(one => (2, new[] { one.Loss.Expressions().Value, one.Loss.Expressions().Gradient }))]));

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Textbook.Length)];

    [Theory, MemberData(nameof(Cases))]
    public void Values_and_slopes_are_those_of_the_textbook(int index)
    {
        (FormulaLoss loss, Func<double, double, double> value, Func<double, double, double> slope, double ulps) = Textbook[index];
        // Multiples of 2⁻¹⁰ and targets of 1 and -1: x - t and 1 - t x are exact, so that only the formula errs. Then tiny and large
        // differences from 0, which no target of the first kind has.
        float[] grid = [.. Enumerable.Range(-40_000, 80_001).Select(i => i / 1024f), 500f, -500f, 1e30f, -1e30f];
        float[] tiny = [0f, 1e-8f, -1e-8f, 1e-6f, 1e-4f, -1e-4f, 3e-3f, 0.1f, 19.9f, 20.1f, 89f];
        float[] x = [.. grid, .. grid, .. tiny], t = [.. grid.Select(_ => 1f), .. grid.Select(_ => -1f), .. tiny.Select(_ => 0f)];
        foreach (string width in CompiledExpressions.Widths)
        {
            float[][] found = Compiled.Value.Run(index, width, 2, x, t);
            Check("value", found[0], value);
            Check("slope", found[1], slope);

            void Check(string what, float[] actual, Func<double, double, double> expected)
            {
                double worst = 0;
                for (int i = 0; i < x.Length; i++)
                {
                    double exact = expected(x[i], t[i]);
                    if (Math.Abs(exact) > float.MaxValue)
                        exact = double.PositiveInfinity;
                    double error = exact == actual[i] ? 0
                        : Math.Abs(actual[i] - exact) / Math.ScaleB(1, Math.ILogB(Math.Max(Math.Abs(exact), Math.ScaleB(1, -60))) - 23);
                    Assert.True(error <= ulps, string.Create(CultureInfo.InvariantCulture,
                        $"{what} of {loss.Name} {width} at {x[i]:R}, {t[i]:R} is {actual[i]:R}, expected {exact:R}: {error:0.0} ulp"));
                    worst = Math.Max(worst, error);
                }

                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what} of {loss.Name} {width}: {worst:0.00} ulp"));
            }
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Slope_given_by_hand_is_the_derived_one(int index)
    {
        FormulaLoss loss = Textbook[index].Loss;
        ExpressionPool pool = new();
        Expression x = pool.Parameter(0), t = pool.Parameter(1);
        Expression derived = Derivative.Of(pool, loss.Value(pool, x, t), pool.Constant(1), [x])[0], used = loss.Expressions().Gradient;
        foreach (double target in (double[])[-1, 1])
        {
            for (int i = -1000; i <= 1000; i++)
            {
                // Off the kinks, which lie at integers.
                double at = (i * 0.01) + 0.005, expected = DoubleInterpreter.Evaluate(derived, at, target);
                Assert.Equal(expected, DoubleInterpreter.Evaluate(used, at, target), 1e-9);
            }
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Not_a_number_stays_one(int index)
    {
        foreach (string width in CompiledExpressions.Widths)
            Assert.True(float.IsNaN(Compiled.Value.Run(index, width, 2, [float.NaN], [1f])[0][0]), width);
    }

    [Fact]
    public void Slopes_at_the_kinks_are_the_documented_ones()
    {
        foreach (string width in CompiledExpressions.Widths)
        {
            Assert.Equal(0f, Compiled.Value.Run(0, width, 2, [3f], [3f])[1][0]);
            Assert.Equal(1f, Compiled.Value.Run(1, width, 2, [4f], [3f])[1][0]);
            Assert.Equal(0f, Compiled.Value.Run(3, width, 2, [-1f], [-1f])[1][0]);
        }
    }

    [Fact]
    public void Functions_read_like_the_formula()
    {
        Assert.Equal("""
            /// <summary>dx = -t where t x &lt; 1, else 0.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            private static V HingeGradient(V x, V t)
            {
                return ConditionalSelect(GreaterThan(Create(1f) - t * x, V.Zero), -t, V.Zero);
            }
            """.ReplaceLineEndings("\n"), Losses.Hinge.GradientMath.Text(InstructionSet.V512));
    }

    /// <summary>ln cosh d for d ≥ 0.</summary>
    private static double LogCosh(double d) => d < 1
        ? DoubleInterpreter.Log1P(2 * Math.Sinh(d / 2) * Math.Sinh(d / 2))
        : d + DoubleInterpreter.Log1P(Math.Exp(-2 * d)) - Math.Log(2);
}
