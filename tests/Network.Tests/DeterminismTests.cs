namespace NetGen.Network.Tests;

/// <summary>Same seed, same bits.</summary>
public class DeterminismTests
{
    private const string Classifier = "[Network(11)] [Dense(37), Tanh, Dense(20), ReLU, Dense(7), Softmax] [CrossEntropy]";
    private const string Tiny = "[Network(2)] [Dense(4), Tanh, Dense(1), Sigmoid] [BinaryCrossEntropy]";

    public static TheoryData<string, string> DeclarationsAndOptimizers
    {
        get
        {
            TheoryData<string, string> data = [];
            foreach (string declaration in (string[])[Classifier, Tiny])
            {
                foreach (string optimizer in Optimizers.Names)
                    data.Add(declaration, optimizer);
            }

            return data;
        }
    }

    [Theory, InlineData(Classifier), InlineData(Tiny)]
    public void Seeds_decide_the_start(string declaration)
    {
        CompiledNetwork compiled = NetworkCompiler.Compile(declaration);
        Assert.Equal(Bits.Of(compiled.Create(5).Parameters), Bits.Of(compiled.Create(5).Parameters));
        Assert.NotEqual(Bits.Of(compiled.Create(5).Parameters), Bits.Of(compiled.Create(6).Parameters));
        Assert.Equal(Bits.Of(compiled.Create().Parameters), Bits.Of(compiled.Create(0).Parameters));
    }

    [Theory, MemberData(nameof(DeclarationsAndOptimizers))]
    public void The_same_training_gives_the_same_bits(string declaration, string optimizer)
    {
        int[] first = Train(seed: 1), second = Train(seed: 1), other = Train(seed: 2);
        Assert.Equal(first, second);
        Assert.NotEqual(first, other);

        int[] Train(ulong seed)
        {
            TestNetwork network = NetworkCompiler.Compile(declaration).Create(seed);
            Optimizer steps = Optimizers.Create(optimizer);
            float[] inputs = Samples.Normal(3, 50 * network.Info.InputLength), targets = Samples.Targets(network.Info, 4, 50);
            foreach (int batch in (int[])[50, 33, 7, 1, 50])
                network.Train(inputs.AsSpan(0, batch * network.Info.InputLength), targets.AsSpan(0, batch * network.Info.OutputLength),
                    steps);
            return Bits.Of(network.Parameters);
        }
    }

    [Fact]
    public void Training_on_a_dataset_is_repeatable()
    {
        Assert.Equal(Train(seed: 1), Train(seed: 1));
        Assert.NotEqual(Train(seed: 1), Train(seed: 2));

        static int[] Train(ulong seed)
        {
            TestNetwork network = NetworkCompiler.Compile(Classifier).Create(9);
            Dataset data = Dataset.FromLabels(Samples.Normal(3, 100 * 11), Samples.Labels(4, 100, 7));
            Trainer.Train(network.Trainable, data, new TrainingOptions { Epochs = 3, BatchSize = 24, Optimizer = new Adam(), Seed = seed });
            return Bits.Of(network.Parameters);
        }
    }

    [Fact]
    public void Labels_train_like_one_hot_targets()
    {
        CompiledNetwork compiled = NetworkCompiler.Compile(Classifier);
        TestNetwork byLabels = compiled.Create(3), byTargets = compiled.Create(3);
        Optimizer first = new Adam(), second = new Adam();
        foreach (int batch in (int[])[40, 1, 33, 64])
        {
            float[] inputs = Samples.Normal(batch, batch * 11), targets = new float[batch * 7], outputs = new float[batch * 7];
            int[] labels = Samples.Labels(batch, batch, 7);
            for (int i = 0; i < batch; i++)
                targets[(i * 7) + labels[i]] = 1;
            Assert.Equal(byTargets.Trainable.Evaluate(inputs, targets, outputs), byLabels.Trainable.Evaluate(inputs, labels, outputs));
            Assert.Equal(byTargets.Train(inputs, targets, first), byLabels.Train(inputs, labels, second));
            Assert.Equal(Bits.Of(byTargets.Parameters), Bits.Of(byLabels.Parameters));
        }
    }

    [Theory, InlineData(Classifier), InlineData(Tiny)]
    public void Gradients_and_evaluation_change_no_parameter(string declaration)
    {
        TestNetwork network = NetworkCompiler.Compile(declaration).Create(4);
        int[] before = Bits.Of(network.Parameters);
        float[] inputs = Samples.Normal(3, 40 * network.Info.InputLength), targets = Samples.Targets(network.Info, 4, 40);
        network.Gradients(inputs, targets, new float[before.Length]);
        network.Trainable.Evaluate(inputs, targets, new float[targets.Length]);
        network.Backward(inputs, targets, new float[inputs.Length], new float[before.Length]);
        network.Predict(inputs);
        Assert.Equal(before, Bits.Of(network.Parameters));
    }

    [Theory, InlineData(Classifier), InlineData(Tiny)]
    public void Threads_that_predict_at_once_get_the_same_bits(string declaration)
    {
        const int threads = 8, rounds = 200;
        TestNetwork network = NetworkCompiler.Compile(declaration).Create(4);
        int inputLength = network.Info.InputLength, outputLength = network.Info.OutputLength;
        float[] inputs = Samples.Normal(3, 150 * inputLength);
        int[] sizes = [150, 1, 7, 33];
        int[][] expected = [.. sizes.Select(size => Bits.Of(network.Predict(inputs.AsSpan(0, size * inputLength))))];
        int different = 0;
        using Barrier start = new(threads);
        Thread[] workers = [.. Enumerable.Range(0, threads).Select(worker => new Thread(() =>
        {
            float[] outputs = new float[150 * outputLength];
            start.SignalAndWait();
            for (int round = 0; round < rounds; round++)
            {
                int choice = (worker + round) % sizes.Length, size = sizes[choice];
                network.Predict(inputs.AsSpan(0, size * inputLength), outputs.AsSpan(0, size * outputLength));
                if (!Bits.Of(outputs.AsSpan(0, size * outputLength)).AsSpan().SequenceEqual(expected[choice]))
                    Interlocked.Increment(ref different);
            }
        }))];
        foreach (Thread worker in workers)
            worker.Start();
        foreach (Thread worker in workers)
            worker.Join();
        Assert.Equal(0, different);
    }
}
