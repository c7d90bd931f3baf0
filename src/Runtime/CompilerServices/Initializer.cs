using System.ComponentModel;

namespace NetGen.CompilerServices;

/// <summary>Start values of parameters, drawn in the order of the documented layout so that they do not depend on how it is
/// stored.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Initializer
{
    /// <summary>Uniform in [-0.05, 0.05).</summary>
    public static void Uniform(Span<float> values, RandomSource random, int rows, bool transposed) =>
        Fill(values, rows, transposed, random, static random => ((2f * random.NextFloat()) - 1f) * 0.05f, 1f);

    /// <summary>Normal with mean 0 and standard deviation 0.05.</summary>
    public static void Normal(Span<float> values, RandomSource random, int rows, bool transposed) =>
        Fill(values, rows, transposed, random, static random => random.NextGaussian(), 0.05f);

    /// <summary>Uniform in ±√(6 / (fanIn + fanOut)). Glorot and Bengio, 2010.</summary>
    public static void Xavier(Span<float> values, RandomSource random, int fanIn, int fanOut, int rows, bool transposed) =>
        Fill(values, rows, transposed, random, static random => (2f * random.NextFloat()) - 1f, MathF.Sqrt(6f / ((float)fanIn + fanOut)));

    /// <summary>Uniform in ±√(6 / fanIn). He, Zhang, Ren and Sun, 2015.</summary>
    public static void He(Span<float> values, RandomSource random, int fanIn, int rows, bool transposed) =>
        Fill(values, rows, transposed, random, static random => (2f * random.NextFloat()) - 1f, MathF.Sqrt(6f / fanIn));

    /// <summary>Normal with mean 0 and variance 2 / (fanIn + fanOut). Glorot and Bengio, 2010.</summary>
    public static void XavierNormal(Span<float> values, RandomSource random, int fanIn, int fanOut, int rows, bool transposed) =>
        Fill(values, rows, transposed, random, static random => random.NextGaussian(), MathF.Sqrt(2f / ((float)fanIn + fanOut)));

    /// <summary>Normal with mean 0 and variance 2 / fanIn. He, Zhang, Ren and Sun, 2015.</summary>
    public static void HeNormal(Span<float> values, RandomSource random, int fanIn, int rows, bool transposed) =>
        Fill(values, rows, transposed, random, static random => random.NextGaussian(), MathF.Sqrt(2f / fanIn));

    /// <summary>Normal with mean 0 and variance 1 / fanIn. LeCun, Bottou, Orr and Müller, Efficient BackProp, 1998.</summary>
    public static void LeCun(Span<float> values, RandomSource random, int fanIn, int rows, bool transposed) =>
        Fill(values, rows, transposed, random, static random => random.NextGaussian(), MathF.Sqrt(1f / fanIn));

    /// <summary>Uniform in ±√(3 / fanIn), of the same variance.</summary>
    public static void LeCunUniform(Span<float> values, RandomSource random, int fanIn, int rows, bool transposed) =>
        Fill(values, rows, transposed, random, static random => (2f * random.NextFloat()) - 1f, MathF.Sqrt(3f / fanIn));

    /// <summary>Orthonormal rows, or columns where they are fewer. Saxe, McClelland and Ganguli, 2014.</summary>
    public static void Orthogonal(Span<float> values, RandomSource random, int rows, bool transposed) =>
        OrthogonalMatrix.Fill(values, random, rows, transposed);

    private static void Fill(
        Span<float> values, int rows, bool transposed, RandomSource random, Func<RandomSource, float> draw, float factor)
    {
        int columns = values.Length / rows;
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
                values[transposed ? (column * rows) + row : (row * columns) + column] = draw(random) * factor;
        }
    }
}
