namespace NetGen.Tests;

/// <summary>Training that goes on after its program has ended.</summary>
public sealed class ResumeTests : IDisposable
{
    private const int Inputs = 40, Epochs = 6;
    private static readonly Dataset Data = RandomData();
    private readonly TemporaryDirectory directory = new();

    public static TheoryData<string> Kinds => OptimizerTests.Kinds;

    private string NetworkPath => directory["net.safetensors"];

    private string OptimizerPath => directory["optimizer.safetensors"];

    public void Dispose() => directory.Dispose();

    [Theory, MemberData(nameof(Kinds))]
    public void Training_goes_on_with_the_same_bits(string kind)
    {
        (float[] expected, TrainingHistory whole) = Train(OptimizerTests.Factories[kind](), new LinearNetwork(Inputs, 1), done: 0);

        LinearNetwork network = new(Inputs, 1);
        ElementwiseOptimizer optimizer = OptimizerTests.Factories[kind]();
        Train(optimizer, network, done: 0, result =>
        {
            if (result.Epoch != 2)
                return;
            Safetensors.Save(NetworkPath, network);
            optimizer.Save(OptimizerPath);
        });
        LinearNetwork resumed = new(Inputs, 1);
        ElementwiseOptimizer fresh = OptimizerTests.Factories[kind]();
        Safetensors.Load(NetworkPath, resumed);
        fresh.Load(OptimizerPath, resumed);
        Assert.Equal(2 * 7, fresh.Steps);
        (float[] found, TrainingHistory rest) = Train(fresh, resumed, done: 2);

        Assert.Equal(expected.Select(BitConverter.SingleToInt32Bits), found.Select(BitConverter.SingleToInt32Bits));
        Assert.Equal(whole.Epochs.Skip(2).Select(epoch => (epoch.Epoch, epoch.TrainingLoss)), rest.Epochs.Select(epoch => (epoch.Epoch, epoch.TrainingLoss)));
        Assert.Equal(optimizer.Steps, fresh.Steps);
    }

    [Fact]
    public void Without_the_optimizer_the_bits_differ()
    {
        (float[] expected, _) = Train(new Adam(), new LinearNetwork(Inputs, 1), done: 0);
        LinearNetwork network = new(Inputs, 1);
        Train(new Adam(), network, done: 0, result =>
        {
            if (result.Epoch == 2)
                Safetensors.Save(NetworkPath, network);
        });
        LinearNetwork resumed = new(Inputs, 1);
        Safetensors.Load(NetworkPath, resumed);
        Assert.NotEqual(expected, Train(new Adam(), resumed, done: 2).Parameters);
    }

    [Fact]
    public void Only_what_fits_is_loaded()
    {
        Adam adam = new();
        Assert.Equal("This Adam has taken no step; there is nothing to save.", Assert.Throws<InvalidOperationException>(() => adam.Save(OptimizerPath)).Message);
        Assert.False(File.Exists(OptimizerPath));
        LinearNetwork network = new(Inputs, 1), other = new(2, 1);
        Train(adam, network, done: 0);
        adam.Save(OptimizerPath);

        Assert.Equal(
            $"'{OptimizerPath}' does not fit this AdamW: it holds Adam.steps I64 [], Adam.state1 F32 [41], Adam.state2 F32 [41]; "
            + "AdamW.steps I64 [], AdamW.state1 F32 [41], AdamW.state2 F32 [41] are needed.",
            Assert.Throws<InvalidDataException>(() => new AdamW().Load(OptimizerPath, network)).Message);
        Assert.EndsWith(
            "Adam.steps I64 [], Adam.state1 F32 [3], Adam.state2 F32 [3] are needed.",
            Assert.Throws<InvalidDataException>(() => new Adam().Load(OptimizerPath, other)).Message);
        Assert.Contains("belongs to another network", Assert.Throws<InvalidOperationException>(() => adam.Load(OptimizerPath, other)).Message);
        Safetensors.Save(NetworkPath, network);
        Assert.Throws<InvalidDataException>(() => new Adam().Load(NetworkPath, network));
        Assert.Throws<FileNotFoundException>(() => new Adam().Load(directory["none"], network));

        byte[] bytes = File.ReadAllBytes(OptimizerPath);
        int steps = 8 + (int)BitConverter.ToInt64(bytes);
        bytes.AsSpan(steps, sizeof(long)).Clear();
        File.WriteAllBytes(OptimizerPath, bytes);
        Adam untouched = new();
        Assert.Contains("0 steps", Assert.Throws<InvalidDataException>(() => untouched.Load(OptimizerPath, network)).Message);
        Assert.Equal(0, untouched.Steps);
        Train(untouched, other, done: 0, data: Data.Count);
    }

    [Fact]
    public void Nothing_is_left_when_all_epochs_are_done()
    {
        LinearNetwork network = new(Inputs, 1);
        (float[] parameters, TrainingHistory history) = Train(new Adam(), network, done: Epochs);
        Assert.Empty(history.Epochs);
        Assert.Equal(StopReason.Completed, history.StoppedBecause);
        Assert.All(parameters, value => Assert.Equal(0, value));
    }

    [Theory, InlineData(-1), InlineData(4)]
    public void Epochs_that_are_done_lie_within_the_total(int done)
    {
        TrainingOptions options = new() { Epochs = 3, EpochsDone = done };
        Assert.Equal(
            $"EpochsDone is {done}; from 0 to 3 are possible, for Epochs is 3.",
            Assert.Throws<ArgumentException>(() => Trainer.Train(new LinearNetwork(Inputs, 1), Data, options)).Message);
    }

    [Fact]
    public void What_early_stopping_restores_counts_from_the_first_training()
    {
        double loss = 1;
        LinearNetwork network = new(Inputs, 1) { FakeEvaluation = () => (float)(loss *= 2) };
        TrainingHistory history = Trainer.Train(network, Data, new TrainingOptions
        {
            Epochs = 20,
            EpochsDone = 10,
            Validation = Data,
            EarlyStopping = new EarlyStopping { Patience = 3 },
        });
        Assert.Equal(StopReason.EarlyStopping, history.StoppedBecause);
        Assert.Equal((11, 11, 4), (history.BestEpoch, history.RestoredEpoch, history.Epochs.Count));

        LinearNetwork diverging = new(Inputs, 1);
        Assert.Equal(10, Trainer.Train(diverging, Data, new TrainingOptions { Epochs = 11, EpochsDone = 10, Optimizer = new SGD(1e30f) }).RestoredEpoch);
        Assert.All(diverging.Parameters.ToArray(), value => Assert.Equal(0, value));
    }

    private static (float[] Parameters, TrainingHistory History) Train(
        ElementwiseOptimizer optimizer, LinearNetwork network, int done, Action<EpochResult>? onEpoch = null, int data = 0)
    {
        Dataset samples = data == 0 ? Data : Dataset.FromTargets(new float[2 * data], new float[data], data);
        TrainingHistory history = Trainer.Train(network, samples, new TrainingOptions
        {
            Epochs = Epochs,
            EpochsDone = done,
            BatchSize = 10,
            Optimizer = optimizer,
            Seed = 5,
            OnEpoch = onEpoch,
            Schedule = new CosineAnnealing(),
            Augmentation = (inputs, random) => inputs[0] += random.NextGaussian(),
        });
        return (network.Parameters.ToArray(), history);
    }

    private static Dataset RandomData()
    {
        const int Count = 65;
        RandomSource random = new(3);
        float[] inputs = new float[Count * Inputs], targets = new float[Count];
        for (int i = 0; i < inputs.Length; i++)
            inputs[i] = random.NextGaussian();
        for (int i = 0; i < Count; i++)
            targets[i] = inputs[i * Inputs] - inputs[(i * Inputs) + 1];
        return Dataset.FromTargets(inputs, targets, Count);
    }
}
