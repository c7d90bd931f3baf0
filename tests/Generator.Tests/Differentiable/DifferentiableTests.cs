using System.Globalization;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;

namespace NetGen.Generator.Tests.Differentiable;

/// <summary>Methods with [Differentiable]: values, partial derivatives, spans, diagnostics and caching.</summary>
public class DifferentiableTests
{
    /// <summary>Methods F of x, y and z, with REAL for float or double and M for MathF or Math.</summary>
    public static readonly TheoryData<string> Bodies =
    [
        "public static REAL F(REAL x, REAL y, REAL z) => 1 / (M.Exp(-(x * y + z)) + 1);",
        "public static REAL F(REAL x, REAL y, REAL z) => x > y ? x * z : M.Sin(y) / (2 + M.Cos(z));",
        "public static REAL F(REAL x, REAL y, REAL z) { REAL s = x; s += y * z; s *= s; s -= x / 3; s++; return -s; }",
        "public static REAL F(REAL x, REAL y, REAL z) { if (x > 0) return x * x * y; if (y > 0 && z < 1) { return y * z; } return z; }",
        "public static REAL F(REAL x, REAL y, REAL z) { REAL r; if (x * y > z) r = M.Tanh(x); else { r = y; r = r * r + z; } return r * x; }",
        "public static REAL F(REAL x, REAL y, REAL z) { REAL s = 0; for (int i = 0; i < 5; i++) { if (i % 2 == 0) s += M.Pow(x, i); else s -= y * i; } return s * z; }",
        "public static REAL F(REAL x, REAL y, REAL z) { for (int i = 3; i >= 1; i--) for (int j = i; j < 4; ++j) x = x * y + i * j * z; return x; }",
        "public static REAL F(REAL x, REAL y, REAL z) => G(G(x, y), z) + H(x); static REAL G(REAL a, REAL b) => a * M.Exp(b * (REAL)0.1); static REAL H(REAL a) { return M.Sqrt(1 + a * a); }",
        "const REAL A = (REAL)0.3; static readonly REAL B = 2 * A; public static REAL F(REAL x, REAL y, REAL z) => A * x * x + B * M.Log(1 + y * y) + M.Min(x, z);",
        "public static REAL F(REAL x, REAL y, REAL z) { bool far = M.Abs(x) > 1; bool low = y <= z; return far || !low ? M.Atan(x * y) : (far != low ? M.Cosh(z) : x); }",
        "public static REAL F(REAL x, REAL y, REAL z) { REAL d = x - y; REAL a = M.Abs(d); return a <= 1 ? (REAL)0.5 * d * d : z * (a - (REAL)0.5); }",
        "public static REAL F(REAL x, REAL y, REAL z) { REAL r = z; for (int i = 0; i < 6; i++) { if (r > 3) return r + x; r += y * y + (REAL)0.3; } return r * x; }",
        "public static REAL F(REAL x, REAL y, REAL z) => Math.Clamp(x * y, (REAL)(-1), (REAL)2) + M.Max(y, z) + M.Floor(z) * x;",
        "public static REAL F(REAL x, REAL y, REAL z) { REAL a = x > 0 ? M.Log(x) : 0; return a * y + (z > 0 ? M.Sqrt(z) : y); }",
        // Branches that are not taken, by several ways: none of them says anything, not even NaN.
        "public static REAL F(REAL x, REAL y, REAL z) { if (x > 1) { if (y > 1) { x = M.Log(x + y); z = x * y; } } return M.Min(x, z) + M.Max(y * x, z); }",
        "public static REAL F(REAL x, REAL y, REAL z) { REAL r = M.Sqrt(x), s = x > 0 ? r : y; if (z > 0) s += r * (x > 0 ? 1 : 0); else s = y; return x > 0 ? s : z; }",
        // Assignments inside of expressions happen where those are evaluated.
        "public static REAL F(REAL x, REAL y, REAL z) { REAL t = z; REAL s = x > 0 ? (t = y * y) : (t = 2 * x); return t * s; }",
        "public static REAL F(REAL x, REAL y, REAL z) { REAL t = z; if (x > 0 && (t = x * y) > -1 || (t += y) > 1) return t * t; return t * z; }",
        "public static REAL F(REAL x, REAL y, REAL z) { REAL t; if (x > 0 && (t = x * y) > -1) return t * t; return z; }",
        "public static REAL F(REAL x, REAL y, REAL z) { for (int i = 0; ; i++) { if (i == 3) return x * z; x *= y; } }",
        "public static REAL F(REAL x, REAL y, REAL z) => Of<int>.G(x, y) * z; static class Of<T> { public static REAL G(REAL a, REAL b) => a * a - b; }",
    ];

    [Theory, MemberData(nameof(Bodies))]
    public void Value_is_the_methods_and_derivatives_are_those_of_its_twin_in_double(string body)
    {
        string Twin(string real, string math) =>
            body.Replace("REAL", real, StringComparison.Ordinal).Replace("M.", math + ".", StringComparison.Ordinal);
        Type type = Load($$"""
            public static partial class Functions { {{Marked(Twin("float", "MathF"))}} }
            public static class Twins { {{Twin("double", "Math")}} }
            public delegate float GradientCall(float x, float y, float z, out float dx, out float dy, out float dz);
            public static class Calls
            {
                public static float[] One(float x, float y, float z)
                {
                    float value = Functions.FGradient(x, y, z, out float dx, out float dy, out float dz);
                    return [value, dx, dy, dz];
                }

                public static float[][] Many(float[] x, float[] y, float[] z)
                {
                    float[] value = new float[x.Length], dx = new float[x.Length], dy = new float[x.Length], dz = new float[x.Length];
                    Functions.FGradient(x, y, z, value, dx, dy, dz);
                    return [value, dx, dy, dz];
                }
            }
            """, "Calls");
        var one = type.GetMethod("One")!.CreateDelegate<Func<float, float, float, float[]>>();
        var many = type.GetMethod("Many")!.CreateDelegate<Func<float[], float[], float[], float[][]>>();
        var single = type.Assembly.GetType("Functions")!.GetMethod("F")!.CreateDelegate<Func<float, float, float, float>>();
        var twin = type.Assembly.GetType("Twins")!.GetMethod("F")!.CreateDelegate<Func<double, double, double, double>>();
        Random random = new(5);
        float[][] points =
            [.. Enumerable.Range(0, 3).Select(_ => Enumerable.Range(0, 203).Select(_ => (random.NextSingle() * 4) - 2).ToArray())];
        float[][] spans = many(points[0], points[1], points[2]);

        int compared = 0;
        for (int i = 0; i < points[0].Length; i++)
        {
            float x = points[0][i], y = points[1][i], z = points[2][i];
            float[] found = one(x, y, z);
            // C# may keep the logistic's division where the generated text multiplies.
            Assert.True(Math.Abs(single(x, y, z) - found[0]) <= 3e-6f * (1 + Math.Abs(found[0])), body);
            for (int k = 0; k < 4; k++)
            {
                Assert.True(Math.Abs(spans[k][i] - found[k]) <= 2e-5f * (1 + Math.Abs(found[k])), string.Create(CultureInfo.InvariantCulture,
                    $"{body}: output {k} at {x}, {y}, {z} is {spans[k][i]} in spans and {found[k]} alone"));
                if (k == 0)
                    continue;
                double coarse = Difference(2e-4), fine = Difference(1e-4);
                if (Math.Abs(coarse - fine) > 1e-6 * (1 + Math.Abs(fine)))
                    continue; // a kink, or a step
                compared++;
                Assert.True(Math.Abs(found[k] - fine) <= 3e-5 * (1 + Math.Abs(fine)), string.Create(CultureInfo.InvariantCulture,
                    $"{body}: derivative {k} at {x}, {y}, {z} is {found[k]}, expected {fine}"));

                double Difference(double step) => (At(step) - At(-step)) / (2 * step);

                double At(double offset) => twin(x + (k == 1 ? offset : 0), y + (k == 2 ? offset : 0), z + (k == 3 ? offset : 0));
            }
        }

        Assert.True(compared > 400, $"{compared} compared");
    }

    [Fact]
    public void Logistic_at_the_textbooks_point()
    {
        Type type = Load("""
            namespace Demo
            {
                public partial class Outer<T>
                {
                    internal partial struct Inner
                    {
                        [Differentiable]
                        public static float Logistic(float x, float w, float b) => 1f / (MathF.Exp(-(w * x + b)) + 1f);
                    }
                }

                public static class Calls
                {
                    public static float[] Run()
                    {
                        float y = Outer<int>.Inner.LogisticGradient(1f, 0f, 0f, out float dx, out float dw, out float db);
                        return [y, dx, dw, db];
                    }
                }
            }
            """, "Demo.Calls");
        Assert.Equal([0.5f, 0f, 0.25f, 0.25f], type.GetMethod("Run")!.CreateDelegate<Func<float[]>>()());
    }

    [Fact]
    public void Names_of_every_kind_compile()
    {
        Load("""
            public static partial class Vector128
            {
                [Differentiable] public static float MathF(float @class, float length, float values, float dlength, float Exp) =>
                    @class * length + System.MathF.Exp(Exp) * values * dlength;
                [Differentiable] public static float Twice(float x) => x * 2f;
                [Differentiable] public static float Twice(float x, float i) => x * i;
                [Differentiable] public static float twice(float Load, float Store) => Load / Store;
                [Differentiable] public static float Keywords(float o, float efault, float @double) => o * efault * @double;
                [Differentiable] public static float Locals(float length_, float i_, float rest_, float x, float dx_i, float dx_rest) =>
                    length_ * i_ * rest_ * x * dx_i * dx_rest;
            }
            """, "Vector128");
    }

    [Fact]
    public void Lengths_that_differ_are_refused()
    {
        Type type = Load("""
            public static partial class Functions { [Differentiable] public static float F(float x, float w) => x * w; }
            public static class Calls { public static void Run(int w, int dx) => Functions.FGradient(new float[3], new float[w], new float[3], new float[dx], new float[3]); }
            """, "Calls");
        var run = type.GetMethod("Run")!.CreateDelegate<Action<int, int>>();

        run(3, 3);
        Assert.Equal("w", Assert.Throws<ArgumentException>(() => run(4, 3)).ParamName);
        ArgumentException short_ = Assert.Throws<ArgumentException>(() => run(3, 2));
        Assert.StartsWith("dx has 2 floats, x has 3; they must be as many.", short_.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Outputs_may_be_the_inputs()
    {
        Type type = Load("""
            public static partial class Functions { [Differentiable] public static float F(float x) => x * x; }
            public static class Calls
            {
                public static float[] Run(float[] x)
                {
                    float[] values = new float[x.Length];
                    Functions.FGradient(x, values, x);
                    return x;
                }
            }
            """, "Calls");
        float[] x = [.. Enumerable.Range(0, 45).Select(i => (float)i)];
        Assert.Equal(x.Select(value => 2 * value), type.GetMethod("Run")!.CreateDelegate<Func<float[], float[]>>()([.. x]));
    }

    [Theory]
    [InlineData("public static float F(float x) { ref float r = ref x; r *= 2f; return x; }", "NG0401", "r = ref x", "a reference to a variable")]
    [InlineData("public static float F(float x) { while (x > 1f) x *= 0.5f; return x; }", "NG0401", "while (x > 1f) x *= 0.5f;", "a while loop")]
    [InlineData("public static float F(float x) => x % 2f;", "NG0401", "x % 2f", "the operator % on floats")]
    [InlineData("public static float F(float x) => MathF.Cbrt(x);", "NG0401", "MathF.Cbrt(x)", "MathF.Cbrt")]
    [InlineData("public static float F(float x) { int n = (int)x; return n; }", "NG0401", "(int)x", "a conversion to an integer")]
    [InlineData("public static float F(float x) { for (int i = 0; i < x; i++) x += 1f; return x; }", "NG0401", "i < x", "a loop whose end depends on a parameter")]
    [InlineData("static float scale = 2f; public static float F(float x) => scale * x;", "NG0401", "scale", "a field that is not a constant or static readonly with an initial value")]
    [InlineData("public static float F(float x) => float.Parse(\"1\") * x;", "NG0401", "float.Parse(\"1\")", "a call of anything but a static method of floats")]
    [InlineData("public static float F(float x) { float[] a = { x }; return a[0]; }", "NG0401", "{ x }", "a new object")]
    [InlineData("public static float F(float x) { try { return x; } finally { } }", "NG0401", "try { return x; } finally { }", "a try block")]
    [InlineData("public static float F(float x) => DateTime.Now.Ticks * x;", "NG0401", "DateTime.Now.Ticks", "a property")]
    [InlineData("public float F(float x) => x;", "NG0402", "F", "'F' is not static")]
    [InlineData("public static double F(float x) => x;", "NG0402", "F", "'F' returns double")]
    [InlineData("public static float F(float x, int n) => x;", "NG0402", "F", "'F' has the parameter 'int n'")]
    [InlineData("public static float F() => 1f;", "NG0402", "F", "'F' has no parameters")]
    [InlineData("public static float F(float x) { for (int i = 0; i < 257; i++) x += 1f; return x; }", "NG0404", "for (int i = 0; i < 257; i++) x += 1f;", "more than 256 rounds")]
    [InlineData("public static float F(float x) => G(x); static float G(float x) => x > 0f ? F(x) : 0f;", "NG0405", "F(x)", "'F' calls itself")]
    public void What_is_outside_the_subset_is_reported_at_its_place(string body, string id, string marked, string message)
    {
        GeneratorHarness run = GeneratorHarness.Run($"public partial class Functions {{ {Marked(body)} }}");

        Assert.Null(run.Exception);
        Diagnostic diagnostic = Assert.Single(run.Diagnostics);
        Assert.Equal(id, diagnostic.Id);
        Assert.Equal(marked, GeneratorHarness.MarkedText(diagnostic));
        Assert.Contains(message, diagnostic.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        Assert.Empty(run.Sources);
    }

    [Fact]
    public void Text_that_the_compiler_rejects_is_left_to_it()
    {
        foreach (string body in (string[])["public static float F(float x) => y;", "public static float F(float x) { return", "public static float F(float x);", "public static float (float x) => x;",
            "public static float F(float x) => G(x); static float G(float x) => y;"])
        {
            GeneratorHarness run = GeneratorHarness.Run($"public partial class Functions {{ {Marked(body)} }}");
            Assert.Null(run.Exception);
            Assert.DoesNotContain(run.Diagnostics, diagnostic => diagnostic.Id == "NG0900");
        }
    }

    [Fact]
    public void Only_a_change_of_the_function_generates_anew()
    {
        const string Source =
            "public static partial class Functions { [Differentiable] public static float F(float x) => Helper.G(x) * x; }";
        const string Helper = "public static class Helper { public static float G(float x) => x + 1f; }";
        GeneratorHarness first = GeneratorHarness.Run([(GeneratorHarness.MainFile, Source), ("Helper.cs", Helper)]).ExpectSound();

        first.ThenEdit("// note\n" + Source).Expect(StepNames.Differentiable, IncrementalStepRunReason.Cached)
            .ExpectOutput(IncrementalStepRunReason.Cached);
        first.ThenEdit(Source.Replace("* x", "*  x ", StringComparison.Ordinal))
            .Expect(StepNames.Differentiable, IncrementalStepRunReason.Cached);
        first.ThenEdit(Helper.Replace("+ 1f", "+ 2f", StringComparison.Ordinal), "Helper.cs")
            .Expect(StepNames.Differentiable, IncrementalStepRunReason.Modified).ExpectSound();
        first.ThenEdit("class Other;" + Helper, "Helper.cs").Expect(StepNames.Differentiable, IncrementalStepRunReason.Cached);
    }

    /// <summary>The attribute before F, and not before what stands before it.</summary>
    private static string Marked(string body)
    {
        int first = body.IndexOf("public", StringComparison.Ordinal);
        return body.Insert(first, "[Differentiable] ");
    }

    private static Type Load(string source, string type)
    {
        byte[] assembly = GeneratorHarness.Run(source).Emit();
        return new AssemblyLoadContext(null, isCollectible: true).LoadFromStream(new MemoryStream(assembly)).GetType(type, throwOnError: true)!;
    }
}
