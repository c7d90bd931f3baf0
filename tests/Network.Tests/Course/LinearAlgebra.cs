namespace NetGen.Network.Tests.Course;

/// <summary>Closed forms in double precision.</summary>
internal static class LinearAlgebra
{
    /// <summary>Solves A · x = b by Gaussian elimination with pivoting. Destroys neither.</summary>
    public static double[] Solve(double[,] a, double[] b)
    {
        int n = b.Length;
        double[,] m = (double[,])a.Clone();
        double[] x = [.. b];
        for (int column = 0; column < n; column++)
        {
            int pivot = Enumerable.Range(column, n - column).MaxBy(row => Math.Abs(m[row, column]));
            for (int k = 0; k < n; k++)
                (m[column, k], m[pivot, k]) = (m[pivot, k], m[column, k]);
            (x[column], x[pivot]) = (x[pivot], x[column]);
            for (int row = column + 1; row < n; row++)
            {
                double factor = m[row, column] / m[column, column];
                for (int k = column; k < n; k++)
                    m[row, k] -= factor * m[column, k];
                x[row] -= factor * x[column];
            }
        }

        for (int row = n - 1; row >= 0; row--)
        {
            for (int k = row + 1; k < n; k++)
                x[row] -= m[row, k] * x[k];
            x[row] /= m[row, row];
        }

        return x;
    }

    /// <summary>Eigenvalues of a symmetric matrix, falling, by Jacobi's rotations.</summary>
    public static double[] Eigenvalues(double[,] symmetric)
    {
        double[,] a = (double[,])symmetric.Clone();
        int n = a.GetLength(0);
        for (int sweep = 0; sweep < 50; sweep++)
        {
            for (int p = 0; p < n; p++)
            {
                for (int q = p + 1; q < n; q++)
                {
                    if (a[p, q] == 0)
                        continue;
                    double theta = (a[q, q] - a[p, p]) / (2 * a[p, q]);
                    double t = (theta < 0 ? -1 : 1) / (Math.Abs(theta) + Math.Sqrt((theta * theta) + 1));
                    double c = 1 / Math.Sqrt((t * t) + 1), s = t * c;
                    for (int k = 0; k < n; k++)
                        (a[k, p], a[k, q]) = ((c * a[k, p]) - (s * a[k, q]), (s * a[k, p]) + (c * a[k, q]));
                    for (int k = 0; k < n; k++)
                        (a[p, k], a[q, k]) = ((c * a[p, k]) - (s * a[q, k]), (s * a[p, k]) + (c * a[q, k]));
                }
            }
        }

        return [.. Enumerable.Range(0, n).Select(i => a[i, i]).OrderDescending()];
    }

    /// <summary>Σ wₛ · xₛ · xₛᵀ over rows x with a 1 appended, for the bias.</summary>
    public static double[,] Gram(float[][] rows, Func<int, double> weight)
    {
        int n = rows[0].Length + 1;
        double[,] gram = new double[n, n];
        for (int row = 0; row < rows.Length; row++)
        {
            double[] x = WithOne(rows[row]);
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < n; j++)
                    gram[i, j] += weight(row) * x[i] * x[j];
            }
        }

        return gram;
    }

    /// <summary>Σ vₛ · xₛ over rows x with a 1 appended.</summary>
    public static double[] Moment(float[][] rows, Func<int, double> value)
    {
        double[] sum = new double[rows[0].Length + 1];
        for (int row = 0; row < rows.Length; row++)
        {
            double[] x = WithOne(rows[row]);
            for (int i = 0; i < sum.Length; i++)
                sum[i] += value(row) * x[i];
        }

        return sum;
    }

    /// <summary>Coefficients · (x, 1).</summary>
    public static double Dot(double[] coefficients, float[] x) => WithOne(x).Zip(coefficients, (a, b) => a * b).Sum();

    public static double[] WithOne(float[] x) => [.. x.Select(value => (double)value), 1];
}
