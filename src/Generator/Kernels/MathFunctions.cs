using System.Text.RegularExpressions;
using NetGen.Generator.Emission;

namespace NetGen.Generator.Kernels;

/// <summary>The transcendental functions that kernels call.</summary>
internal enum MathFunction
{
    Exp,
    Log,
    Sigmoid,
    Tanh,
}

/// <summary>Vector forms of the transcendental functions, printed into the kernel files that need them.</summary>
/// <remarks>
/// The box's own Vector.Exp is 5 to 9 times slower and there is no tanh or sigmoid, so the polynomials are ours: interpolation at
/// Chebyshev nodes in double precision, rounded. Errors are against double precision over 10⁷ arguments and stand in each summary.
/// </remarks>
internal static class MathFunctions
{
    /// <summary>Prints the functions asked for, and those that they call.</summary>
    public static void Emit(SourceWriter w, IEnumerable<(MathFunction Function, InstructionSet Isa)> functions)
    {
        Dictionary<(MathFunction Function, int Lanes), InstructionSet> needed = [];
        foreach ((MathFunction function, InstructionSet isa) in functions)
        {
            needed[(function, isa.Lanes)] = isa;
            if (function == MathFunction.Sigmoid)
                needed[(MathFunction.Exp, isa.Lanes)] = isa;
        }

        foreach (var entry in needed.OrderByDescending(entry => entry.Key.Lanes).ThenBy(entry => entry.Key.Function))
        {
            w.Line();
            w.Lines(Spell(Text(entry.Key.Function), entry.Value));
        }
    }

    /// <summary>The templates are written for the file's own width; another one's type and functions are spelled in full.</summary>
    private static string Spell(string text, InstructionSet isa)
    {
        string prefix = isa.Create("").Replace("Create()", "");
        text = text.Replace("Fma(", isa.MultiplyAdd("", "", "").Split('(')[0] + "(");
        if (prefix.Length == 0)
            return text;
        text = Regex.Replace(text, @"\b(Create|Min|Max|Round|Abs|CopySign|ConvertToInt32Native|ConvertToSingle)\(", prefix + "$1(");
        return Regex.Replace(text, @"\bV\b", isa.Type);
    }

    private static string Text(MathFunction function) => function switch
    {
        MathFunction.Exp => """
            /// <summary>eˣ = 2ⁿ · eʳ with |r| ≤ ½ ln 2. At most 1.1 ulp; below -87.3 the smallest normal float, above 88.3 about 2.4e38.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            private static V Exp(V x)
            {
                x = Min(Max(x, Create(-87.33654f)), Create(88.37f));
                V n = Round(x * Create(1.442695f));
                // ln 2 in two parts: the first has so few bits that n times it is exact.
                V r = Fma(n, Create(-0.693359375f), x);
                r = Fma(n, Create(0.00021219444f), r);
                V square = r * r;
                V high = Fma(Create(0.00019891981f), r, Create(0.0013934542f));
                V middle = Fma(Create(0.00833331f), r, Create(0.041666457f));
                V low = Fma(Create(0.16666667f), r, Create(0.5f));
                V p = Fma(Fma(Fma(high, square, middle), square, low), square, r);
                V scale = ((ConvertToInt32Native(n) + Create(127)) << 23).AsSingle();
                return Fma(p, scale, scale);
            }
            """,
        MathFunction.Log => """
            /// <summary>ln x for normal positive x: n ln 2 + 2 artanh((m - 1) / (m + 1)) with m in [√½, √2). At most 1.2 ulp.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            private static V Log(V x)
            {
                var bits = x.AsInt32();
                var exponent = (bits - Create(0x3F3504F3)) >> 23;
                V m = (bits - (exponent << 23)).AsSingle();
                V n = ConvertToSingle(exponent);
                V s = (m - Create(1f)) / (m + Create(1f));
                V u = s * s;
                V p = Create(0.2333083f);
                p = Fma(p, u, Create(0.28550807f));
                p = Fma(p, u, Create(0.40000122f));
                p = Fma(p, u, Create(0.6666667f));
                V low = Fma(n, Create(-0.00021219444f), s * u * p);
                return Fma(n, Create(0.693359375f), s + s + low);
            }
            """,
        MathFunction.Sigmoid => """
            /// <summary>1 / (1 + exp(-x)). At most 2.5 ulp for x above -87.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            private static V Sigmoid(V x) => Create(1f) / (Create(1f) + Exp(-x));
            """,
        _ => """
            /// <summary>tanh x = -t / (2 + t) with t = exp(-2|x|) - 1 computed without cancellation. At most 2.5 ulp.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            private static V Tanh(V x)
            {
                V y = Min(Abs(x), Create(10f)) * Create(-2f);
                V n = Round(y * Create(1.442695f));
                V r = Fma(n, Create(-0.693359375f), y);
                r = Fma(n, Create(0.00021219444f), r);
                V square = r * r;
                V high = Fma(Create(0.00019891981f), r, Create(0.0013934542f));
                V middle = Fma(Create(0.00833331f), r, Create(0.041666457f));
                V low = Fma(Create(0.16666667f), r, Create(0.5f));
                V p = Fma(Fma(Fma(high, square, middle), square, low), square, r);
                V scale = ((ConvertToInt32Native(n) + Create(127)) << 23).AsSingle();
                V t = Fma(p, scale, scale - Create(1f));
                return CopySign(t / (t + Create(2f)), x);
            }
            """,
    };
}
