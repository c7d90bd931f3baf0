using System.Globalization;
using NetGen.Generator.Expressions;
using Xunit.Abstractions;

namespace NetGen.Generator.Tests.Expressions;

/// <summary>The functions that expressions call, at every width, against double precision over the floats.</summary>
public class MathFunctionTests(ITestOutputHelper output)
{
    private const int PointsPerExponent = 200;

    /// <summary>Function, lowest and highest argument, the error allowed in ulp.</summary>
    public static readonly TheoryData<string, float, float, double> Functions = new()
    {
        { "Exp", -87.3f, 88.7f, 1.2 },
        { "Expm1", -100f, 88.3f, 2 },
        { "Log", 0f, float.MaxValue, 1.5 },
        { "Log1P", -0.99f, float.MaxValue, 3.5 },
        { "Sigmoid", -87f, float.MaxValue, 2.5 },
        { "Tanh", -float.MaxValue, float.MaxValue, 2.5 },
        { "Sin", -float.MaxValue, float.MaxValue, 1.5 },
        { "Cos", -float.MaxValue, float.MaxValue, 1.5 },
        { "Tan", -float.MaxValue, float.MaxValue, 3.5 },
        { "Asin", -1f, 1f, 3 },
        { "Acos", -1f, 1f, 3 },
        { "Atan", -float.MaxValue, float.MaxValue, 3 },
        { "Sinh", -88.7f, 88.7f, 4 },
        { "Cosh", -88.7f, 88.7f, 4 },
        { "Erfc", -float.MaxValue, 9f, HasFusedMultiplyAdd ? 6 : 7 },
        { "Sqrt", 0f, float.MaxValue, 0.5 },
    };

    private static readonly float[] Specials =
    [
        0f, -0f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon, -float.Epsilon, 1e-40f, -1e-40f,
        1.17549435e-38f, float.MaxValue, float.MinValue, 1f, -1f, 88.72283f, 88.7229f, 89.5f, 100f, -87.5f, -103f, -104f, -200f, 11f, 1e6f,
        1e30f,
    ];

    private static readonly Lazy<CompiledExpressions> Compiled = new(() => new CompiledExpressions(
        [.. Functions.Select(row => Function((string)row[0])), Power]));

    private static (int Parameters, Expression[] Values) Power
    {
        get
        {
            ExpressionPool pool = new();
            return (2, [pool.Pow(pool.Parameter(0), pool.Parameter(1))]);
        }
    }

    /// <summary>Without it every term of a polynomial is rounded twice; only Erfc's bound is so tight that it shows.</summary>
    private static bool HasFusedMultiplyAdd =>
        System.Runtime.Intrinsics.X86.Fma.IsSupported || System.Runtime.Intrinsics.Arm.AdvSimd.IsSupported;

    [Theory, MemberData(nameof(Functions))]
    public void Error_is_within_the_stated_bound(string name, float low, float high, double ulps)
    {
        float[] x = [.. Points().Where(value => value >= low && value <= high)];
        Assert.True(x.Length > 1000);
        Expression function = Function(name).Values[0];
        foreach (string width in CompiledExpressions.Widths)
        {
            float[] y = Compiled.Value.Run(IndexOf(name), width, 1, x)[0];
            (double worst, float at) = (0, 0);
            for (int i = 0; i < x.Length; i++)
            {
                double error = ErrorInUlps(y[i], DoubleInterpreter.Evaluate(function, x[i]));
                if (error > worst || double.IsNaN(error))
                    (worst, at) = (error, x[i]);
            }

            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} {width}: {worst:0.00} ulp at {at:R}"));
            Assert.True(worst <= ulps, string.Create(CultureInfo.InvariantCulture, $"{name} {width}: {worst:0.00} ulp at {at:R}"));
        }
    }

    [Theory, MemberData(nameof(Functions))]
    public void Edges_of_the_range_are_those_of_the_function(string name, float low, float high, double ulps)
    {
        _ = (low, high, ulps);
        Expression function = Function(name).Values[0];
        foreach (string width in CompiledExpressions.Widths)
        {
            float[] y = Compiled.Value.Run(IndexOf(name), width, 1, Specials)[0];
            for (int i = 0; i < Specials.Length; i++)
            {
                // Of our own making and for arguments up to 88 only: what uses it takes no larger ones.
                if (name == "Expm1" && Specials[i] > 88.3f)
                    continue;
                double expected = DoubleInterpreter.Evaluate(function, Specials[i]);
                string what = string.Create(
                    CultureInfo.InvariantCulture, $"{name} {width} of {Specials[i]:R} is {y[i]:R}, expected {expected:R}");
                if (double.IsNaN(expected))
                    Assert.True(float.IsNaN(y[i]), what);
                else if (Math.Abs(expected) > float.MaxValue)
                    Assert.True(y[i] == (float)expected, what);
                else
                    // One subnormal more or less where the value has left the normal range.
                    Assert.True(Math.Abs(y[i] - expected) <= 1e-6 * Math.Abs(expected) + 1.2e-38, what);
            }
        }
    }

    [Fact]
    public void Powers_match_double_precision()
    {
        Random random = new(7);
        float[] x = new float[100_000], y = new float[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = (float)(Math.Exp((random.NextDouble() * 40) - 20) * (random.Next(4) == 0 ? -1 : 1));
            y[i] = random.Next(3) == 0 ? random.Next(-20, 21) : (float)((random.NextDouble() * 8) - 4);
        }

        float[] edges = [0f, 1f, -1f, 2f, -2f, 0.5f, float.PositiveInfinity, float.NegativeInfinity, float.NaN, 3f, -3f, float.MaxValue];
        int k = 0;
        foreach (float a in edges)
        {
            foreach (float b in edges)
                (x[k], y[k++]) = (a, b);
        }

        foreach (string width in CompiledExpressions.Widths)
        {
            float[] z = Compiled.Value.Run(Functions.Count, width, 1, x, y)[0];
            for (int i = 0; i < x.Length; i++)
            {
                double expected = Math.Pow(x[i], y[i]);
                bool equal = double.IsNaN(expected) ? float.IsNaN(z[i])
                    : z[i] == (float)expected || ErrorInUlps(z[i], expected) <= 0.6 || Math.Abs(expected - z[i]) < 2e-45;
                Assert.True(equal || (width == "Scalar" && ErrorInUlps(z[i], expected) <= 1.01),
                    string.Create(CultureInfo.InvariantCulture, $"{width}: {x[i]:R} to the {y[i]:R} is {z[i]:R}, expected {expected:R}"));
            }
        }
    }

    [Fact]
    public void Every_part_of_the_array_has_the_same_bits()
    {
        float[] x = [.. Enumerable.Range(0, 67).Select(i => (i * 0.37f) - 11f)];
        foreach (string width in CompiledExpressions.Widths)
        {
            float[] whole = Compiled.Value.Run(IndexOf("Erfc"), width, 1, x)[0];
            for (int length = 0; length < 40; length++)
            {
                float[] part = x[^(length + 1)..];
                Assert.Equal(whole[^(length + 1)..], Compiled.Value.Run(IndexOf("Erfc"), width, 1, part)[0]);
            }
        }
    }

    /// <summary>Distance in units in the last place of the exact value's float, subnormals included.</summary>
    private static double ErrorInUlps(float actual, double expected)
    {
        if (actual == expected)
            return 0;
        double size = Math.Abs(expected);
        double unit = size < 1.17549435e-38 ? float.Epsilon : Math.Pow(2, Math.Floor(Math.Log2(size)) - 23);
        return Math.Abs(actual - expected) / unit;
    }

    private static IEnumerable<float> Points()
    {
        Random random = new(1);
        for (int exponent = 1; exponent < 255; exponent++)
        {
            for (int i = 0; i < PointsPerExponent; i++)
                yield return BitConverter.Int32BitsToSingle((exponent << 23) | random.Next(1 << 23) | (i % 2 << 31));
        }

        for (int i = 0; i < 40_000; i++)
            yield return (random.NextSingle() - 0.5f) * 40f;
    }

    private static (int Parameters, Expression[] Values) Function(string name)
    {
        ExpressionPool pool = new();
        return (1, [pool.Function(Enum.Parse<ExpressionKind>(name), pool.Parameter(0))]);
    }

    private static int IndexOf(string name) => Functions.Select(row => (string)row[0]).ToList().IndexOf(name);
}
