namespace NetGen.Network.Tests.Course;

/// <summary>Cross-validation, bagging and augmentation over generated networks.</summary>
public class ValidationTests
{
    private const string Iris = "[Network(4)] [Dense(16), Tanh, Dense(3), Softmax] [CrossEntropy]";

    private static Dataset Flowers => Csv.Load(Path.Combine(AppContext.BaseDirectory, "Data", "iris.csv"));

    [Fact]
    public void Stratified_folds_of_iris_reach_94_percent()
    {
        CompiledNetwork compiled = NetworkCompiler.Compile(Iris);
        ValidationResult result = CrossValidation.KFold(
            seed => compiled.Create(seed).Trainable, Flowers, 10, Options, stratified: true, scale: Scaler.Standardize, seed: 1);
        Assert.InRange(result.Accuracy!.Value.Mean, 0.94, 1);
        Assert.InRange(result.Accuracy.Value.StandardDeviation, 0, 0.08);
        Assert.Equal(150, result.ConfusionMatrix!.Total);
        Assert.Equal(result.Accuracy.Value.Mean, result.ConfusionMatrix.Accuracy, 1e-12);   // all folds hold out 15
    }

    /// <summary>A fold is what its steps are by hand.</summary>
    [Fact]
    public void A_fold_is_trained_as_by_hand()
    {
        CompiledNetwork compiled = NetworkCompiler.Compile(Iris);
        Dataset flowers = Flowers;
        FoldResult fold = CrossValidation.KFold(
            seed => compiled.Create(seed).Trainable, flowers, 3, Options, scale: Scaler.Standardize, seed: 7).Folds[2];

        Dataset train = flowers.Select([.. Enumerable.Range(0, 150).Except(fold.TestSamples)]);
        Scaler scaler = Scaler.Standardize(train);
        TestNetwork network = compiled.Create(7 + 2);
        Trainer.Train(network.Trainable, scaler.Apply(train), Options());
        Evaluation expected = Trainer.Evaluate(network.Trainable, scaler.Apply(flowers.Select([.. fold.TestSamples])));
        Assert.Equal(expected.Loss, fold.Evaluation.Loss);
        Assert.Equal(expected.Accuracy, fold.Evaluation.Accuracy);
    }

    [Theory, InlineData(Combination.Average), InlineData(Combination.Vote)]
    public void Bagged_networks_reach_93_percent_on_iris(Combination combination)
    {
        (Dataset train, Dataset test) = Flowers.Split(0.7, seed: 3);
        Scaler scaler = Scaler.Standardize(train);
        CompiledNetwork compiled = NetworkCompiler.Compile(Iris);
        Ensemble<ITrainableNetwork> ensemble = Ensemble.Bagging(
            seed => compiled.Create(seed).Trainable, scaler.Apply(train), 7, Options, combination, seed: 1);
        Evaluation evaluation = ensemble.Evaluate(scaler.Apply(test));
        Assert.InRange(evaluation.Accuracy!.Value, 0.93, 1);
        Assert.Equal(ensemble.Members.Average(member => Trainer.Evaluate(member, scaler.Apply(test)).Loss), evaluation.Loss, 1e-5);
    }

    /// <summary>The images are drawn in the middle; the test's are shifted, and only augmentation shows the network such images.</summary>
    [Fact]
    public void Shifted_samples_teach_what_the_data_does_not_show()
    {
        Dataset centred = Bars(seed: 1, samples: 300, shift: 0), shifted = Bars(seed: 2, samples: 300, shift: 3);
        double plain = Accuracy(null), augmented = Accuracy((image, random) => Shift(image, random.NextInt(7) - 3));
        Assert.InRange(plain, 0, 0.8);
        Assert.InRange(augmented, 0.95, 1);

        double Accuracy(Augmentation? augmentation)
        {
            TestNetwork network = NetworkCompiler.Compile("[Network(20)] [Dense(48), ReLU, Dense(3), Softmax] [CrossEntropy]").Create(1);
            Trainer.Train(network.Trainable, centred, new TrainingOptions
            {
                Epochs = 40,
                Optimizer = new Adam(5e-3f),
                Seed = 1,
                Augmentation = augmentation,
            });
            return Trainer.Evaluate(network.Trainable, shifted).Accuracy!.Value;
        }
    }

    [Fact]
    public void Augmented_training_gives_the_same_bits_for_any_number_of_threads()
    {
        Assert.Equal(Trained(1), Trained(2));
        Assert.Equal(Trained(1), Trained(5));

        static float[] Trained(int threads)
        {
            TestNetwork network = NetworkCompiler.Compile("[Network(300)] [Dense(200), ReLU, Dense(7), Softmax] [CrossEntropy]").Create(1);
            Dataset data = Dataset.FromLabels(Samples.Normal(1, 150 * 300), Samples.Labels(2, 150, 7));
            Trainer.Train(network.Trainable, data, new TrainingOptions
            {
                Epochs = 2,
                BatchSize = 64,
                Threads = threads,
                Augmentation = (inputs, random) =>
                {
                    foreach (ref float input in inputs)
                        input += 0.1f * random.NextGaussian();
                },
            });
            return network.Parameters.ToArray();
        }
    }

    private static TrainingOptions Options() => new() { Epochs = 60, BatchSize = 16, Optimizer = new Adam(5e-3f), Seed = 1 };

    /// <summary>Lines of 20 dots with a bar of 2, 4 or 6 in the middle, moved by up to a shift to either side, under noise.</summary>
    private static Dataset Bars(int seed, int samples, int shift)
    {
        float[] inputs = Samples.Normal(seed, samples * 20, scale: 0.1);
        int[] labels = Samples.Labels(seed, samples, 3);
        Random random = new(seed);
        for (int sample = 0; sample < samples; sample++)
        {
            int half = labels[sample] + 1, middle = 10 + random.Next(-shift, shift + 1);
            for (int dot = middle - half; dot < middle + half; dot++)
                inputs[(sample * 20) + dot] += 1;
        }

        return Dataset.FromLabels(inputs, labels);
    }

    private static void Shift(Span<float> image, int by)
    {
        float[] old = image.ToArray();
        for (int i = 0; i < old.Length; i++)
            image[(i + by + old.Length) % old.Length] = old[i];
    }
}
