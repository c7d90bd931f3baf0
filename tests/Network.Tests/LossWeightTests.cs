namespace NetGen.Network.Tests;

/// <summary>Weights of samples and classes, and label smoothing: in every way in which a loss is computed.</summary>
/// <remarks>PyTorch's values of class weights and smoothing are among the reference cases.</remarks>
public class LossWeightTests
{
    private const string Classifier = "[Network(7)] [Dense(19), Tanh, Dense(4), Softmax]";

    public static TheoryData<string> Declarations =>
    [
        $"{Classifier} [CrossEntropy]",
        $"{Classifier} [CrossEntropy(LabelSmoothing = 0.1f)]",
        $"{Classifier} [CrossEntropy(ClassWeights = new[] {{ 1f, 0f, 2.5f, 0.5f }})]",
        $"{Classifier} [CrossEntropy(LabelSmoothing = 0.2f, ClassWeights = new[] {{ 1f, 0.1f, 2.5f, 0.5f }})]",
        $"{Classifier} [KLDivergence]",
        "[Network(7)] [Dense(19), Tanh, Dense(4), Sigmoid] [BinaryCrossEntropy]",
        "[Network(7)] [Dense(19), Tanh, Dense(4), Sigmoid] [BinaryCrossEntropy(PositiveWeight = 3f)]",
        "[Network(7, L2 = 0.1f)] [Dense(19), ReLU, Dense(4)] [HalfSquaredError]",
        "[Network(7)] [Dense(33), Tanh, Dense(3)] [Huber]",
        "[Network(7)] [Dense(16), Dropout(0.5f), Tanh, Dense(3)] [MeanSquaredError]",
        """
        [Network(4)] [Dense(8), Tanh, Mark("hidden")] [Dense(2), Output("left")] [From("hidden"), Dense(3), Output("right")]
        [MeanSquaredError(Output = "left"), Huber(Output = "right", Weight = 0.5f)]
        """,
        "[Network(3)] [Dense(4), Tanh, Dense(2)] [MeanSquaredError]",
        "[Network(3)] [Dense(4, Trainable = false), Tanh, Dense(2, L1 = 0.1f)] [LogCosh]",
    ];

    public static TheoryData<string> Losses =>
        [.. ((IEnumerable<object[]>)Declarations).Select(row => (string)row[0]).Where(declaration => !declaration.Contains("Dropout", StringComparison.Ordinal))];

    [Theory, MemberData(nameof(Declarations))]
    public void Weighted_losses_and_gradients_match_the_reference(string declaration)
    {
        foreach (int samples in (int[])[1, 5, 33, 70])
        {
            TestNetwork network = NetworkCompiler.Compile(declaration).Create();
            Samples.Randomize(network, 1);
            DoubleNetwork reference = DoubleNetwork.Of(declaration, network);
            (float[] inputs, float[] targets, float[] weights) = Data(network, samples);
            reference.SampleWeights = weights;
            Bounded[] x = DoubleNetwork.Exact(inputs), t = DoubleNetwork.Exact(targets);
            DoubleGradients expected = reference.Gradients(x, t);
            Bounded loss = reference.Loss(x, t);
            float[] gradients = new float[network.Parameters.Length], outputs = new float[targets.Length];

            Tolerance.Check("loss", network.Trainable.Gradients(inputs, targets, weights, gradients), loss);
            foreach (ParameterInfo parameter in network.Info.Parameters)
            {
                Tolerance.Check(parameter.Name, network.Extract(parameter.Name, gradients), parameter.Trainable
                    ? expected.Parameters[parameter.Name] : new Bounded[parameter.Length]);
            }

            Tolerance.Check(
                "evaluated loss", network.Trainable.Evaluate(inputs, targets, weights, outputs), reference.EvaluationLoss(x, t));
            float[] plainOutputs = new float[outputs.Length];
            network.Trainable.Evaluate(inputs, targets, plainOutputs);
            Assert.Equal(plainOutputs, outputs);
            Tolerance.Check("loss of the step", network.Trainable.Train(inputs, targets, weights, new SGD(0.01f)), loss);
        }
    }

    /// <summary>Three times a sample is one sample of weight 3.</summary>
    [Theory, MemberData(nameof(Losses))]
    public void A_weight_counts_like_copies(string declaration)
    {
        TestNetwork network = NetworkCompiler.Compile(declaration).Create(2);
        (float[] inputs, float[] targets, _) = Data(network, 3);
        int[] copies = [0, 1, 1, 1, 2, 2];
        float[] repeatedInputs = Repeat(inputs, network.Info.InputLength), repeatedTargets = Repeat(targets, network.Info.OutputLength);
        float[] weighted = new float[network.Parameters.Length], repeated = new float[weighted.Length];

        float loss = network.Trainable.Gradients(inputs, targets, [1f, 3f, 2f], weighted);
        float expected = network.Gradients(repeatedInputs, repeatedTargets, repeated);

        Assert.Equal(expected, loss, 1e-5f * (1 + expected));
        float largest = repeated.Max(MathF.Abs);
        for (int i = 0; i < weighted.Length; i++)
            Assert.Equal(repeated[i], weighted[i], 1e-5f * largest);

        float[] Repeat(float[] values, int length) => [.. copies.SelectMany(sample => values[(sample * length)..((sample + 1) * length)])];
    }

    [Theory, MemberData(nameof(Losses))]
    public void Equal_weights_are_no_weights(string declaration)
    {
        TestNetwork network = NetworkCompiler.Compile(declaration).Create(2);
        (float[] inputs, float[] targets, _) = Data(network, 40);
        float[] weighted = new float[network.Parameters.Length], plain = new float[weighted.Length];
        float[] weights = new float[40];
        Array.Fill(weights, 0.5f);

        float loss = network.Trainable.Gradients(inputs, targets, weights, weighted), expected = network.Gradients(inputs, targets, plain);

        Assert.Equal(expected, loss, 1e-6f * (1 + expected));
        float largest = plain.Max(MathF.Abs);
        for (int i = 0; i < weighted.Length; i++)
            Assert.Equal(plain[i], weighted[i], 1e-5f * largest);
    }

    [Theory]
    [InlineData("[CrossEntropy]")]
    [InlineData("[CrossEntropy(LabelSmoothing = 0.1f)]")]
    [InlineData("[CrossEntropy(ClassWeights = new[] { 1f, 0f, 2.5f, 0.5f })]")]
    [InlineData("[CrossEntropy(LabelSmoothing = 0.1f, ClassWeights = new[] { 1f, 0f, 2.5f, 0.5f })]")]
    public void Labels_are_targets_of_0_and_1(string loss)
    {
        TestNetwork byLabels = NetworkCompiler.Compile(Classifier + loss).Create(4);
        TestNetwork byTargets = NetworkCompiler.Compile(Classifier + loss).Create(4);
        const int samples = 45;
        float[] inputs = Samples.Normal(1, samples * 7), weights = Weights(samples), outputs = new float[samples * 4];
        int[] labels = Samples.Labels(2, samples, 4);
        float[] targets = [.. labels.SelectMany(label => Enumerable.Range(0, 4).Select(c => c == label ? 1f : 0f))];
        Optimizer first = new Adam(), second = new Adam();
        for (int step = 0; step < 3; step++)
        {
            Assert.Equal(byTargets.Train(inputs, targets, second), byLabels.Train(inputs, labels, first));
            Assert.Equal(
                byTargets.Trainable.Train(inputs, targets, weights, second), byLabels.Trainable.Train(inputs, labels, weights, first));
            Assert.Equal(Bits.Of(byTargets.Parameters), Bits.Of(byLabels.Parameters));
        }

        Assert.Equal(byTargets.Trainable.Evaluate(inputs, targets, outputs), byLabels.Trainable.Evaluate(inputs, labels, outputs));
        Assert.Equal(byTargets.Trainable.Evaluate(inputs, targets, weights, outputs),
            byLabels.Trainable.Evaluate(inputs, labels, weights, outputs));
    }

    [Fact]
    public void A_batch_of_classes_without_weight_changes_nothing()
    {
        TestNetwork network = NetworkCompiler.Compile(Classifier + "[CrossEntropy(ClassWeights = new[] { 1f, 0f, 1f, 1f })]").Create(4);
        float[] gradients = new float[network.Parameters.Length], inputs = Samples.Normal(1, 14);

        Assert.Equal(0f, network.Gradients(inputs, [0f, 1f, 0f, 0f, 0f, 1f, 0f, 0f], gradients));
        Assert.All(gradients, gradient => Assert.Equal(0f, gradient));
    }

    /// <summary>Two samples, by hand: losses −ln ½ and −ln ¼ of a network without parameters' help.</summary>
    [Fact]
    public void Weighted_means_are_those_of_the_textbook()
    {
        const string network = "[Network(2)] [Softmax, Dense(2, Init = Init.Zeros), Softmax]";
        float[] inputs = [0, 0, 0, 0], targets = [1, 0, 0, 1], outputs = new float[4];
        TestNetwork plain = NetworkCompiler.Compile(network + "[CrossEntropy]").Create();
        plain.SetParameter("dense1.bias", [MathF.Log(3), 0f]); // probabilities ¾ and ¼
        double first = -Math.Log(0.75), second = -Math.Log(0.25);

        Assert.Equal((first + second) / 2, plain.Trainable.Evaluate(inputs, targets, outputs), 1e-6);
        Assert.Equal(((3 * first) + second) / 4, plain.Trainable.Evaluate(inputs, targets, [3f, 1f], outputs), 1e-6);

        TestNetwork weighted = NetworkCompiler.Compile(network + "[CrossEntropy(ClassWeights = new[] { 2f, 5f })]").Create();
        weighted.SetParameter("dense1.bias", [MathF.Log(3), 0f]);
        Assert.Equal(((2 * first) + (5 * second)) / 7, weighted.Trainable.Evaluate(inputs, targets, outputs), 1e-6);
        Assert.Equal(((6 * first) + (5 * second)) / 11, weighted.Trainable.Evaluate(inputs, targets, [3f, 1f], outputs), 1e-6);

        TestNetwork smooth = NetworkCompiler.Compile(network + "[CrossEntropy(LabelSmoothing = 0.5f)]").Create();
        smooth.SetParameter("dense1.bias", [MathF.Log(3), 0f]);
        Assert.Equal((first + second) / 2, smooth.Trainable.Evaluate(inputs, targets, outputs), 1e-6);
        Assert.Equal((0.75 * first) + (0.25 * second), smooth.Trainable.Evaluate(inputs[..2], targets[..2], outputs[..2]), 1e-6);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public void Any_number_of_threads_gives_the_same_bits(int threads)
    {
        const string declaration =
            "[Network(300)] [Dense(200), ReLU, Dense(5), Softmax] [CrossEntropy(LabelSmoothing = 0.1f, ClassWeights = new[] { 1f, 2f, 3f, 4f, 5f })]";
        TestNetwork alone = NetworkCompiler.Compile(declaration).Create(), shared = NetworkCompiler.Compile(declaration).Create();
        alone.Network.Threads = 1;
        shared.Network.Threads = threads;
        Optimizer first = new Adam(), second = new Adam();
        for (int step = 0; step < 4; step++)
        {
            float[] inputs = Samples.Normal(step, 200 * 300), targets = Samples.Targets(alone.Info, step, 200), weights = Weights(200);
            Assert.Equal(alone.Trainable.Train(inputs, targets, weights, first), shared.Trainable.Train(inputs, targets, weights, second));
            Assert.Equal(Bits.Of(alone.Parameters), Bits.Of(shared.Parameters));
        }
    }

    [Theory, MemberData(nameof(Declarations))]
    public void Calls_with_weights_allocate_nothing(string declaration)
    {
        TestNetwork network = NetworkCompiler.Compile(declaration).Create();
        (float[] inputs, float[] targets, float[] weights) = Data(network, 45);
        float[] gradients = new float[network.Parameters.Length], outputs = new float[targets.Length];
        Optimizer optimizer = new Momentum(1e-4f);
        Allocations.AssertNone(Run);

        void Run()
        {
            network.Trainable.Train(inputs, targets, weights, optimizer);
            network.Trainable.Gradients(inputs, targets, weights, gradients);
            network.Trainable.Evaluate(inputs, targets, weights, outputs);
        }
    }

    [Theory]
    [InlineData("1,2", "weights holds 2 weights; the inputs hold 3 samples, so 3 are needed. (Parameter 'weights')")]
    [InlineData("", "weights holds 0 weights; the inputs hold 3 samples, so 3 are needed. (Parameter 'weights')")]
    [InlineData("1,-2,1", "weights[1] is -2; a weight must be finite and at least 0. (Parameter 'weights')")]
    [InlineData("1,1,NaN", "weights[2] is NaN; a weight must be finite and at least 0. (Parameter 'weights')")]
    [InlineData("Infinity,1,1", "weights[0] is Infinity; a weight must be finite and at least 0. (Parameter 'weights')")]
    [InlineData("0,0,0", "All 3 weights are 0; at least one must be above 0. (Parameter 'weights')")]
    public void Weights_that_do_not_fit_are_refused_before_anything_changes(string text, string message)
    {
        float[] weights = [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(one => float.Parse(one, System.Globalization.CultureInfo.InvariantCulture))];
        foreach (string declaration in (string[])[$"{Classifier} [CrossEntropy]", "[Network(3)] [Dense(4), Tanh, Dense(2)] [MeanSquaredError]"])
        {
            TestNetwork network = NetworkCompiler.Compile(declaration).Create();
            (float[] inputs, float[] targets, _) = Data(network, 3);
            int[] before = Bits.Of(network.Parameters);
            Optimizer optimizer = new Adam();

            Assert.Equal(message, Assert.Throws<ArgumentException>(
                () => { network.Trainable.Train(inputs, targets, weights, optimizer); }).Message);
            Assert.Equal(message, Assert.Throws<ArgumentException>(
                () => { network.Trainable.Gradients(inputs, targets, weights, new float[network.Parameters.Length]); }).Message);
            Assert.Equal(message, Assert.Throws<ArgumentException>(
                () => { network.Trainable.Evaluate(inputs, targets, weights, new float[targets.Length]); }).Message);
            Assert.Equal(before, Bits.Of(network.Parameters));
            Assert.Equal(0, optimizer.Steps);
        }
    }

    /// <summary>In one batch or many, in order or shuffled: what an epoch reports is the weighted mean over its samples.</summary>
    [Fact]
    public void Training_and_evaluation_of_a_dataset_use_its_weights()
    {
        const string declaration = Classifier + "[CrossEntropy(ClassWeights = new[] { 1f, 0f, 2.5f, 0.5f })]";
        const int samples = 50;
        float[] inputs = Samples.Normal(1, samples * 7), weights = Weights(samples);
        weights.AsSpan(20, 10).Clear();
        int[] labels = Samples.Labels(2, samples, 4);
        Dataset data = Dataset.FromLabels(inputs, labels, ["a", "b", "c", "d"]).WithWeights(weights);
        TestNetwork network = NetworkCompiler.Compile(declaration).Create(4);
        float[] gradients = new float[network.Parameters.Length], outputs = new float[samples * 4];
        float expected = network.Trainable.Evaluate(inputs, labels, weights, outputs);

        Evaluation evaluation = Trainer.Evaluate(network.Trainable, data);
        Assert.Equal(expected, evaluation.Loss, 1e-6);
        Assert.Equal(
            labels.Where((label, i) => Best(outputs.AsSpan(i * 4, 4)) == label).Count() / (double)samples, evaluation.Accuracy!.Value,
            1e-12);
        Assert.Equal(1 - evaluation.Accuracy, evaluation.ErrorRate);

        // Batches of 10: one of them counts nothing, and is no step.
        foreach ((bool shuffle, int size) in (ReadOnlySpan<(bool, int)>)[(false, 10), (true, 7), (false, 50), (true, 1)])
        {
            TestNetwork trained = NetworkCompiler.Compile(declaration).Create(4);
            Optimizer optimizer = new SGD(1e-12f);
            TrainingHistory history = Trainer.Train(trained.Trainable, data, new TrainingOptions
            {
                Epochs = 1,
                BatchSize = size,
                Shuffle = shuffle,
                Optimizer = optimizer,
            });
            Assert.Equal(expected, history.Epochs[0].TrainingLoss, 1e-5);
            if (size == 10)
                Assert.Equal(4, optimizer.Steps);
        }

        static int Best(ReadOnlySpan<float> row)
        {
            int best = 0;
            for (int i = 1; i < row.Length; i++)
                best = row[i] > row[best] ? i : best;
            return best;
        }
    }

    /// <summary>The closed form of weighted least squares, (XᵀWX)⁻¹XᵀWy, in one dimension.</summary>
    [Fact]
    public void LBFGS_finds_the_weighted_regression()
    {
        TestNetwork network = NetworkCompiler.Compile("[Network(1)] [Dense(1)] [HalfSquaredError]").Create();
        float[] x = [0, 1, 2, 3, 4], y = [1, 0, 4, 2, 9], weights = [1, 2, 0, 0.5f, 3];
        double sum = 0, sumX = 0, sumY = 0, sumXX = 0, sumXY = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += weights[i];
            sumX += weights[i] * x[i];
            sumY += weights[i] * y[i];
            sumXX += weights[i] * x[i] * x[i];
            sumXY += weights[i] * x[i] * y[i];
        }

        double slope = ((sum * sumXY) - (sumX * sumY)) / ((sum * sumXX) - (sumX * sumX));

        LBFGS.Minimize(network.Trainable, Dataset.FromTargets(x, y, 5).WithWeights(weights), new LBFGSOptions { BatchSize = 2 });

        Assert.Equal(slope, network.Extract("dense1.weight")[0], 1e-4);
        Assert.Equal((sumY - (slope * sumX)) / sum, network.Extract("dense1.bias")[0], 1e-4);
    }

    private static (float[] Inputs, float[] Targets, float[] Weights) Data(TestNetwork network, int samples) => (
        Samples.Normal(samples, samples * network.Info.InputLength), Samples.Targets(network.Info, samples + 1, samples), Weights(samples));

    /// <summary>From 0 to 2, the first not 0.</summary>
    private static float[] Weights(int samples)
    {
        Random random = new(samples);
        return [.. Enumerable.Range(0, samples).Select(i => i % 5 == 3 ? 0f : 0.01f + (2 * random.NextSingle()))];
    }
}
