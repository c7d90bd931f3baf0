namespace NetGen.CompilerServices;

/// <summary>Random matrices whose rows or columns, whichever are fewer, are orthonormal.</summary>
/// <remarks>
/// Saxe, McClelland and Ganguli, Exact solutions to the nonlinear dynamics of learning in deep linear neural networks, 2014: the Q of a
/// Gaussian matrix. Found by Gram and Schmidt's method in double precision, every vector projected twice, which is enough (Parlett, The
/// Symmetric Eigenvalue Problem, 1980, section 6.9). R's diagonal is positive, so that every orientation is equally likely (Mezzadri 2007).
/// </remarks>
internal static class OrthogonalMatrix
{
    /// <summary>Fills a matrix of <paramref name="rows"/> rows, or its transpose in memory.</summary>
    public static void Fill(Span<float> values, RandomSource random, int rows, bool transposed)
    {
        int columns = values.Length / rows, count = Math.Min(rows, columns), length = Math.Max(rows, columns);
        double[][] vectors = new double[count][];
        for (int i = 0; i < count; i++)
            vectors[i] = Next(vectors.AsSpan(0, i), length, random);

        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                double value = rows <= columns ? vectors[row][column] : vectors[column][row];
                values[transposed ? (column * rows) + row : (row * columns) + column] = (float)value;
            }
        }
    }

    /// <summary>A random unit vector at right angles to those that are there.</summary>
    private static double[] Next(ReadOnlySpan<double[]> others, int length, RandomSource random)
    {
        double[] vector = new double[length];
        double drawn, left;
        do
        {
            for (int i = 0; i < length; i++)
                vector[i] = random.NextGaussian();
            drawn = Dot(vector, vector);
            Project(vector, others);
            Project(vector, others);
            left = Dot(vector, vector);
        }
        while (left <= 1e-20 * drawn); // What is left of a vector that all but lies among the others is rounding.

        double factor = 1 / Math.Sqrt(left);
        for (int i = 0; i < length; i++)
            vector[i] *= factor;
        return vector;
    }

    private static void Project(double[] vector, ReadOnlySpan<double[]> others)
    {
        foreach (double[] other in others)
        {
            double share = Dot(vector, other);
            for (int i = 0; i < vector.Length; i++)
                vector[i] -= share * other[i];
        }
    }

    /// <summary>Four sums in an order of their own: the same bits on every machine.</summary>
    private static double Dot(double[] a, double[] b)
    {
        double sum0 = 0, sum1 = 0, sum2 = 0, sum3 = 0;
        int i = 0;
        for (; i <= a.Length - 4; i += 4)
        {
            sum0 += a[i] * b[i];
            sum1 += a[i + 1] * b[i + 1];
            sum2 += a[i + 2] * b[i + 2];
            sum3 += a[i + 3] * b[i + 3];
        }

        for (; i < a.Length; i++)
            sum0 += a[i] * b[i];
        return sum0 + sum1 + (sum2 + sum3);
    }
}
