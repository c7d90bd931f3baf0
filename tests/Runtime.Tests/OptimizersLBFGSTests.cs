namespace NetGen.Tests;

public class OptimizersLBFGSTests
{
    private static readonly Dataset Nothing = Dataset.FromTargets([0f], [0f], 1);

    [Theory, InlineData(1), InlineData(7), InlineData(1024)]
    public void Linear_regression_gives_the_closed_form(int batchSize)
    {
        RandomSource random = new(5);
        float[] inputs = new float[60], targets = new float[20];
        for (int i = 0; i < 20; i++)
        {
            for (int k = 0; k < 3; k++)
                inputs[(3 * i) + k] = random.NextGaussian() * (1 + (3 * k));
            targets[i] = (2 * inputs[3 * i]) - inputs[(3 * i) + 1] + (0.5f * inputs[(3 * i) + 2]) + 3 + random.NextGaussian();
        }

        LinearNetwork network = new(3, 1);
        LBFGSResult result = LBFGS.Minimize(network, Dataset.FromTargets(inputs, targets, 20), new LBFGSOptions { BatchSize = batchSize });

        double[] expected = LeastSquares(inputs, targets);
        for (int i = 0; i < 4; i++)
            Assert.Equal(expected[i], network.Parameters[i], 2e-4);
        double loss = 0;
        for (int i = 0; i < 20; i++)
        {
            double y = expected[3];
            for (int k = 0; k < 3; k++)
                y += expected[k] * inputs[(3 * i) + k];
            loss += (y - targets[i]) * (y - targets[i]) / 20;
        }

        Assert.Equal(loss, result.Loss, 1e-5 * loss);
        Assert.True(result.InitialLoss > 10 * result.Loss);
        Assert.InRange(result.Iterations, 3, 40);
        Assert.NotEqual(LBFGSStop.MaximumIterations, result.StoppedBecause);
    }

    [Fact]
    public void Logistic_regression_gives_the_observed_frequencies()
    {
        // One input that is 0 or 1: the most likely probabilities are the shares of the classes, here 3 of 4 and 1 of 5.
        float[] inputs = [0, 0, 0, 0, 1, 1, 1, 1, 1];
        int[] labels = [1, 1, 1, 0, 1, 0, 0, 0, 0];
        LinearNetwork network = new(1, 2, softmax: true);
        LBFGSResult result = LBFGS.Minimize(network, Dataset.FromLabels(inputs, labels));
        float[] probabilities = new float[4];
        network.Predict([0, 1], probabilities);
        Assert.Equal(0.75, probabilities[1], 1e-3);
        Assert.Equal(0.2, probabilities[3], 1e-3);
        double entropy = -((3 * Math.Log(0.75)) + Math.Log(0.25) + Math.Log(0.2) + (4 * Math.Log(0.8))) / 9;
        Assert.Equal(entropy, result.Loss, 1e-6);
    }

    [Fact]
    public void Rosenbrocks_valley_is_followed_to_its_end()
    {
        // f = (1 − x)² + 100(y − x²)², minimum 0 at (1, 1), from the classical start. Steepest descent takes thousands of steps.
        FunctionNetwork network = new([-1.2f, 1f], Rosenbrock);
        LBFGSResult result = LBFGS.Minimize(network, Nothing);
        Assert.Equal(1, network.Parameters[0], 1e-3);
        Assert.Equal(1, network.Parameters[1], 2e-3);
        Assert.True(result.Loss < 1e-6, result.ToString());
        Assert.Equal(24.2, result.InitialLoss, 1e-4);
        Assert.InRange(result.Evaluations, 20, 80);
    }

    [Fact]
    public void A_quadratic_of_many_scales_takes_few_iterations()
    {
        // f = ½Σ(i + 1)(wᵢ − i)², of condition 30.
        FunctionNetwork network = new(new float[30], (w, g) =>
        {
            double sum = 0;
            for (int i = 0; i < w.Length; i++)
            {
                g[i] = (i + 1) * (w[i] - i);
                sum += 0.5 * (i + 1) * Math.Pow(w[i] - i, 2);
            }

            return (float)sum;
        });
        LBFGSResult result = LBFGS.Minimize(network, Nothing, new LBFGSOptions { MaximumIterations = 60 });
        for (int i = 0; i < 30; i++)
            Assert.Equal(i, network.Parameters[i], 1e-3);
        Assert.NotEqual(LBFGSStop.MaximumIterations, result.StoppedBecause);
    }

    [Fact]
    public void Parameters_without_a_gradient_stay()
    {
        // y is frozen: along it the minimum of Rosenbrock's function is near x = √y.
        FunctionNetwork network = new([0.5f, 4f], (w, g) =>
        {
            float loss = Rosenbrock(w, g);
            g[1] = 0;
            return loss;
        });
        LBFGSResult result = LBFGS.Minimize(network, Nothing);
        Assert.Equal(4f, network.Parameters[1]);

        // df/dx = −2(1 − x) − 400x(y − x²) is 2 at x = 2 and y = 4, with a slope of 3202: the zero is one Newton step away.
        Assert.Equal(2 - (2.0 / 3202), network.Parameters[0], 1e-4);
        Assert.True(result.Loss < 1.01);
    }

    [Fact]
    public void Steps_out_of_the_domain_are_taken_back()
    {
        // f = w − ln w is NaN for w ≤ 0, where a step from 30 with slope 1 may lead; minimum 1 at 1.
        FunctionNetwork network = new([30f], (w, g) =>
        {
            g[0] = 1 - (1 / w[0]);
            return w[0] - MathF.Log(w[0]);
        });
        LBFGSResult result = LBFGS.Minimize(network, Nothing);
        Assert.Equal(1, network.Parameters[0], 1e-3);
        Assert.Equal(1, result.Loss, 1e-6);
    }

    [Fact]
    public void Losses_that_cannot_fall_end_it()
    {
        // A gradient that lies: uphill everywhere, so no step helps.
        FunctionNetwork network = new([1f], (w, g) =>
        {
            g[0] = -w[0];
            return w[0] * w[0];
        });
        LBFGSResult result = LBFGS.Minimize(network, Nothing);
        Assert.Equal(LBFGSStop.NoFurtherProgress, result.StoppedBecause);
        Assert.Equal(1f, network.Parameters[0]);
        Assert.Equal(0, result.Iterations);
    }

    [Fact]
    public void A_minimum_is_left_alone()
    {
        FunctionNetwork network = new([1f, 1f], Rosenbrock);
        LBFGSResult result = LBFGS.Minimize(network, Nothing);
        Assert.Equal((LBFGSStop.GradientTolerance, 0, 1), (result.StoppedBecause, result.Iterations, result.Evaluations));
        Assert.Equal([1f, 1f], network.Parameters.ToArray());
    }

    [Fact]
    public void Iterations_are_limited_and_reported()
    {
        List<(int, double)> reports = [];
        FunctionNetwork network = new([-1.2f, 1f], Rosenbrock);
        LBFGSResult result = LBFGS.Minimize(network, Nothing, new LBFGSOptions
        {
            MaximumIterations = 3,
            OnIteration = (iteration, loss) => reports.Add((iteration, loss)),
        });
        Assert.Equal((LBFGSStop.MaximumIterations, 3), (result.StoppedBecause, result.Iterations));
        Assert.Equal([1, 2, 3], reports.Select(report => report.Item1));
        Assert.Equal(result.Loss, reports[^1].Item2);
        Assert.Equal(result.Loss, Rosenbrock(network.Parameters, new float[2]), 1e-12);
        Assert.True(reports[0].Item2 < result.InitialLoss);
    }

    [Fact]
    public void Cancellation_ends_between_iterations()
    {
        using CancellationTokenSource cancellation = new();
        FunctionNetwork network = new([-1.2f, 1f], Rosenbrock);
        LBFGSResult result = LBFGS.Minimize(network, Nothing, new LBFGSOptions
        {
            CancellationToken = cancellation.Token,
            OnIteration = (iteration, _) => { if (iteration == 2) cancellation.Cancel(); },
        });
        Assert.Equal((LBFGSStop.Cancelled, 2), (result.StoppedBecause, result.Iterations));
    }

    [Fact]
    public void A_failing_callback_leaves_the_best_parameters()
    {
        FunctionNetwork network = new([-1.2f, 1f], Rosenbrock);
        double last = 0;
        Assert.Throws<InvalidOperationException>(() => LBFGS.Minimize(network, Nothing, new LBFGSOptions
        {
            OnIteration = (iteration, loss) =>
            {
                last = loss;
                if (iteration == 4)
                    throw new InvalidOperationException();
            },
        }));
        Assert.Equal(last, Rosenbrock(network.Parameters, new float[2]), 1e-12);
        Assert.True(last < 24);
    }

    [Fact]
    public void A_start_that_is_no_number_is_reported()
    {
        FunctionNetwork network = new([1f], (_, _) => float.NaN);
        Assert.Equal(LBFGSStop.NotFinite, LBFGS.Minimize(network, Nothing).StoppedBecause);
        Assert.Equal(1f, network.Parameters[0]);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        LinearNetwork network = new(2, 1);
        Assert.Throws<ArgumentException>(() => LBFGS.Minimize(network, Nothing));
        Check("MaximumIterations", new LBFGSOptions { MaximumIterations = 0 });
        Check("Memory", new LBFGSOptions { Memory = 0 });
        Check("BatchSize", new LBFGSOptions { BatchSize = 0 });
        Check("GradientTolerance", new LBFGSOptions { GradientTolerance = -1 });
        Check("LossTolerance", new LBFGSOptions { LossTolerance = double.NaN });

        static void Check(string name, LBFGSOptions options)
        {
            LinearNetwork fitting = new(1, 1);
            ArgumentException error = Assert.Throws<ArgumentException>(() => LBFGS.Minimize(fitting, Nothing, options));
            Assert.StartsWith(name, error.Message, StringComparison.Ordinal);
        }
    }

    private static float Rosenbrock(Span<float> w, Span<float> g)
    {
        double x = w[0], y = w[1];
        g[0] = (float)((-2 * (1 - x)) - (400 * x * (y - (x * x))));
        g[1] = (float)(200 * (y - (x * x)));
        return (float)(Math.Pow(1 - x, 2) + (100 * Math.Pow(y - (x * x), 2)));
    }

    /// <summary>Weights and bias of three inputs, by the normal equations and Gauss-Jordan elimination in double.</summary>
    private static double[] LeastSquares(float[] inputs, float[] targets)
    {
        double[,] a = new double[4, 5];
        for (int sample = 0; sample < targets.Length; sample++)
        {
            double[] row = [inputs[3 * sample], inputs[(3 * sample) + 1], inputs[(3 * sample) + 2], 1, targets[sample]];
            for (int i = 0; i < 4; i++)
            {
                for (int k = 0; k < 5; k++)
                    a[i, k] += row[i] * row[k];
            }
        }

        for (int pivot = 0; pivot < 4; pivot++)
        {
            for (int i = 0; i < 4; i++)
            {
                double factor = i == pivot ? 0 : a[i, pivot] / a[pivot, pivot];
                for (int k = 0; k < 5; k++)
                    a[i, k] -= factor * a[pivot, k];
            }
        }

        return [.. Enumerable.Range(0, 4).Select(i => a[i, 4] / a[i, i])];
    }

    private delegate float Function(Span<float> parameters, Span<float> gradients);

    /// <summary>A network whose loss is a function of its parameters alone.</summary>
    private sealed class FunctionNetwork(float[] parameters, Function function) : ITrainableNetwork
    {
        public NetworkInfo Info { get; } = new()
        {
            Name = "Function",
            InputShape = [1],
            Layers = [new LayerInfo("dense1", "Dense(1)", [1], parameters.Length, 1)],
            Parameters = [new ParameterInfo("dense1.weight", [parameters.Length], 0, ParameterLayout.RowMajor, true)],
            Loss = "MeanSquaredError",
            Targets = TargetKind.Values,
            PredictionBytes = 0,
            TrainingBytes = 0,
            BlockSize = 1,
        };

        public Span<float> Parameters => parameters;

        public int Threads { get; set; }

        public float Gradients(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Span<float> gradients) =>
            function(parameters, gradients);

        public void Predict(ReadOnlySpan<float> inputs, Span<float> outputs) => throw new NotSupportedException();

        public float Train(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Optimizer optimizer) =>
            throw new NotSupportedException();

        public float Train(ReadOnlySpan<float> inputs, ReadOnlySpan<int> labels, Optimizer optimizer) => throw new NotSupportedException();

        public float Evaluate(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Span<float> outputs) =>
            throw new NotSupportedException();

        public float Evaluate(ReadOnlySpan<float> inputs, ReadOnlySpan<int> labels, Span<float> outputs) =>
            throw new NotSupportedException();
    }
}
