using FsCheck;
using FsCheck.Fluent;

namespace NetGen.Network.Tests;

/// <summary>Batch normalisation over all sizes of batches, its running averages, and what normalisations do with hard numbers.</summary>
public class NormalizationTests
{
    private const string Deep =
        "[Network(60)] [Dense(300), BatchNorm, ReLU, Dense(200), BatchNorm, Tanh, Dense(150), LayerNorm, ReLU, Dense(7), Softmax] [CrossEntropy]";

    public static TheoryData<string> BatchNorms =>
    [
        "[Network(5)] [Dense(19), BatchNorm, ReLU, Dense(3)] [MeanSquaredError]",
        "[Network(5)] [BatchNorm(Bias = false, Epsilon = 0.01f), Dense(33), BatchNorm, Dense(3)] [HalfSquaredError]",
        "[Network(3, 4)] [Dense(6), BatchNorm(Epsilon = 0.01f), Tanh, Flatten, Dense(3)] [HalfSquaredError]",
        "[Network(3, 5, 2)] [BatchNorm, ReLU, Flatten, Dense(3)] [MeanSquaredError]",
    ];

    [Theory, MemberData(nameof(BatchNorms))]
    public void Any_size_of_a_batch_has_its_statistics(string declaration)
    {
        TestNetwork network = NetworkCompiler.Compile(declaration).Create();
        int inputLength = network.Info.InputLength, outputLength = network.Info.OutputLength;

        // Small batches last as well: then the working memory holds a larger batch's remains.
        foreach (int size in (int[])[130, 2, 3, 5, 15, 16, 17, 31, 32, 33, 63, 64, 65, 96, 7])
        {
            Samples.Randomize(network, 2);
            DoubleNetwork reference = DoubleNetwork.Of(declaration, network);
            float[] inputs = Samples.Normal(size, size * inputLength), targets = Samples.Targets(network.Info, 4, size);
            Bounded[] exactInputs = DoubleNetwork.Exact(inputs), exactTargets = DoubleNetwork.Exact(targets);
            float[] gradients = new float[network.Parameters.Length], inputGradients = new float[inputs.Length];

            Tolerance.Check($"loss of {size}", network.Gradients(inputs, targets, gradients), reference.Loss(exactInputs, exactTargets));
            Check("gradients", reference.Gradients(exactInputs, exactTargets));
            network.Backward(inputs, targets, inputGradients, gradients);
            DoubleGradients backward = reference.Backward(exactInputs, exactTargets);
            Check("backward", backward);
            Tolerance.Check($"input gradients of {size}", inputGradients, backward.Inputs);

            network.Train(inputs, targets, new SGD(0.5f));
            reference.UpdateState();
            foreach (DoubleParameter state in reference.Parameters.Where(parameter => parameter.Name.Contains("mean") || parameter.Name.Contains("var")))
                Tolerance.Check($"{state.Name} after {size}", network.Extract(state.Name), state.Values);

            void Check(string what, DoubleGradients expected)
            {
                foreach (DoubleParameter parameter in reference.Parameters.Where(parameter => parameter.Trainable))
                {
                    Tolerance.Check(
                        $"{what}: {parameter.Name} of {size}", network.Extract(parameter.Name, gradients),
                        expected.Parameters[parameter.Name]);
                }
            }
        }
    }

    /// <summary>As a module of PyTorch's that is called three times.</summary>
    [Fact]
    public void Shared_averages_move_with_every_use()
    {
        const string layers = "BatchNorm(Name = \"normed1.norm1\"), Tanh";
        TestNetwork network = NetworkCompiler.Compile(
            "[Network(3)] [Use<Normed>(Repeat = 3, Shared = true)] [MeanSquaredError]", types: "[Block] [BatchNorm, Tanh] class Normed;").Create();
        DoubleNetwork reference = DoubleNetwork.Of($"[Network(3)] [{layers}, {layers}, {layers}] [MeanSquaredError]", network);
        float[] inputs = Samples.Normal(1, 40 * 3), targets = Samples.Normal(2, 40 * 3);

        network.Train(inputs, targets, new SGD());
        reference.Loss(DoubleNetwork.Exact(inputs), DoubleNetwork.Exact(targets));
        reference.UpdateState();

        foreach (string name in (string[])["normed1.norm1.mean", "normed1.norm1.variance"])
            Tolerance.Check(name, network.Extract(name), reference.Parameters.Single(parameter => parameter.Name == name).Values);
    }

    /// <summary>Every product that takes a normalisation in: its forms for blocks and single samples, with pools and activations
    /// behind.</summary>
    public static TheoryData<string> Folded =>
    [
        .. BatchNorms,
        "[Network(5)] [Dense(19), BatchNorm, Tanh, Dense(40, Bias = false), BatchNorm, ReLU, Dense(1), BatchNorm] [MeanSquaredError]",
        "[Network(70)] [Dense(33), BatchNorm, ReLU, Dense(3)] [MeanSquaredError]",
        "[Network(3)] [Dense(5000), ReLU, Dense(20), BatchNorm, ReLU, Dense(3)] [MeanSquaredError]",
        "[Network(3)] [Dense(512), BatchNorm, LeakyReLU, Dense(3)] [MeanSquaredError]",
        "[Network(2, 9, 11)] [Conv2D(16, 3), BatchNorm, ReLU, Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(2, 9, 11)] [Conv2D(5, 3, Padding = 1), BatchNorm, GELU, Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(1, 12, 12)] [Conv2D(6, 5, Padding = 2), BatchNorm, ReLU, MaxPool2D(2), Conv2D(16, 3), BatchNorm, MaxPool2D(2), Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(3, 8, 8)] [Conv2D(33, 3, Bias = false), BatchNorm(Bias = false), ReLU, AveragePool2D(2), Conv2D(7, 2, Stride = 2), BatchNorm, Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(4, 7, 7)] [DepthwiseConv2D(3, Padding = 1), BatchNorm, ReLU, Conv2D(8, 1, Groups = 2), BatchNorm, ReLU6, Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(4, 5, 5)] [ConvTranspose2D(6, 3, Stride = 2), BatchNorm, ReLU, SeparableConv2D(5, 3), BatchNorm, Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(3, 20)] [Conv1D(8, 3), BatchNorm, ReLU, MaxPool1D(2), Conv1D(5, 3), Tanh, BatchNorm, GroupNorm(5), Flatten, Dense(3)] [MeanSquaredError]",
    ];

    [Theory, MemberData(nameof(Folded))]
    public void Predictions_and_evaluation_use_running_averages(string declaration)
    {
        TestNetwork network = NetworkCompiler.Compile(declaration).Create();
        float[] inputs = Samples.Normal(3, 300 * network.Info.InputLength), targets = Samples.Targets(network.Info, 4, 300);
        for (int round = 0; round < 2; round++)
        {
            // What is folded must not be kept: the parameters can change between calls.
            Samples.Randomize(network, round);
            DoubleNetwork reference = DoubleNetwork.Of(declaration, network);
            Bounded[] expected = reference.Predict(DoubleNetwork.Exact(inputs));
            Tolerance.Check("batch", network.Predict(inputs), expected);
            Tolerance.Check("one", network.Predict(inputs.AsSpan(0, network.Info.InputLength)), expected[..network.Info.OutputLength]);
            float[] outputs = new float[targets.Length];
            float loss = network.Trainable.Evaluate(inputs, targets, outputs);
            Tolerance.Check("evaluated", outputs, expected);
            Tolerance.Check("loss", loss, reference.EvaluationLoss(DoubleNetwork.Exact(inputs), DoubleNetwork.Exact(targets)));
        }
    }

    [Fact]
    public void Only_a_training_step_moves_the_averages()
    {
        TestNetwork network = NetworkCompiler.Compile("[Network(3)] [BatchNorm(Momentum = 0.25f), Dense(2)] [MeanSquaredError]").Create();
        float[] inputs = [1, 10, -4, 3, 20, -4, 5, 30, -1], targets = new float[6], gradients = new float[network.Parameters.Length];
        Assert.Equal([0f, 0f, 0f], network.Extract("norm1.mean"));
        Assert.Equal([1f, 1f, 1f], network.Extract("norm1.variance"));
        float[] before = network.Parameters.ToArray();

        network.Gradients(inputs, targets, gradients);
        network.Backward(inputs, targets, new float[9], gradients);
        network.Trainable.Evaluate(inputs, targets, new float[6]);
        network.Predict(inputs);
        Assert.Equal(before, network.Parameters.ToArray());

        network.Train(inputs, targets, new SGD(0.1f));

        // Batch means 3, 20 and -3; unbiased variances 4, 100 and 3.
        Assert.Equal([0.75f, 5f, -0.75f], network.Extract("norm1.mean"));
        Assert.Equal([1.75f, 25.75f, 1.5f], network.Extract("norm1.variance"));
    }

    [Theory, InlineData("SGD"), InlineData("Momentum"), InlineData("AdamW")]
    public void Optimizers_move_the_averages_alike(string optimizer)
    {
        CompiledNetwork compiled = NetworkCompiler.Compile(Deep);
        TestNetwork one = compiled.Create(1), other = compiled.Create(1);
        float[] inputs = Samples.Normal(1, 70 * 60), targets = Samples.Targets(one.Info, 2, 70);

        one.Train(inputs, targets, Optimizers.Create(optimizer));
        other.Train(inputs, targets, new Adam());

        foreach (string state in (string[])["norm1.mean", "norm1.variance", "norm2.mean", "norm2.variance"])
        {
            Assert.Equal(other.Extract(state), one.Extract(state));
            Assert.DoesNotContain(one.Extract(state), value => value is 0 or 1);
        }
    }

    [Theory]
    [InlineData(1e4f)]
    [InlineData(-3e5f)]
    public void A_large_mean_costs_no_digits_of_the_variance(float offset)
    {
        // Quarters are exact beside the offset, so the statistics are those of the quarters.
        Random random = new(1);
        float[] small = [.. Enumerable.Range(0, 200 * 3).Select(_ => random.Next(-32, 33) / 4f)];
        float[] inputs = Array.ConvertAll(small, value => value + offset);
        TestNetwork network = NetworkCompiler.Compile("[Network(3)] [BatchNorm(Momentum = 1f), Dense(1)] [MeanSquaredError]").Create();
        network.Train(inputs, new float[200], new SGD());

        for (int c = 0; c < 3; c++)
        {
            double[] channel = [.. small.Where((_, i) => i % 3 == c)];
            double mean = channel.Average(), variance = channel.Sum(value => (value - mean) * (value - mean)) / 199;
            Assert.InRange(network.Extract("norm1.variance")[c], variance * (1 - 2e-6), variance * (1 + 2e-6));
            Assert.InRange(network.Extract("norm1.mean")[c] - offset, mean - Math.Abs(offset * 6e-8), mean + Math.Abs(offset * 6e-8));
        }

        TestNetwork layer = NetworkCompiler.Compile("[Network(200)] [LayerNorm]").Create();
        double[] row = [.. small.Take(200)];
        double center = row.Average(), root = Math.Sqrt(row.Sum(value => (value - center) * (value - center)) / 200 + 1e-5);
        float[] rows = [.. Enumerable.Repeat(inputs.Take(200), 9).SelectMany(one => one)];
        double error = Math.Abs(offset * 6e-8 / root) + 4e-6;
        foreach (float[] y in (float[][])[layer.Predict(rows.AsSpan(0, 200)), .. layer.Predict(rows).Chunk(200)])
        {
            for (int i = 0; i < 200; i++)
                Assert.InRange(y[i], ((row[i] - center) / root) - error, ((row[i] - center) / root) + error);
        }
    }

    [Theory]
    [InlineData("[Network(40)] [LayerNorm]", 1)]
    [InlineData("[Network(40)] [GroupNorm(4)]", 1)]
    [InlineData("[Network(4, 5, 2)] [GroupNorm(2)]", 1)]
    [InlineData("[Network(8, 5)] [RMSNorm]", 0)]
    public void Equal_values_are_normalised_to_a_finite_number(string declaration, int isCentered)
    {
        TestNetwork network = NetworkCompiler.Compile(declaration).Create();
        float[] inputs = new float[10 * 40];
        Array.Fill(inputs, 3f, 0, 200);

        float[] outputs = [.. network.Predict(inputs), .. network.Predict(inputs.AsSpan(0, 40))];

        Assert.All(outputs, y => Assert.InRange(y, -1e-3f, isCentered == 1 ? 1e-3f : 1.001f));
    }

    [Theory]
    [InlineData("[Network(3)] [BatchNorm] [HalfSquaredError]")]
    [InlineData("[Network(3)] [BatchNorm, BatchNorm, Dense(2)] [HalfSquaredError]")]
    [InlineData("[Network(3)] [LayerNorm, BatchNorm, RMSNorm(Epsilon = 0.1f), Dense(2)] [HalfSquaredError]")]
    [InlineData("[Network(5)] [Dense(4), Softmax, BatchNorm, Dense(2)] [HalfSquaredError]")]
    [InlineData("[Network(2, 2, 3, 2)] [BatchNorm, Flatten, Dense(2)] [HalfSquaredError]")]
    [InlineData("[Network(3, 1, 1)] [BatchNorm, Flatten, Dense(2)] [HalfSquaredError]")]
    [InlineData("[Network(1)] [BatchNorm, Dense(2)] [HalfSquaredError]")]
    [InlineData("[Network(4)] [Dense(6), Mark(\"a\"), BatchNorm, ReLU, Dense(6), BatchNorm, Add(\"a\"), ReLU, Dense(2), Softmax] [CrossEntropy]")]
    [InlineData("[Network(4)] [Dense(6), BatchNorm, Mark(\"a\"), Dense(3), Concat(\"a\"), BatchNorm, Dense(2)] [HalfSquaredError]")]
    [InlineData("[Network(4)] [Dense(6), BatchNorm, Mark(\"a\"), Add(\"a\"), LayerNorm, Mark(\"b\"), Multiply(\"b\"), Dense(2)] [HalfSquaredError]")]
    [InlineData("[Network(4)] [Dense(6, Trainable = false), BatchNorm(Trainable = false), ReLU, Dense(2), BatchNorm] [HalfSquaredError]")]
    [InlineData("[Network(4, Trainable = false)] [Dense(6), BatchNorm, ReLU, Dense(2, Trainable = true)] [HalfSquaredError]")]
    public void Normalisations_may_stand_anywhere(string declaration) => Matches(declaration, 9);

    [Fact]
    public void Any_shape_of_an_image_is_normalised_as_the_reference_does() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(12).WithReplay(20240301, 1),
        Prop.ForAll(
            (from channels in Gen.Elements(1, 2, 3, 4, 6, 12, 17)
             from groups in Gen.Elements(Enumerable.Range(1, channels).Where(groups => channels % groups == 0).ToArray())
             from height in Gen.Choose(1, 5)
             from width in Gen.Choose(2, 5)
             from norm in Gen.Elements("BatchNorm", "BatchNorm(Bias = false)", $"GroupNorm({groups})", $"GroupNorm({groups}, Bias = false)")
             from activation in Gen.Elements("", ", ReLU", ", Tanh", ", LeakyReLU")
             from batch in Gen.Choose(2, 70)
             select (Declaration: $"[Network({channels}, {height}, {width})] [{norm}{activation}, Flatten, Dense(3)] [HalfSquaredError]", Batch: batch))
            .ToArbitrary(),
            one => Matches(one.Declaration, one.Batch)));

    [Theory, InlineData("SGD"), InlineData("Momentum"), InlineData("Adam")]
    public void Any_number_of_threads_gives_the_same_bits(string optimizer) =>
        ThreadAgreement.Check(NetworkCompiler.Compile(Deep), optimizer, 256, 33, 2, 100, 128);

    [Fact]
    public void Shared_steps_allocate_nothing()
    {
        TestNetwork network = NetworkCompiler.Compile(Deep).Create(1);
        network.Network.Threads = 3;
        float[] inputs = Samples.Normal(3, 256 * 60), targets = Samples.Targets(network.Info, 4, 256);
        Adam optimizer = new();

        Allocations.AssertNone(() => network.Train(inputs, targets, optimizer));
    }

    [Fact]
    public void A_batch_without_variance_is_refused_and_nothing_changes()
    {
        TestNetwork network = NetworkCompiler.Compile("[Network(3)] [Dense(4), BatchNorm, Dense(2)] [MeanSquaredError]").Create(1);
        float[] before = network.Parameters.ToArray();
        SGD optimizer = new();

        foreach (Action call in (Action[])[
            () => network.Train(new float[3], new float[2], optimizer),
            () => network.Gradients(new float[3], new float[2], new float[before.Length]),
            () => network.Backward(new float[3], new float[2], new float[3])])
        {
            ArgumentException exception = Assert.Throws<ArgumentException>("inputs", call);
            Assert.StartsWith(
                "inputs holds 1 sample; norm1 normalises by the variance of the batch, so at least 2 are needed to train.",
                exception.Message,
                StringComparison.Ordinal);
        }

        Assert.Equal(before, network.Parameters.ToArray());
        Assert.Equal(0, optimizer.Steps);
        network.Train(new float[6], new float[4], optimizer);
        Assert.Equal(1, optimizer.Steps);
    }

    [Fact]
    public void Positions_are_values_enough()
    {
        TestNetwork network = NetworkCompiler.Compile("[Network(3, 2, 2)] [BatchNorm, Flatten, Dense(2)] [MeanSquaredError]").Create(1);
        Assert.Equal(1, network.Info.SmallestBatch);
        Assert.True(float.IsFinite(network.Train(Samples.Normal(1, 12), new float[2], new SGD())));
    }

    [Fact]
    public void Epochs_that_leave_one_sample_are_refused_before_they_start()
    {
        TestNetwork network = NetworkCompiler.Compile("[Network(3)] [Dense(4), BatchNorm, Dense(2)] [MeanSquaredError]").Create(1);
        Assert.Equal(2, network.Info.SmallestBatch);
        float[] before = network.Parameters.ToArray();
        Dataset data = Dataset.FromTargets(Samples.Normal(1, 33 * 3), Samples.Normal(2, 33 * 2), 33);

        ArgumentException exception = Assert.Throws<ArgumentException>(() =>
            Trainer.Train(network.Trainable, data, new TrainingOptions { Epochs = 1, BatchSize = 16, Optimizer = new SGD() }));

        Assert.StartsWith(
            "data holds 33 samples, so that batches of 16 leave 1 for the last one; Net normalises by the variance of each batch, which needs at "
            + "least 2. Choose another BatchSize.", exception.Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "data holds 1 sample; Net normalises by the variance of each batch, which needs at least 2.",
            Assert.Throws<ArgumentException>(() => Trainer.Train(network.Trainable, data.Slice(0, 1), new TrainingOptions())).Message,
            StringComparison.Ordinal);
        Assert.Equal(before, network.Parameters.ToArray());
        Trainer.Train(network.Trainable, data, new TrainingOptions { Epochs = 1, BatchSize = 11, Optimizer = new SGD() });
        Assert.NotEqual(before, network.Parameters.ToArray());
    }

    [Fact]
    public void Weight_decay_leaves_normalisations_alone()
    {
        TestNetwork network = NetworkCompiler.Compile(
            "[Network(3)] [Dense(4), BatchNorm, Dense(4), LayerNorm, GroupNorm(2), RMSNorm, Dense(2)] [MeanSquaredError]").Create(1);
        DecayRecorder recorder = new();

        network.Train(Samples.Normal(1, 30), new float[20], recorder);

        foreach (ParameterInfo parameter in network.Info.Parameters)
        {
            bool? expected = parameter.Name.EndsWith(".mean", StringComparison.Ordinal) || parameter.Name.EndsWith(".variance", StringComparison.Ordinal)
                ? null
                : parameter.Name.StartsWith("dense", StringComparison.Ordinal)
                    && parameter.Name.EndsWith(".weight", StringComparison.Ordinal);
            Assert.Equal(expected, recorder.Decays.TryGetValue(parameter.Offset, out bool decays) ? decays : null);
        }
    }

    [Fact]
    public void States_are_saved_and_loaded_and_listed_as_not_trained()
    {
        CompiledNetwork compiled = NetworkCompiler.Compile(
            "[Network(3)] [Dense(4), BatchNorm, ReLU, Dense(2), BatchNorm(Name = \"last\")] [MeanSquaredError]");
        TestNetwork network = compiled.Create(1), loaded = compiled.Create(2);
        network.Train(Samples.Normal(1, 30), Samples.Normal(2, 20), new SGD());
        Assert.Equal(
            ["norm1.mean", "norm1.variance", "last.mean", "last.variance"],
            network.Info.Parameters.Where(parameter => !parameter.Trainable).Select(parameter => parameter.Name));
        Assert.Equal(16, network.Info.Layers.Single(layer => layer.Name == "norm1").ParameterCount);

        string path = Path.Combine(Path.GetTempPath(), $"norms-{Guid.NewGuid():N}.safetensors");
        try
        {
            network.Save(path);
            loaded.Load(path);
        }
        finally
        {
            File.Delete(path);
        }

        Assert.Equal(network.Parameters.ToArray(), loaded.Parameters.ToArray());
        float[] inputs = Samples.Normal(5, 30);
        Assert.Equal(network.Predict(inputs), loaded.Predict(inputs));
    }

    private static void Matches(string declaration, int batch)
    {
        TestNetwork network = NetworkCompiler.Compile(declaration).Create();
        Samples.Randomize(network, 2);
        DoubleNetwork reference = DoubleNetwork.Of(declaration, network);
        float[] inputs = Samples.Normal(3, batch * network.Info.InputLength), targets = Samples.Targets(network.Info, 4, batch);
        Bounded[] exactInputs = DoubleNetwork.Exact(inputs), exactTargets = DoubleNetwork.Exact(targets);
        float[] gradients = new float[network.Parameters.Length], inputGradients = new float[inputs.Length];

        Tolerance.Check("prediction", network.Predict(inputs), reference.Predict(exactInputs));
        Tolerance.Check("loss", network.Gradients(inputs, targets, gradients), reference.Loss(exactInputs, exactTargets));
        DoubleGradients expected = reference.Gradients(exactInputs, exactTargets);
        foreach (DoubleParameter parameter in reference.Parameters.Where(parameter => parameter.Trainable))
            Tolerance.Check(parameter.Name, network.Extract(parameter.Name, gradients), expected.Parameters[parameter.Name]);
        network.Backward(inputs, targets, inputGradients);
        Tolerance.Check("input gradients", inputGradients, reference.Backward(exactInputs, exactTargets).Inputs);
    }

    /// <summary>Whether decay applies, by the offset of each range.</summary>
    private sealed class DecayRecorder() : Optimizer(0.01f)
    {
        public Dictionary<int, bool> Decays { get; } = [];

        public override void Update(Span<float> parameters, ReadOnlySpan<float> gradients, int offset, bool decay) =>
            Decays[offset] = decay;

        protected override void Initialize(int parameterCount)
        {
        }
    }
}
