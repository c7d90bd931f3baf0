using System.Globalization;
using NetGen.Generator.Expressions;
using NetGen.Generator.Kernels;
using NetGen.Generator.Operations;
using Xunit.Abstractions;

namespace NetGen.Generator.Tests.Expressions;

/// <summary>The built-in activations: values and slopes at every width, and slopes given by hand against derived ones.</summary>
public class ActivationTests(ITestOutputHelper output)
{
    /// <summary>Name, textbook form in double precision and its derivative, errors allowed in ulp: of values above
    /// 2⁻¹⁰ and slopes above 1, below of those.</summary>
    private static readonly (FormulaActivation Activation, Func<double, double> Value, Func<double, double> Slope, double Ulps)[] Textbook =
    [
        (Activations.ELU(1), x => x > 0 ? x : DoubleInterpreter.Expm1(x), x => x > 0 ? 1 : Math.Exp(x), 3),
        (Activations.ELU(0.5f), x => x > 0 ? x : 0.5 * DoubleInterpreter.Expm1(x), x => x > 0 ? 1 : 0.5 * Math.Exp(x), 3),
        (Activations.ELU(-0.5f), x => x > 0 ? x : -0.5 * DoubleInterpreter.Expm1(x), x => x > 0 ? 1 : -0.5 * Math.Exp(x), 3),
        (Activations.SELU, x => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * DoubleInterpreter.Expm1(x)),
            x => 1.0507009873554805 * (x > 0 ? 1 : 1.6732632423543772 * Math.Exp(x)), 3),
        (Activations.ReLU6, x => Math.Clamp(x, 0, 6), x => x is > 0 and < 6 ? 1 : 0, 0),
        (Activations.GELU, x => x * Phi(x), x => Phi(x) + (x * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI)), 16),
        (Activations.SiLU, x => x / (1 + Math.Exp(-x)), x => (1 + (x / (1 + Math.Exp(x)))) / (1 + Math.Exp(-x)), 12),
        (Activations.Mish, x => x * Math.Tanh(DoubleInterpreter.Log1P(Math.Exp(x))),
            x => Tanh(x) + (x * (1 - (Tanh(x) * Tanh(x))) / (1 + Math.Exp(-x))), 8),
        (Activations.HardSigmoid, x => Math.Clamp(x + 3, 0, 6) / 6, x => Math.Abs(x) < 3 ? 1.0 / 6 : 0, 1.5),
        (Activations.HardSwish, x => x * Math.Clamp(x + 3, 0, 6) / 6, x => x <= -3 ? 0 : x >= 3 ? 1 : (x / 3) + 0.5, 3),
        (Activations.Softplus, x => Math.Max(x, 0) + DoubleInterpreter.Log1P(Math.Exp(-Math.Abs(x))), x => 1 / (1 + Math.Exp(-x)), 5),
        (Activations.Softsign, x => x / (1 + Math.Abs(x)), x => 1 / ((1 + Math.Abs(x)) * (1 + Math.Abs(x))), 3),
        (Activations.Step, x => x >= 0 ? 1 : 0, _ => 0, 0),
    ];

    private static readonly Lazy<CompiledExpressions> Compiled = new(() => new CompiledExpressions(
        [.. Textbook.Select(one => (1, Expressions(one.Activation)))]));

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Textbook.Length)];

    [Theory, MemberData(nameof(Cases))]
    public void Values_and_slopes_are_those_of_the_textbook(int index)
    {
        (FormulaActivation activation, Func<double, double> value, Func<double, double> slope, double ulps) = Textbook[index];
        float[] x = [.. Enumerable.Range(0, 120_001).Select(i => (i - 60_000) * 0.0004f + 1e-5f), 1e-20f, -1e-20f, 1e-42f, 40f, 87f, 89f, 500f, -87f, -500f, 1e30f, -1e30f];
        foreach (string width in CompiledExpressions.Widths)
        {
            float[][] found = Compiled.Value.Run(index, width, 2, x);
            Check("value", found[0], value, 1.0 / 1024);
            Check("slope", found[1], slope, 1);

            void Check(string what, float[] actual, Func<double, double> expected, double least)
            {
                double worst = 0;
                for (int i = 0; i < x.Length; i++)
                {
                    double exact = expected(x[i]);
                    if (double.IsNaN(exact))
                        exact = expected(Math.Clamp(x[i], -700, 700)); // the textbook form overflows in double too
                    double error = Math.Abs(actual[i] - exact) / Unit(exact, least);
                    Assert.True(error <= ulps, string.Create(CultureInfo.InvariantCulture,
                        $"{what} of {activation.Name} {width} at {x[i]:R} is {actual[i]:R}, expected {exact:R}: {error:0.0} ulp"));
                    worst = Math.Max(worst, error);
                }

                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what} of {activation.Name} {width}: {worst:0.00} ulp"));
            }
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Slope_given_by_hand_is_the_derived_one(int index)
    {
        FormulaActivation activation = Textbook[index].Activation;
        ExpressionPool pool = new();
        Expression x = pool.Parameter(0), y = activation.Value(pool, x);
        Expression derived = Derivative.Of(pool, y, pool.Constant(1), [x])[0], used = Expressions(activation)[1];
        for (int i = -2000; i <= 2000; i++)
        {
            // Off the kinks, which lie at integers.
            double at = (i * 0.01) + 0.005, expected = DoubleInterpreter.Evaluate(derived, at);
            Assert.Equal(expected, DoubleInterpreter.Evaluate(used, at), 1e-6);
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Not_a_number_stays_one(int index)
    {
        foreach (string width in CompiledExpressions.Widths)
            Assert.True(float.IsNaN(Compiled.Value.Run(index, width, 2, [float.NaN])[0][0]), width);
    }

    [Fact]
    public void Value_tells_the_slope_where_it_can()
    {
        Assert.False(Activations.Softplus.ToFunction().SavesInput);
        Assert.False(Activations.ELU(1).ToFunction().SavesInput);
        Assert.True(Activations.ELU(-1).ToFunction().SavesInput);
        Assert.True(Activations.Mish.ToFunction().SavesInput);
    }

    [Fact]
    public void Cheap_formulas_stand_in_place_and_others_are_functions()
    {
        ElementwiseFunction relu6 = Activations.ReLU6.ToFunction(), mish = Activations.Mish.ToFunction();

        Assert.True(relu6.Cheap);
        Assert.Equal("Min(Max(x, V.Zero), Create(6f))", relu6.Value(InstructionSet.V512, "x"));
        Assert.Equal("ConditionalSelect(GreaterThan(y, V.Zero) & LessThan(y, Create(6f)), dy, V.Zero)",
            relu6.Gradient(InstructionSet.V512, "dy", "y"));
        Assert.False(mish.Cheap);
        Assert.Equal("Mish(x)", mish.Value(InstructionSet.V512, "x"));
        Assert.Equal("""
            /// <summary>y = x · tanh(ln(1 + exp(x))).</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            private static V Mish(V x)
            {
                V exp = Exponential(Min(x, Create(20f)));
                V product = exp * (exp + Create(2f));
                return x * (product / (product + Create(2f)));
            }
            """.ReplaceLineEndings("\n"), mish.Math!.Text(InstructionSet.V512));
    }

    /// <summary>Value and slope, both of x: where the slope is given by y, y's formula is put in.</summary>
    private static Expression[] Expressions(FormulaActivation activation)
    {
        ExpressionPool pool = new();
        Expression x = pool.Parameter(0), y = activation.Value(pool, x);
        return
        [
            y,
            activation.SlopeOfValue is { } ofValue ? ofValue(pool, y)
                : activation.Slope?.Invoke(pool, x) ?? Derivative.Of(pool, y, pool.Constant(1), [x])[0],
        ];
    }

    private static double Phi(double x) => 0.5 * ErrorFunction.Complement(-x / Math.Sqrt(2));

    private static double Tanh(double x) => Math.Tanh(DoubleInterpreter.Log1P(Math.Exp(x)));

    /// <summary>A unit in the last place of a float, or of the least one where the number is smaller: a sum of larger parts.</summary>
    private static double Unit(double value, double least) => Math.Pow(2, Math.Floor(Math.Log2(Math.Max(Math.Abs(value), least))) - 23);
}
