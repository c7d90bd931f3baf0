namespace NetGen.Network.Tests;

/// <summary>A number computed in double precision, and how far a float32 computation of it may be off.</summary>
/// <remarks>
/// Running error analysis (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed. 2002, section 3.3): every operation passes on
/// the errors of its operands to first and second order, and adds its own rounding, ½ ulp ≤ 2⁻²⁴ of the result. Order of summation and
/// fused multiply-adds may differ from this code's: the bounds hold for any.
/// </remarks>
/// <param name="Value">In double precision.</param>
/// <param name="Error">Bound of |float32 result − Value|.</param>
internal readonly record struct Bounded(double Value, double Error = 0)
{
    /// <summary>Half a unit in the last place of a float in [1, 2).</summary>
    public const double Unit = 1.0 / (1 << 24);

    /// <summary>What underflow, or flushing it to 0, may lose: the smallest normal float, with an exponential's error.</summary>
    public const double Tiny = 1.1756e-38;

    /// <summary>A double as the nearest float.</summary>
    public static Bounded Rounded(double value) => Round(value, 0);

    public static implicit operator Bounded(float exact) => new(exact);

    public static Bounded operator +(Bounded a, Bounded b) => Round(a.Value + b.Value, a.Error + b.Error);

    public static Bounded operator -(Bounded a, Bounded b) => Round(a.Value - b.Value, a.Error + b.Error);

    public static Bounded operator -(Bounded a) => new(-a.Value, a.Error);

    public static Bounded operator *(Bounded a, Bounded b) => Round(a.Value * b.Value, ErrorOfProduct(a, b));

    public static Bounded operator /(Bounded a, Bounded b)
    {
        double value = a.Value / b.Value, least = Math.Abs(b.Value) - b.Error;
        return Round(value, least > 0 ? (a.Error + (Math.Abs(value) * b.Error)) / least : double.PositiveInfinity);
    }

    /// <summary>Σ of any number of terms.</summary>
    public static Bounded Sum(IEnumerable<Bounded> terms)
    {
        BoundedSum sum = default;
        foreach (Bounded term in terms)
            sum.Add(term);
        return sum.Result;
    }

    public static Bounded Sqrt(Bounded a)
    {
        double root = Math.Sqrt(a.Value);
        return Round(root, Math.Max(Math.Sqrt(a.Value + a.Error) - root, root - Math.Sqrt(Math.Max(0, a.Value - a.Error))));
    }

    /// <summary>The larger one. Its float32 computation may take the other one, where they are that close: it is off by no more.</summary>
    public static Bounded Max(Bounded a, Bounded b) => new(Math.Max(a.Value, b.Value), Math.Max(a.Error, b.Error));

    public static Bounded Exp(Bounded a)
    {
        double value = Math.Exp(a.Value);
        // Two forms of one number: the first keeps its digits, the second is no 0 · ∞.
        return Round(value, a.Error < 1 ? value * (Math.Exp(a.Error) - 1) : Math.Exp(a.Value + a.Error) - value, FunctionUnits);
    }

    public static Bounded Log(Bounded a)
    {
        double least = a.Value - a.Error;
        return Round(Math.Log(a.Value), least > 0 ? a.Error / least : double.PositiveInfinity, FunctionUnits);
    }

    /// <summary>eᵃ − 1.</summary>
    public static Bounded Expm1(Bounded a)
    {
        double half = Math.Sinh(a.Value / 2), value = 2 * half * Math.Exp(a.Value / 2);
        return Round(value, Math.Exp(a.Value) * (Math.Exp(a.Error) - 1), FunctionUnits);
    }

    /// <summary>ln(1 + a) for a ≥ 0.</summary>
    public static Bounded Log1P(Bounded a) =>
        Round(a.Value < 1e-4 ? a.Value - (a.Value * a.Value / 2) + (a.Value * a.Value * a.Value / 3) : Math.Log(1 + a.Value), a.Error,
            FunctionUnits + 4);

    public static Bounded Sigmoid(Bounded a)
    {
        double nearest = Math.Max(0, Math.Abs(a.Value) - a.Error);
        return Round(Logistic(a.Value), Logistic(nearest) * Logistic(-nearest) * a.Error, FunctionUnits);

        static double Logistic(double x) => x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x));
    }

    public static Bounded Tanh(Bounded a)
    {
        double nearest = Math.Tanh(Math.Max(0, Math.Abs(a.Value) - a.Error));
        return Round(Math.Tanh(a.Value), (1 - (nearest * nearest)) * a.Error, FunctionUnits);
    }

    /// <summary>The operands' share of a product's error.</summary>
    public static double ErrorOfProduct(Bounded a, Bounded b) =>
        (Math.Abs(a.Value) * b.Error) + (Math.Abs(b.Value) * a.Error) + (a.Error * b.Error);

    /// <summary>Errors of transcendental functions in half units in the last place: the generated ones promise 2.5 ulp.</summary>
    private const double FunctionUnits = 6;

    private static Bounded Round(double value, double propagated, double units = 1) =>
        new(value, propagated + (units * Unit * (Math.Abs(value) + propagated)) + Tiny);
}

/// <summary>A sum under construction: n terms in any order are off by at most (n + 1) · 2⁻²⁴ · Σ|terms|, and by the terms' own
/// errors.</summary>
internal struct BoundedSum
{
    private double value, error, magnitude;
    private int count;

    public readonly Bounded Result => new(value, error + ((count + 1) * Bounded.Unit * (magnitude + error)) + ((count + 1) * Bounded.Tiny));

    public void Add(Bounded term)
    {
        value += term.Value;
        error += term.Error;
        magnitude += Math.Abs(term.Value);
        count++;
    }

    /// <summary>Adds a · b; the product's rounding, where it is not fused, is one more unit of it.</summary>
    public void AddProduct(Bounded a, Bounded b)
    {
        double product = a.Value * b.Value;
        value += product;
        error += Bounded.ErrorOfProduct(a, b);
        magnitude += Math.Abs(product);
        count++;
    }
}
