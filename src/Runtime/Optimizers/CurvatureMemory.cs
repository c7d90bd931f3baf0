namespace NetGen;

/// <summary>The last changes s of the parameters with the changes y of the gradient that they caused: L-BFGS's picture of the
/// curvature.</summary>
/// <param name="capacity">How many are kept.</param>
/// <param name="length">Number of parameters.</param>
internal sealed class CurvatureMemory(int capacity, int length)
{
    private readonly List<(double[] Change, double[] GradientChange, double Product)> pairs = [];
    private readonly double[] alphas = new double[capacity];

    /// <summary>How many there are.</summary>
    public int Count => pairs.Count;

    /// <summary>Forgets all.</summary>
    public void Clear() => pairs.Clear();

    /// <summary>Adds a pair in place of the oldest. One without positive curvature, sᵀy ≤ 1e-10 · ‖s‖ · ‖y‖, is left out, for it would turn
    /// the direction uphill.</summary>
    public void Add(ReadOnlySpan<double> change, ReadOnlySpan<double> gradientChange)
    {
        double product = Vectors.Dot(change, gradientChange);
        double lengths = Math.Sqrt(Vectors.Dot(change, change) * Vectors.Dot(gradientChange, gradientChange));
        if (!(product > 1e-10 * lengths))
            return;
        (double[] s, double[] y) = (new double[length], new double[length]);
        if (pairs.Count == capacity)
        {
            (s, y, _) = pairs[0];
            pairs.RemoveAt(0);
        }

        change.CopyTo(s);
        gradientChange.CopyTo(y);
        pairs.Add((s, y, product));
    }

    /// <summary>−H·g with H the approximate inverse of the second derivatives: Nocedal and Wright, algorithm 7.4.</summary>
    public void Direction(ReadOnlySpan<double> gradient, Span<double> direction)
    {
        for (int i = 0; i < direction.Length; i++)
            direction[i] = -gradient[i];
        for (int i = pairs.Count - 1; i >= 0; i--)
        {
            (double[] s, double[] y, double product) = pairs[i];
            alphas[i] = Vectors.Dot(s, direction) / product;
            Vectors.AddScaled(direction, -alphas[i], y);
        }

        if (pairs.Count > 0)
        {
            // H₀ = sᵀy / yᵀy · I, equation 7.20.
            (_, double[] last, double product) = pairs[^1];
            double scale = product / Vectors.Dot(last, last);
            foreach (ref double value in direction)
                value *= scale;
        }

        for (int i = 0; i < pairs.Count; i++)
        {
            (double[] s, double[] y, double product) = pairs[i];
            Vectors.AddScaled(direction, alphas[i] - (Vectors.Dot(y, direction) / product), s);
        }
    }
}
