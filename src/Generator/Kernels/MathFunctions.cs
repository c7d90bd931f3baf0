using NetGen.Generator.Emission;

namespace NetGen.Generator.Kernels;

/// <summary>Vector forms of the transcendental functions, as templates for every width.</summary>
/// <remarks>
/// The base library's Vector.Exp is 5 to 9 times slower and there is no tanh or sigmoid, so the polynomials are ours: interpolation at
/// Chebyshev nodes in double precision, rounded. Each summary states the error against double precision: tested over 90,000 arguments of
/// every exponent; Exp itself measured over a third of all floats (1.00 ulp), Log over 10⁷ (1.97 ulp, 2026-11).
/// Arguments are cut off by the processor's own minimum and maximum: with the bound as the first operand they leave NaN alone.
/// Exp, Log and Sigmoid are for arguments that kernels have made harmless; Exponential, Logarithm and Logistic take any float.
/// </remarks>
internal static class MathFunctions
{
    /// <summary>The lines of ln m that both logarithms share, with m in [√½, √2): 2 artanh(s) = s + s + s · u · p.</summary>
    private static readonly string ReducedLog = Lines("""
        V s = (m - Create(1f)) / (m + Create(1f));
        V u = s * s;
        V p = Create(0.2333083f);
        p = Fma(p, u, Create(0.28550807f));
        p = Fma(p, u, Create(0.40000122f));
        p = Fma(p, u, Create(0.6666667f));
        """);

    /// <summary>The lines by which sine and cosine bring x near 0: r = x - n π/2, n the nearest integer.</summary>
    private static readonly string ReducedByQuarters = Lines("""
        (var first, var second) = Widen(x);
        var n0 = Box.Round(first * Create(0.63661977236758138));
        var n1 = Box.Round(second * Create(0.63661977236758138));
        // π/2 in two parts: the first has so few bits that n times it is exact.
        V r = Narrow(
            first - n0 * Create(1.5707963267341256) - n0 * Create(6.077100506506192e-11),
            second - n1 * Create(1.5707963267341256) - n1 * Create(6.077100506506192e-11));
        """);

    /// <summary>The lines by which both find sin r, or cos r in odd quadrants, with the sign of the quadrant.</summary>
    private static readonly string SineOfQuadrant = Lines("""
        V u = r * r;
        V sine = Fma(r * u, Fma(Fma(Create(-0.00019515296f), u, Create(0.0083321609f)), u, Create(-0.16666655f)), r);
        V cosine = Fma(Fma(Create(2.4433157e-5f), u, Create(-0.0013887316f)), u, Create(0.041666646f));
        cosine = Fma(u * u, cosine, Fma(u, Create(-0.5f), Create(1f)));
        V y = ConditionalSelect(EqualTo(quadrant & Create(1), Create(0)).AsSingle(), sine, cosine);
        return (y.AsInt32() ^ ((quadrant & Create(2)) << 30)).AsSingle();
        """);

    /// <summary>The lines that both arc functions share: p = arcsin s, with s = |x| up to ½, beyond it (far) s = √((1 - |x|) / 2).
    /// Coefficients of Moshier, Cephes.</summary>
    private static readonly string ReducedArcsine = Lines("""
        V a = Abs(x), far = GreaterThan(a, Create(0.5f));
        V u = ConditionalSelect(far, Create(0.5f) * (Create(1f) - a), a * a);
        V s = ConditionalSelect(far, Sqrt(u), a);
        V p = Fma(Create(0.042163199f), u, Create(0.024181311f));
        p = Fma(p, u, Create(0.0454700260f));
        p = Fma(p, u, Create(0.074953003f));
        p = Fma(p, u, Create(0.16666752f));
        p = Fma(s * u, p, s);
        """);

    public static readonly MathFunction Exp = new("Exp", 0, $$"""
        /// <summary>eˣ = 2ⁿ · eʳ with |r| ≤ ½ ln 2. At most 1.1 ulp; below -87.3 the smallest normal float, above 88.3 about 2.4e38.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Exp(V x)
        {
            x = MinNative(Create(88.37f), MaxNative(Create(-87.33654f), x));
            {{ReducedExp("x")}}
            V scale = (shifted.AsInt32() << 23).AsSingle();
            return Fma(p, scale, scale);
        }
        """);

    public static readonly MathFunction Log = new("Log", 1, $$"""
        /// <summary>ln x for normal positive x: n ln 2 + 2 artanh((m - 1) / (m + 1)) with m in [√½, √2). At most 2 ulp.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Log(V x)
        {
            var bits = x.AsInt32();
            var exponent = (bits - Create(0x3F3504F3)) >> 23;
            V m = (bits - (exponent << 23)).AsSingle();
            V n = ConvertToSingle(exponent);
            {{ReducedLog}}
            V low = Fma(n, Create(-0.00021219444f), s * u * p);
            return Fma(n, Create(0.693359375f), s + s + low);
        }
        """);

    public static readonly MathFunction Sigmoid = new("Sigmoid", 2, """
        /// <summary>1 / (1 + exp(-x)), multiplied by exp(x) above and below. At most 2.5 ulp for x above -87.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Sigmoid(V x)
        {
            V e = Exp(x);
            return e / (Create(1f) + e);
        }
        """, calls: [Exp]);

    public static readonly MathFunction Tanh = new("Tanh", 3, $$"""
        /// <summary>tanh x = -t / (2 + t) with t = exp(-2|x|) - 1 computed without cancellation. At most 2.5 ulp.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Tanh(V x)
        {
            V y = MinNative(Create(10f), Abs(x)) * Create(-2f);
            {{ReducedExp("y")}}
            V scale = (shifted.AsInt32() << 23).AsSingle();
            V t = Fma(p, scale, scale - Create(1f));
            return CopySign(t / (t + Create(2f)), x);
        }
        """);

    public static readonly MathFunction Exponential = new("Exponential", 4, $$"""
        /// <summary>eˣ over the whole range: 0 and ∞ where a float ends, subnormal before that. At most 1.2 ulp.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Exponential(V x)
        {
            x = MinNative(Create(89f), MaxNative(Create(-104f), x));
            {{ReducedExp("x")}}
            // 2ⁿ in two factors: n goes from -150 to 128.
            var exponent = ConvertToInt32Native(n);
            var half = exponent >> 1;
            V scale = ((half + Create(127)) << 23).AsSingle();
            return Fma(p, scale, scale) * ((exponent - half + Create(127)) << 23).AsSingle();
        }
        """);

    public static readonly MathFunction Logarithm = new("Logarithm", 5, $$"""
        /// <summary>ln x over the whole range: -∞ at 0, NaN below. At most 1.5 ulp.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Logarithm(V x)
        {
            V subnormal = LessThan(x, Create(1.17549435e-38f));
            var bits = ConditionalSelect(subnormal, x * Create(8388608f), x).AsInt32();
            var exponent = (bits - Create(0x3F3504F3)) >> 23;
            V m = (bits - (exponent << 23)).AsSingle();
            V n = ConvertToSingle(exponent) - (subnormal & Create(23f));
            {{ReducedLog}}
            V y = Fma(n, Create(0.693359375f), s + s + Fma(n, Create(-0.00021219444f), s * u * p));
            V outside = ConditionalSelect(EqualTo(x, V.Zero), Create(float.NegativeInfinity), Create(float.NaN));
            y = ConditionalSelect(GreaterThan(x, V.Zero), y, outside);
            return ConditionalSelect(LessThan(x, Create(float.PositiveInfinity)), y, x);
        }
        """);

    public static readonly MathFunction Logistic = new("Logistic", 6, """
        /// <summary>1 / (1 + exp(-x)), 0 below -88.7. At most 2.5 ulp above -87.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Logistic(V x) => Create(1f) / (Create(1f) + Exponential(-x));
        """, calls: [Exponential]);

    public static readonly MathFunction Expm1 = new("Expm1", 7, $$"""
        /// <summary>eˣ - 1 without cancellation, for x up to 88. At most 2 ulp.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Expm1(V x)
        {
            x = MinNative(Create(88.37f), MaxNative(Create(-20f), x));
            {{ReducedExp("x")}}
            V scale = (shifted.AsInt32() << 23).AsSingle();
            return Fma(p, scale, scale - Create(1f));
        }
        """, scalar: """
        /// <summary>eˣ - 1 without cancellation.</summary>
        private static float Expm1(float x) => MathF.Abs(x) < 1e-5f ? x + 0.5f * x * x : (float)(Math.Exp(x) - 1);
        """);

    public static readonly MathFunction Log1P = new("Log1P", 8, """
        /// <summary>ln(1 + x) without cancellation: the rounding of u = 1 + x is divided out. At most 3.5 ulp.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Log1P(V x)
        {
            V u = Create(1f) + x;
            V y = ConditionalSelect(EqualTo(u, Create(1f)), x, Logarithm(u) * (x / (u - Create(1f))));
            return ConditionalSelect(EqualTo(x, Create(float.PositiveInfinity)), x, y);
        }
        """, scalar: """
        /// <summary>ln(1 + x) without cancellation.</summary>
        private static float Log1P(float x) => MathF.Abs(x) < 1e-5f ? x - 0.5f * x * x : (float)Math.Log(1.0 + x);
        """, calls: [Logarithm]);

    public static readonly MathFunction Sin = new("Sin", 9, $$"""
        /// <summary>sin x; the argument is reduced by multiples of π/2 in double precision. At most 1.5 ulp.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Sin(V x)
        {
            if (!LessThanOrEqualAll(Abs(x), Create(1e6f)))
                return Box.Sin(x);
            {{ReducedByQuarters}}
            var quadrant = ConvertToInt32Native(Narrow(n0, n1));
            {{SineOfQuadrant}}
        }
        """);

    public static readonly MathFunction Cos = new("Cos", 10, $$"""
        /// <summary>cos x; the argument is reduced by multiples of π/2 in double precision. At most 1.5 ulp.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Cos(V x)
        {
            if (!LessThanOrEqualAll(Abs(x), Create(1e6f)))
                return Box.Cos(x);
            {{ReducedByQuarters}}
            var quadrant = ConvertToInt32Native(Narrow(n0, n1)) + Create(1);
            {{SineOfQuadrant}}
        }
        """);

    public static readonly MathFunction Tan = new("Tan", 11, """
        /// <summary>sin x / cos x. At most 3.5 ulp.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Tan(V x) => Sin(x) / Cos(x);
        """, calls: [Sin, Cos]);

    public static readonly MathFunction Asin = new("Asin", 12, $$"""
        /// <summary>arcsin x, beyond ½ by way of π/2 - 2 arcsin √((1 - x) / 2). Coefficients of Moshier, Cephes. At most 3 ulp.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Asin(V x)
        {
            {{ReducedArcsine}}
            return CopySign(ConditionalSelect(far, Create(1.5707964f) - (p + p), p), x);
        }
        """);

    public static readonly MathFunction Acos = new("Acos", 13, $$"""
        /// <summary>arccos x, beyond ½ by way of 2 arcsin √((1 - x) / 2). Coefficients of Moshier, Cephes. At most 3 ulp.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Acos(V x)
        {
            {{ReducedArcsine}}
            V positive = LessThan(V.Zero, x);
            V outer = ConditionalSelect(positive, p + p, Create(3.1415927f) - (p + p));
            return ConditionalSelect(far, outer, Create(1.5707964f) - CopySign(p, x));
        }
        """);

    public static readonly MathFunction Atan = new("Atan", 14, """
        /// <summary>arctan x, by way of π/4 or π/2 where |x| is not small. Coefficients of Moshier, Cephes. At most 3 ulp.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Atan(V x)
        {
            V a = Abs(x), far = GreaterThan(a, Create(2.4142135f)), middle = GreaterThan(a, Create(0.41421357f));
            V s = ConditionalSelect(far, Create(-1f) / a, ConditionalSelect(middle, (a - Create(1f)) / (a + Create(1f)), a));
            V start = ConditionalSelect(far, Create(1.5707964f), ConditionalSelect(middle, Create(0.7853982f), V.Zero));
            V u = s * s;
            V p = Fma(Create(0.080537446f), u, Create(-0.13877686f));
            p = Fma(p, u, Create(0.19977711f));
            p = Fma(p, u, Create(-0.33332950f));
            return CopySign(start + Fma(s * u, p, s), x);
        }
        """);

    public static readonly MathFunction Sinh = new("Sinh", 15, """
        /// <summary>sinh x from eˣ - 1, or from (½ e^(x/2)) e^(x/2) where that would overflow. At most 4 ulp.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Sinh(V x)
        {
            V a = Abs(x), t = Expm1(MinNative(Create(44f), a)), root = Exponential(Create(0.5f) * a);
            V near = Create(0.5f) * (t + t / (t + Create(1f)));
            return CopySign(ConditionalSelect(LessThan(a, Create(22f)), near, Create(0.5f) * root * root), x);
        }
        """, calls: [Expm1, Exponential]);

    public static readonly MathFunction Cosh = new("Cosh", 16, """
        /// <summary>cosh x from eˣ, or from (½ e^(x/2)) e^(x/2) where that would overflow. At most 4 ulp.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Cosh(V x)
        {
            V a = Abs(x), e = Exponential(MinNative(Create(44f), a)), root = Exponential(Create(0.5f) * a);
            return ConditionalSelect(LessThan(a, Create(22f)), Create(0.5f) * e + Create(0.5f) / e, Create(0.5f) * root * root);
        }
        """, calls: [Exponential]);

    public static readonly MathFunction Erfc = new("Erfc", 17, """
        /// <summary>1 - erf x as exp(-x²) · t P(t) with t = 1 / (1 + 0.4 |x|). At most 6 ulp, 7 without fused multiply-add, also where it is small.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Erfc(V x)
        {
            V a = MinNative(Create(11f), Abs(x)), t = Create(1f) / Fma(Create(0.4f), a, Create(1f));
            V p = Create(-0.033179842f);
            p = Fma(p, t, Create(0.2169742f));
            p = Fma(p, t, Create(-0.5420739f));
            p = Fma(p, t, Create(0.60319024f));
            p = Fma(p, t, Create(-0.32897437f));
            p = Fma(p, t, Create(0.29498103f));
            p = Fma(p, t, Create(0.12214102f));
            p = Fma(p, t, Create(0.21644726f));
            p = Fma(p, t, Create(0.2247791f));
            p = Fma(p, t, Create(0.22571522f));
            // The square's rounding is passed on to the exponential, which would magnify it. From halves of 12 bits it is exact without
            // a fused multiply-add.
            V square = a * a, e = Exponential(-square);
            V high = (a.AsInt32() & Create(unchecked((int)0xFFFFF000))).AsSingle(), low = a - high;
            V rounding = high * high - square + (high + high) * low + low * low;
            V y = t * p * Fma(rounding, -e, e);
            return ConditionalSelect(LessThan(x, V.Zero), Create(2f) - y, y);
        }
        """, scalar: """
        /// <summary>1 - erf x as exp(-x²) · t P(t) with t = 1 / (1 + 0.4 |x|). At most 1.5 ulp.</summary>
        private static float Erfc(float x)
        {
            double a = Math.Abs((double)x), t = 1 / (1 + 0.4 * a);
            double p = -0.033179842;
            p = p * t + 0.2169742;
            p = p * t + -0.5420739;
            p = p * t + 0.60319024;
            p = p * t + -0.32897437;
            p = p * t + 0.29498103;
            p = p * t + 0.12214102;
            p = p * t + 0.21644726;
            p = p * t + 0.2247791;
            p = p * t + 0.22571522;
            float y = (float)(t * p * Math.Exp(-a * a));
            return x < 0f ? 2f - y : y;
        }
        """, calls: [Exponential]);

    public static readonly MathFunction Sign = new("Sign", 18, """
        /// <summary>-1, 0 or 1; 0 for NaN.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Sign(V x) =>
            ConditionalSelect(GreaterThan(x, V.Zero), Create(1f), ConditionalSelect(LessThan(x, V.Zero), Create(-1f), V.Zero));
        """, scalar: """
        /// <summary>-1, 0 or 1; 0 for NaN.</summary>
        private static float Sign(float x) => x > 0f ? 1f : x < 0f ? -1f : 0f;
        """);

    public static readonly MathFunction Pow = new("Pow", 19, """
        /// <summary>x to the power y, in double precision. At most 0.6 ulp; the sign of a zero base is not kept.</summary>
        private static V Pow(V x, V y)
        {
            (var x0, var x1) = Widen(Abs(x));
            (var y0, var y1) = Widen(y);
            V power = Narrow(Box.Exp(y0 * Box.Log(x0)), Box.Exp(y1 * Box.Log(x1)));
            power = ConditionalSelect(EqualTo(Abs(x), Create(1f)), Create(1f), power);
            V whole = EqualTo(Floor(y), y), half = Create(0.5f) * y, even = EqualTo(Floor(half), half);
            V broken = ConditionalSelect(EqualTo(x, Create(float.NegativeInfinity)), power, Create(float.NaN));
            V signed = ConditionalSelect(even, power, ConditionalSelect(whole, -power, broken));
            return ConditionalSelect(EqualTo(y, V.Zero), Create(1f), ConditionalSelect(LessThan(x, V.Zero), signed, power));
        }
        """);

    /// <summary>The lines that all exponentials share: eᶻ = 2ⁿ · (1 + p) with r = z - n ln 2, |r| ≤ ½ ln 2.</summary>
    private static string ReducedExp(string z) => Lines($"""
        // 1.5 · 2²³ + 127 rounds away what is behind the point, and leaves n + 127, the exponent of 2ⁿ, in the last bits.
        V shifted = Fma({z}, Create(1.442695f), Create(12583039f));
        V n = shifted - Create(12583039f);
        // ln 2 in two parts: the first has so few bits that n times it is exact.
        V r = Fma(n, Create(-0.693359375f), {z});
        r = Fma(n, Create(0.00021219444f), r);
        V square = r * r;
        // Two halves that do not wait for each other.
        V high = Fma(Fma(Create(0.00019891981f), r, Create(0.0013934542f)), square, Fma(Create(0.00833331f), r, Create(0.041666457f)));
        V low = Fma(Fma(Create(0.16666667f), r, Create(0.5f)), square, r);
        V p = Fma(high, square * square, low);
        """);

    /// <summary>Indents all lines but the first, as a function's body needs them.</summary>
    private static string Lines(string text) => SourceWriter.Indented(text, 1);
}
