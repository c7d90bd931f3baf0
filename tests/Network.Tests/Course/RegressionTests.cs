namespace NetGen.Network.Tests.Course;

/// <summary>Networks of one layer, whose best parameters are known in closed form or by Newton's method.</summary>
public class RegressionTests
{
    [Fact]
    public void Linear_regression_finds_the_solution_of_the_normal_equations()
    {
        (float[][] x, float[] y) = Line(seed: 1, samples: 200, inputs: 5);
        double[] expected = LinearAlgebra.Solve(LinearAlgebra.Gram(x, _ => 1), LinearAlgebra.Moment(x, row => y[row]));

        TestNetwork network = NetworkCompiler.Compile("[Network(5)] [Dense(1)] [MeanSquaredError]").Create(3);
        float[] inputs = [.. x.SelectMany(row => row)];
        SGD optimizer = new(0.1f);
        for (int step = 0; step < 500; step++)
            network.Train(inputs, y, optimizer);

        AssertNear(expected, [.. network.Extract("dense1.weight"), .. network.Extract("dense1.bias")], 2e-6);
    }

    /// <summary>Leaving out sample i of a linear regression changes its residual from eᵢ to eᵢ / (1 − hᵢᵢ), with the hat matrix
    /// H = X (XᵀX)⁻¹ Xᵀ (D. M. Allen's PRESS, 1974).</summary>
    [Fact]
    public void Leave_one_out_gives_the_closed_form_of_linear_regression()
    {
        (float[][] x, float[] y) = Line(seed: 2, samples: 20, inputs: 2);
        double[,] gram = LinearAlgebra.Gram(x, _ => 1);
        double[] fit = LinearAlgebra.Solve(gram, LinearAlgebra.Moment(x, row => y[row]));
        double[] expected = [.. x.Select((row, i) =>
        {
            double[] one = LinearAlgebra.WithOne(row);
            double leverage = one.Zip(LinearAlgebra.Solve(gram, one), (a, b) => a * b).Sum();
            double residual = (y[i] - LinearAlgebra.Dot(fit, row)) / (1 - leverage);
            return residual * residual;
        })];

        CompiledNetwork compiled = NetworkCompiler.Compile("[Network(2)] [Dense(1)] [MeanSquaredError]");
        ValidationResult result = CrossValidation.LeaveOneOut(
            seed => compiled.Create(seed).Trainable, Dataset.FromTargets(x, [.. y.Select(value => new[] { value })]),
            () => new TrainingOptions { Epochs = 400, BatchSize = 20, Optimizer = new SGD(0.1f) });

        AssertNear(expected, [.. result.Folds.Select(fold => (float)fold.Evaluation.Loss)], 1e-5);
        Assert.Equal(expected.Average(), result.Loss.Mean, 1e-5);
    }

    [Fact]
    public void Logistic_regression_finds_the_solution_of_newtons_method()
    {
        (float[][] x, float[] z) = Line(seed: 3, samples: 300, inputs: 3);
        Random random = new(4);
        float[] y = [.. z.Select(value => random.NextDouble() < Sigmoid(value) ? 1f : 0f)];
        double[] expected = new double[4];
        double change = 1;
        for (int step = 0; step < 30 && change > 1e-13; step++)
        {
            double[] p = [.. x.Select(row => Sigmoid(LinearAlgebra.Dot(expected, row)))];
            double[] delta = LinearAlgebra.Solve(
                LinearAlgebra.Gram(x, row => p[row] * (1 - p[row])), LinearAlgebra.Moment(x, row => y[row] - p[row]));
            expected = [.. expected.Zip(delta, (a, b) => a + b)];
            change = delta.Max(Math.Abs);
        }

        Assert.InRange(change, 0, 1e-13);
        TestNetwork network = NetworkCompiler.Compile("[Network(3)] [Dense(1), Sigmoid] [BinaryCrossEntropy]").Create(3);
        float[] inputs = [.. x.SelectMany(row => row)];
        Nesterov optimizer = new(0.5f);
        for (int step = 0; step < 1000; step++)
            network.Train(inputs, y, optimizer);

        AssertNear(expected, [.. network.Extract("dense1.weight"), .. network.Extract("dense1.bias")], 1e-5);
    }

    /// <summary>Inputs of about unit size, and a noisy line through them.</summary>
    private static (float[][] X, float[] Y) Line(int seed, int samples, int inputs)
    {
        float[][] x = [.. Samples.Normal(seed, samples * inputs).Chunk(inputs)];
        float[] noise = Samples.Normal(seed + 100, samples, scale: 0.5);
        return (x, [.. x.Select((row, i) => 0.7f + noise[i] + row.Select((value, column) => value * (column - 1.5f)).Sum())]);
    }

    private static double Sigmoid(double z) => 1 / (1 + Math.Exp(-z));

    private static void AssertNear(double[] expected, float[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.Second, pair.First - tolerance, pair.First + tolerance));
    }
}
