namespace NetGen.Network.Tests;

/// <summary>Dropout: which values it drops, that training replays, and that prediction knows nothing of it.</summary>
public class DropoutTests
{
    /// <summary>Large enough that batches of 64 and more are shared between threads.</summary>
    private const string Shared =
        "[Network(300)] [Dropout(0.1f), Dense(200), ReLU, Dropout(0.5f), Dense(50), Tanh, Dropout(0.3f), Dense(7), Softmax] [CrossEntropy]";

    public static TheoryData<string> Declarations =>
    [
        "[Network(9)] [Dense(21), ReLU, Dropout(0.5f), Dense(10), Softmax] [CrossEntropy]",
        "[Network(9)] [Dropout(0.25f), Dense(33), Tanh, Dropout(0.5f), Dense(3), Sigmoid] [BinaryCrossEntropy]",
        "[Network(40)] [Dropout(0.3f), Dense(17, Bias = false), Dropout(0.9f), Dense(3)] [HalfSquaredError]",
        "[Network(2)] [Dense(4), Tanh, Dropout(0.5f), Dense(1)] [MeanSquaredError]",
        "[Network(4, 3)] [Dense(5), Dropout(0.4f), Tanh, Flatten, Dropout(0.01f), Dense(2)] [HalfSquaredError]",
        "[Network(6, 3, 2)] [ChannelDropout(0.5f), Flatten, Dense(4), Dropout(0.2f), Dense(2)] [MeanSquaredError]",
        // Behind an output that no loss judges: only Backward draws.
        "[Network(4)] [Dense(3), Mark(\"h\"), Dropout(0.5f), Output(\"a\"), From(\"h\"), Dense(2), Output(\"b\")] [MeanSquaredError(Output = \"b\")]",
        "[Network(9)] [Dense(40), Mark(\"h\"), Dropout(0.5f), Output(\"a\"), From(\"h\"), Dense(2), Output(\"b\")] [MeanSquaredError(Output = \"b\")]",
    ];

    /// <summary>The vectors that the authors' library, Random123, is tested with.</summary>
    [Theory]
    [InlineData("00000000", "00000000", "9c6ca96a e17eae66 fc10ecd4 5256a7d8")]
    [InlineData("ffffffff", "ffffffff", "2a881696 57012287 f6c7446e a16a6732")]
    public void The_replayed_generator_is_threefry(string counter, string key, string expected)
    {
        uint[] words = Threefry.Run([.. Enumerable.Repeat(Convert.ToUInt32(counter, 16), 4)],
            [.. Enumerable.Repeat(Convert.ToUInt32(key, 16), 4)], 20);

        Assert.Equal(expected, string.Join(' ', words.Select(word => word.ToString("x8"))));
    }

    [Theory, MemberData(nameof(Declarations))]
    public void Training_matches_the_replay(string declaration)
    {
        const ulong seed = 0x1234_5678_9ABC_DEF0;
        TestNetwork network = NetworkCompiler.Compile(declaration).Create(seed);
        Samples.Randomize(network, 1);
        DoubleNetwork reference = DoubleNetwork.Of(declaration, network);
        reference.RandomKey.Seed = seed;
        Optimizer optimizer = new SGD(0.01f);
        float[] gradients = new float[network.Parameters.Length];
        foreach (int samples in (int[])[1, 5, 32, 33, 70])
        {
            float[] inputs = Samples.Normal(samples, samples * network.Info.InputLength);
            float[] targets = Samples.Targets(network.Info, 3, samples);
            Bounded[] x = DoubleNetwork.Exact(inputs), t = DoubleNetwork.Exact(targets);
            reference.CopyParameters(network);
            DoubleGradients expected = reference.Gradients(x, t);
            Bounded loss = reference.Loss(x, t);

            // Neither of these is a step: what follows drops the same.
            Tolerance.Check("loss", network.Gradients(inputs, targets, gradients), loss);
            Check(expected);
            float[] outputGradients = Samples.Normal(9, targets.Length), inputGradients = new float[inputs.Length];
            DoubleGradients backward = reference.Backward(x, DoubleNetwork.Exact(outputGradients));
            network.Backward(inputs, outputGradients, inputGradients, gradients);
            Tolerance.Check("input gradients", inputGradients, backward.Inputs);
            Check(backward);

            Tolerance.Check("loss of the step", network.Train(inputs, targets, optimizer), loss);
            reference.RandomKey.Step++;
        }

        void Check(DoubleGradients expected)
        {
            foreach ((string name, Bounded[] values) in expected.Parameters)
                Tolerance.Check(name, network.Extract(name, gradients), values);
        }
    }

    [Theory, MemberData(nameof(Declarations))]
    public void Prediction_and_evaluation_are_those_of_the_network_without_it(string declaration)
    {
        string plain = System.Text.RegularExpressions.Regex.Replace(declaration, @"(Channel)?Dropout\([^)]*\),? ?", "");
        TestNetwork network = NetworkCompiler.Compile(declaration).Create(5), twin = NetworkCompiler.Compile(plain).Create(5);
        Assert.Equal(Bits.Of(twin.Parameters), Bits.Of(network.Parameters));
        foreach (int samples in (int[])[1, 7, 40, 300])
        {
            float[] inputs = Samples.Normal(samples, samples * network.Info.InputLength);
            float[] targets = Samples.Targets(network.Info, 3, samples);
            float[] outputs = new float[targets.Length], twinOutputs = new float[targets.Length];

            Assert.Equal(Bits.Of(twin.Predict(inputs)), Bits.Of(network.Predict(inputs)));
            Assert.Equal(twin.Trainable.Evaluate(inputs, targets, twinOutputs), network.Trainable.Evaluate(inputs, targets, outputs));
            Assert.Equal(Bits.Of(twinOutputs), Bits.Of(outputs));
        }
    }

    /// <summary>Counts are binomial: 5 standard deviations are exceeded once in a million times,
    /// and the numbers are always the same.</summary>
    [Theory, InlineData(0.5f), InlineData(0.1f), InlineData(0.9f), InlineData(0.001f)]
    public void The_share_that_is_dropped_is_the_rate_and_the_mean_stays(float rate)
    {
        const int features = 501, samples = 75, steps = 8;
        MaskReader reader = new(features, rate, seed: 3);
        long dropped = 0, sameAsNextFeature = 0, sameAsNextSample = 0, sameAsLastStep = 0;
        double sum = 0;
        float[]? last = null;
        for (int step = 0; step < steps; step++)
        {
            float[] mask = reader.Read(samples);
            Assert.All(mask, value => Assert.True(value == 0f || value == 1f / (1f - rate)));
            for (int i = 0; i < mask.Length; i++)
            {
                bool isDropped = mask[i] == 0f;
                dropped += isDropped ? 1 : 0;
                sum += mask[i];
                sameAsNextFeature += i % features < features - 1 && isDropped == (mask[i + 1] == 0f) ? 1 : 0;
                sameAsNextSample += i < mask.Length - features && isDropped == (mask[i + features] == 0f) ? 1 : 0;
                sameAsLastStep += last is not null && isDropped == (last[i] == 0f) ? 1 : 0;
            }

            last = mask;
        }

        const double count = (double)features * samples * steps;
        double agree = ((double)rate * rate) + ((1.0 - rate) * (1.0 - rate));
        AssertBinomial(dropped, count, rate);
        AssertBinomial(sameAsNextFeature, count * (features - 1) / features, agree);
        AssertBinomial(sameAsNextSample, count * (samples - 1) / samples, agree);
        AssertBinomial(sameAsLastStep, count * (steps - 1) / steps, agree);
        Assert.Equal(1, sum / count, 5 * Math.Sqrt(rate / (1 - rate) / count));
    }

    [Fact]
    public void Seeds_steps_and_layers_drop_differently_and_equal_ones_alike()
    {
        int[] first = Bits.Of(new MaskReader(64, 0.5f, seed: 1).Read(40));

        Assert.Equal(first, Bits.Of(new MaskReader(64, 0.5f, seed: 1).Read(40)));
        Assert.NotEqual(first, Bits.Of(new MaskReader(64, 0.5f, seed: 2).Read(40)));
        Assert.NotEqual(first, Bits.Of(new MaskReader(64, 0.5f, seed: 1UL << 32).Read(40)));
        MaskReader reader = new(64, 0.5f, seed: 1);
        reader.Read(40);
        Assert.NotEqual(first, Bits.Of(reader.Read(40)));
        Assert.NotEqual(first, Bits.Of(new MaskReader(64, 0.5f, seed: 1, before: "Dropout(0f), ").Read(40)));
    }

    [Fact]
    public void Channels_drop_as_a_whole()
    {
        const int channels = 10, pixels = 6;
        float[] mask = new MaskReader(channels * pixels, 0.5f, seed: 1, shape: $"{channels}, 3, 2", kind: "ChannelDropout").Read(50);

        Assert.All(mask.Chunk(pixels), channel => Assert.All(channel, value => Assert.Equal(channel[0], value)));
        Assert.Contains(mask, value => value == 0f);
        Assert.Contains(mask, value => value == 2f);
    }

    [Theory, InlineData("SGD"), InlineData("Adam")]
    public void Any_number_of_threads_gives_the_same_bits(string optimizer) =>
        ThreadAgreement.Check(NetworkCompiler.Compile(Shared), optimizer, 200, 200, 200, 200, 200, 200);

    [Fact]
    public void Steps_allocate_nothing()
    {
        TestNetwork network = NetworkCompiler.Compile(Shared).Create();
        float[] inputs = Samples.Normal(1, 64 * 300), targets = Samples.Targets(network.Info, 2, 64);
        Optimizer optimizer = new Adam();
        Allocations.AssertNone(() => network.Train(inputs, targets, optimizer));
    }

    [Theory]
    [InlineData("[Network(7)] [Dense(6), ReLU, Dropout(0f), Dense(3)] [MeanSquaredError]")]
    [InlineData("[Network(7)] [Dense(6), ReLU, Dropout(0.5f), Dense(3)]")]
    [InlineData("[Network(7)] [Dropout(0.5f)]")]
    public void Where_nothing_is_dropped_nothing_is_generated(string declaration)
    {
        CompiledNetwork compiled = NetworkCompiler.Compile(declaration);

        Assert.DoesNotContain("RandomStep", compiled.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Kernels.Dropout", compiled.Text, StringComparison.Ordinal);
        float[] inputs = Samples.Normal(1, 9 * 7);
        if (!declaration.Contains("Dense", StringComparison.Ordinal))
            Assert.Equal(inputs, compiled.Create().Predict(inputs));
    }

    [Fact]
    public void Gradient_checks_agree()
    {
        TestNetwork network = NetworkCompiler
            .Compile("[Network(9)] [Dense(21), Tanh, Dropout(0.5f), Dense(3, L2 = 0.1f)] [MeanSquaredError]").Create(4);

        GradientCheck check = network.Trainable.CheckGradients(Samples.Normal(1, 45), Samples.Normal(2, 15));

        Assert.True(check.Passed, check.ToString());
    }

    private static void AssertBinomial(long found, double count, double probability)
    {
        double deviation = Math.Sqrt(count * probability * (1 - probability));
        Assert.InRange(found, (count * probability) - (5 * deviation), (count * probability) + (5 * deviation));
    }

    /// <summary>Behind a dropout that reads the input stands a sum of everything: the gradient of its input is what each value is
    /// multiplied with.</summary>
    private sealed class MaskReader
    {
        private readonly TestNetwork network;
        private readonly int features;

        public MaskReader(int features, float rate, ulong seed, string? shape = null, string kind = "Dropout", string before = "")
        {
            this.features = features;
            string layers = FormattableString.Invariant($"{before}{kind}({rate:R}f), Flatten, Dense(1, Bias = false)");
            network = NetworkCompiler.Compile($"[Network({shape ?? $"{features}"})] [{layers}] [HalfSquaredError]").Create(seed);
            network.Parameters.Fill(1f);
        }

        /// <summary>The factors of the next step, which is then done.</summary>
        public float[] Read(int samples)
        {
            float[] inputs = new float[samples * features], outputGradients = new float[samples], factors = new float[inputs.Length];
            Array.Fill(outputGradients, 1f);
            network.Backward(inputs, outputGradients, factors);
            network.Train(inputs, outputGradients, new SGD(1e-6f));
            network.Parameters.Fill(1f);
            return factors;
        }
    }
}
