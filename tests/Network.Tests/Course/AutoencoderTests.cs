namespace NetGen.Network.Tests.Course;

/// <summary>Ten digits of 5 · 7 dots through a narrow layer and back.</summary>
public class AutoencoderTests
{
    private const int Dots = 35;

    private static readonly float[] Digits = Draw(
        ".###.  ..#..  .###.  #####  ...#.  #####  ..##.  #####  .###.  .###.",
        "#...#  .##..  #...#  ...#.  ..##.  #....  .#...  ....#  #...#  #...#",
        "#..##  ..#..  ....#  ..#..  .#.#.  ####.  #....  ...#.  #...#  #...#",
        "#.#.#  ..#..  ...#.  ...#.  #..#.  ....#  ####.  ..#..  .###.  .####",
        "##..#  ..#..  ..#..  ....#  #####  ....#  #...#  .#...  #...#  ....#",
        "#...#  ..#..  .#...  #...#  ...#.  #...#  #...#  .#...  #...#  ...#.",
        ".###.  .###.  #####  .###.  ...#.  .###.  .###.  .#...  .###.  .##..");

    /// <summary>A linear auto-encoder can at best project onto the largest principal components (P. Baldi and K. Hornik, "Neural networks
    /// and principal component analysis", 1989).</summary>
    [Theory, InlineData(2), InlineData(4)]
    public void A_linear_one_reaches_the_error_of_principal_components(int width)
    {
        double bound = PrincipalComponentError(width);
        TestNetwork network = NetworkCompiler.Compile($"[Network({Dots})] [Dense({width}), Dense({Dots})] [MeanSquaredError]").Create(1);
        Optimizer optimizer = new Adam(0.01f);
        for (int step = 0; step < 6000; step++)
        {
            optimizer.LearningRate = step < 4000 ? 0.01f : 0.001f;
            network.Train(Digits, Digits, optimizer);
        }

        // At the optimum, but for rounding, and never below it.
        Assert.InRange(Error(network), bound * (1 - 1e-5), bound * 1.001);
    }

    [Fact]
    public void One_with_sigmoids_restores_every_dot()
    {
        TestNetwork network = NetworkCompiler.Compile(
            $"[Network({Dots})] [Dense(4), Tanh, Dense({Dots}), Sigmoid] [BinaryCrossEntropy]").Create(1);
        double before = Error(network);
        Optimizer optimizer = new Adam(0.02f);
        for (int step = 0; step < 3000; step++)
            network.Train(Digits, Digits, optimizer);

        // Far below what any linear one of this width can do.
        Assert.InRange(Error(network), 0, PrincipalComponentError(4) / 20);
        Assert.True(before > 0.2);
        Assert.Equal(Digits, network.Predict(Digits).Select(value => value >= 0.5f ? 1f : 0f));
    }

    private static double Error(TestNetwork network) =>
        network.Predict(Digits).Zip(Digits, (a, b) => ((double)a - b) * ((double)a - b)).Average();

    private static double PrincipalComponentError(int width)
    {
        int samples = Digits.Length / Dots;
        double[] mean = [.. Enumerable.Range(0, Dots).Select(dot => Digits.Chunk(Dots).Average(digit => (double)digit[dot]))];
        double[,] scatter = new double[Dots, Dots];
        foreach (float[] digit in Digits.Chunk(Dots))
        {
            for (int i = 0; i < Dots; i++)
            {
                for (int j = 0; j < Dots; j++)
                    scatter[i, j] += (digit[i] - mean[i]) * (digit[j] - mean[j]);
            }
        }

        return LinearAlgebra.Eigenvalues(scatter).Skip(width).Sum() / (samples * Dots);
    }

    private static float[] Draw(params string[] rows) =>
    [
        .. Enumerable.Range(0, 10)
            .SelectMany(digit => rows.SelectMany(row => row.Substring(digit * 7, 5)))
            .Select(dot => dot == '#' ? 1f : 0f),
    ];
}
