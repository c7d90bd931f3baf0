using System.Globalization;

namespace NetGen.Network.Tests;

/// <summary>How parameters start: the moments that the papers ask for, and what is orthogonal is.</summary>
public class InitializationTests
{
    private const int Inputs = 300, Units = 200;

    /// <summary>Standard errors that a moment may be off; a run's draws are always the same.</summary>
    private const double Sigmas = 4;

    [Theory]
    [InlineData("Normal", 0.05 * 0.05)]
    [InlineData("XavierNormal", 2.0 / (Inputs + Units))]
    [InlineData("HeNormal", 2.0 / Inputs)]
    [InlineData("LeCun", 1.0 / Inputs)]
    public void Normal_starts_have_their_moments(string init, double variance)
    {
        float[] weights = Weights(init, Inputs, Units);
        double count = weights.Length, deviation = Math.Sqrt(variance);
        double mean = weights.Average(weight => (double)weight);
        double square = weights.Average(weight => (double)weight * weight);
        double kurtosis = weights.Average(weight => Math.Pow(weight / deviation, 4));

        Assert.InRange(mean, -Sigmas * deviation / Math.Sqrt(count), Sigmas * deviation / Math.Sqrt(count));
        // Variances of the square and of the fourth power of a standard normal are 2 and 96.
        Assert.InRange(square / variance, 1 - (Sigmas * Math.Sqrt(2 / count)), 1 + (Sigmas * Math.Sqrt(2 / count)));
        Assert.InRange(kurtosis, 3 - (Sigmas * Math.Sqrt(96 / count)), 3 + (Sigmas * Math.Sqrt(96 / count)));
    }

    [Theory]
    [InlineData("Uniform", 0.05 * 0.05 / 3)]
    [InlineData("Xavier", 2.0 / (Inputs + Units))]
    [InlineData("He", 2.0 / Inputs)]
    [InlineData("LeCunUniform", 1.0 / Inputs)]
    public void Uniform_starts_have_their_moments(string init, double variance)
    {
        float[] weights = Weights(init, Inputs, Units);
        double count = weights.Length, deviation = Math.Sqrt(variance), limit = Math.Sqrt(3 * variance);
        double mean = weights.Average(weight => (double)weight);
        double square = weights.Average(weight => (double)weight * weight);

        Assert.InRange(mean, -Sigmas * deviation / Math.Sqrt(count), Sigmas * deviation / Math.Sqrt(count));
        // The square of a variable uniform in ±√3 has the variance 4/5.
        Assert.InRange(square / variance, 1 - (Sigmas * Math.Sqrt(0.8 / count)), 1 + (Sigmas * Math.Sqrt(0.8 / count)));
        Assert.All(weights, weight => Assert.InRange(weight, -limit * (1 + 1e-6), limit * (1 + 1e-6)));
        Assert.InRange(weights.Max(), 0.999 * limit, limit * (1 + 1e-6));
        Assert.InRange(weights.Min(), -limit * (1 + 1e-6), -0.999 * limit);
    }

    [Theory]
    [InlineData(5, 9)]
    [InlineData(9, 5)]
    [InlineData(7, 7)]
    [InlineData(1, 13)]
    [InlineData(13, 1)]
    [InlineData(1, 1)]
    [InlineData(130, 70)]
    [InlineData(64, 64)]
    public void Orthogonal_rows_or_columns_are_orthonormal(int inputs, int units)
    {
        float[] weights = Weights("Orthogonal", inputs, units); // [units, inputs]
        int count = Math.Min(inputs, units), length = Math.Max(inputs, units);
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double dot = Enumerable.Range(0, length).Sum(k => (double)At(i, k) * At(j, k));
                // Rounding each of the floats, at most 1 in size, is off by 2⁻²⁴ of it: √length of them make the length of a vector.
                double error = 2 * 5.97e-8 * (1 + Math.Sqrt(length));
                Assert.InRange(dot, (i == j ? 1 : 0) - error, (i == j ? 1 : 0) + error);
            }
        }

        float At(int vector, int k) => units <= inputs ? weights[(vector * inputs) + k] : weights[(k * inputs) + vector];
    }

    [Fact]
    public void Orthogonal_starts_prefer_no_direction()
    {
        // A rotation of the plane, or a reflection: by any angle, and one as often as the other.
        int positive = 0, reflections = 0;
        CompiledNetwork network = NetworkCompiler.Compile("[Network(2)] [Dense(2, Init = Init.Orthogonal)]");
        for (ulong seed = 0; seed < 400; seed++)
        {
            float[] w = network.Create(seed).Extract("dense1.weight");
            positive += w[0] > 0 ? 1 : 0;
            reflections += (w[0] * w[3]) - (w[1] * w[2]) < 0 ? 1 : 0;
        }

        Assert.InRange(positive, 200 - (Sigmas * 10), 200 + (Sigmas * 10));
        Assert.InRange(reflections, 200 - (Sigmas * 10), 200 + (Sigmas * 10));
    }

    [Theory, InlineData("XavierNormal"), InlineData("HeNormal"), InlineData("LeCun"), InlineData("LeCunUniform"), InlineData("Orthogonal")]
    public void The_same_seed_gives_the_same_bits(string init)
    {
        CompiledNetwork network = NetworkCompiler.Compile(Declaration(init, 30, 20));
        int[] one = Bits.Of(network.Create(5).Parameters);
        int[] same = Bits.Of(network.Create(5).Parameters);
        int[] other = Bits.Of(network.Create(6).Parameters);
        Assert.Equal(one, same);
        Assert.NotEqual(one, other);
    }

    [Fact]
    public void Learned_slopes_start_at_their_constant()
    {
        TestNetwork network = NetworkCompiler.Compile("[Network(3)] [Dense(5), PReLU, Dense(4), PReLU(0.1f)] [MeanSquaredError]").Create(1);
        Assert.All(network.Extract("prelu1.weight"), slope => Assert.Equal(0.25f, slope));
        Assert.All(network.Extract("prelu2.weight"), slope => Assert.Equal(0.1f, slope));
    }

    private static string Declaration(string init, int inputs, int units) =>
        string.Create(CultureInfo.InvariantCulture, $"[Network({inputs})] [Dense({units}, Init = Init.{init})]");

    private static float[] Weights(string init, int inputs, int units) =>
        NetworkCompiler.Compile(Declaration(init, inputs, units)).Create(1).Extract("dense1.weight");
}
