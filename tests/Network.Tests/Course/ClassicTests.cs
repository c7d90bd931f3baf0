namespace NetGen.Network.Tests.Course;

/// <summary>Networks that many courses begin with.</summary>
public class ClassicTests
{
    /// <summary>The two-layer network of J. Johnson, "Learning PyTorch with examples": 64 samples, 1000-100-10, no biases, normal weights,
    /// squared errors summed, 500 steps at the rate 1e-6.</summary>
    [Fact]
    public void The_numpy_example_follows_its_own_arithmetic_and_fits_its_samples()
    {
        const int samples = 64, inputs = 1000, hidden = 100, outputs = 10;
        const double summed = 2 * samples, rate = 1e-6;   // HalfSquaredError is half the sum, and a mean over the samples
        float[] x = Samples.Normal(1, samples * inputs), y = Samples.Normal(2, samples * outputs);
        float[] w1 = Samples.Normal(3, hidden * inputs), w2 = Samples.Normal(4, outputs * hidden);
        TestNetwork network = NetworkCompiler.Compile(
            $"[Network({inputs})] [Dense({hidden}, Bias = false), ReLU, Dense({outputs}, Bias = false)] [HalfSquaredError]").Create();
        network.SetParameter("dense1.weight", w1);
        network.SetParameter("dense2.weight", w2);
        SGD optimizer = new((float)(rate * summed));

        double[] v1 = Array.ConvertAll(w1, value => (double)value), v2 = Array.ConvertAll(w2, value => (double)value);
        for (int step = 0; step < 20; step++)
        {
            double expected = Step(v1, v2);
            double found = summed * network.Train(x, y, optimizer);
            Assert.InRange(found, expected * (1 - 1e-4), expected * (1 + 1e-4));
        }

        for (int step = 20; step < 500; step++)
            network.Train(x, y, optimizer);
        Assert.InRange(summed * network.Gradients(x, y, new float[network.Parameters.Length]), 0, 1e-2);

        // One step in double precision, as the example writes it; the summed loss before it.
        double Step(double[] v1, double[] v2)
        {
            double[] d1 = new double[v1.Length], d2 = new double[v2.Length], h = new double[hidden];
            double loss = 0;
            for (int s = 0; s < samples; s++)
            {
                double[] dh = new double[hidden];
                for (int j = 0; j < hidden; j++)
                {
                    double sum = 0;
                    for (int i = 0; i < inputs; i++)
                        sum += v1[(j * inputs) + i] * x[(s * inputs) + i];
                    h[j] = Math.Max(sum, 0);
                }

                for (int o = 0; o < outputs; o++)
                {
                    double error = -y[(s * outputs) + o];
                    for (int j = 0; j < hidden; j++)
                        error += v2[(o * hidden) + j] * h[j];
                    loss += error * error;
                    for (int j = 0; j < hidden; j++)
                    {
                        d2[(o * hidden) + j] += 2 * error * h[j];
                        dh[j] += h[j] > 0 ? 2 * error * v2[(o * hidden) + j] : 0;
                    }
                }

                for (int j = 0; j < hidden; j++)
                {
                    for (int i = 0; i < inputs && dh[j] != 0; i++)
                        d1[(j * inputs) + i] += dh[j] * x[(s * inputs) + i];
                }
            }

            for (int i = 0; i < v1.Length; i++)
                v1[i] -= rate * d1[i];
            for (int i = 0; i < v2.Length; i++)
                v2[i] -= rate * d2[i];
            return loss;
        }
    }

    /// <summary>The first example of Keras's guide to its sequential model, 100-64-10 with 1000 uniform samples in batches of 32. Its
    /// labels are random, so there is nothing to learn but the samples themselves.</summary>
    [Fact]
    public void The_keras_example_learns_random_labels_by_heart()
    {
        Random random = new(1);
        float[] inputs = [.. Enumerable.Range(0, 100_000).Select(_ => random.NextSingle())];
        Dataset data = Dataset.FromLabels(inputs, Samples.Labels(2, 1000, 10)), unseen = Dataset.FromLabels(
            [.. Enumerable.Range(0, 100_000).Select(_ => random.NextSingle())], Samples.Labels(3, 1000, 10));
        TestNetwork network = NetworkCompiler.Compile("[Network(100)] [Dense(64), ReLU, Dense(10), Softmax] [CrossEntropy]").Create(1);
        Assert.InRange(Trainer.Evaluate(network.Trainable, data).Accuracy!.Value, 0.05, 0.2);
        Trainer.Train(network.Trainable, data, new TrainingOptions { Epochs = 250, BatchSize = 32, Optimizer = new Adam(3e-3f) });
        Assert.InRange(Trainer.Evaluate(network.Trainable, data).Accuracy!.Value, 0.95, 1);

        // By chance 10 %, with a deviation of 0.95 %.
        Assert.InRange(Trainer.Evaluate(network.Trainable, unseen).Accuracy!.Value, 0.05, 0.15);
    }

    /// <summary>A wide input into a narrow layer: 30000-100-256-256-10 with Adam, told apart from samples it has not seen.</summary>
    [Fact]
    public void The_wide_classifier_tells_ten_classes_apart()
    {
        // A class shows in 300 of the 30,000 inputs by two deviations of the noise; the rest is noise alone.
        const int inputs = 30_000, marks = 300, samples = 200;
        float[] x = Samples.Normal(5, samples * inputs, scale: 0.5);
        int[] labels = [.. Enumerable.Range(0, samples).Select(i => i % 10)];
        for (int sample = 0; sample < samples; sample++)
        {
            for (int mark = 0; mark < marks; mark++)
                x[(sample * inputs) + (labels[sample] * marks) + mark] += 1;
        }

        (Dataset train, Dataset test) = Dataset.FromLabels(x, labels).Split(150);
        TestNetwork network = NetworkCompiler.Compile(
            "[Network(30000)] [Dense(100), ReLU, Dense(256), ReLU, Dense(256), ReLU, Dense(10), Softmax] [CrossEntropy]").Create(1);
        Assert.Equal(30_000 * 100 + 100 + 100 * 256 + 256 + 256 * 256 + 256 + 2570, network.Parameters.Length);
        Trainer.Train(network.Trainable, train, new TrainingOptions { Epochs = 3, BatchSize = 15, Optimizer = new Adam(5e-4f) });
        Assert.InRange(Trainer.Evaluate(network.Trainable, test).Accuracy!.Value, 0.95, 1);
    }
}
