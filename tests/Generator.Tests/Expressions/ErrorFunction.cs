namespace NetGen.Tests;

/// <summary>The error function in double precision, straight from its expansions.</summary>
internal static class ErrorFunction
{
    /// <summary>1 - erf x: the series of erf near 0, Laplace's continued fraction beyond.</summary>
    public static double Complement(double x)
    {
        double a = Math.Abs(x), tail;
        if (a < 2.5)
        {
            double term = a, sum = a;
            for (int n = 1; n < 60; n++)
            {
                term *= -a * a / n;
                sum += term / ((2 * n) + 1);
            }

            tail = 1 - (2 / Math.Sqrt(Math.PI) * sum);
        }
        else
        {
            double fraction = a;
            for (int n = 120; n > 0; n--)
                fraction = a + (n / 2.0 / fraction);
            tail = Math.Exp(-a * a) / Math.Sqrt(Math.PI) / fraction;
        }

        return x < 0 ? 2 - tail : tail;
    }
}
