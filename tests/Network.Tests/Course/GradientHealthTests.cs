namespace NetGen.Network.Tests.Course;

public class GradientHealthTests
{
    private const string Declaration = "[Network(6)] [Dense(20), ReLU, Dense(9), Tanh, Dense(4), Softmax] [CrossEntropy]";

    [Fact]
    public void Norms_are_those_of_the_layers()
    {
        TestNetwork network = NetworkCompiler.Compile(Declaration).Create(1);
        Samples.Randomize(network, 2);

        // Three units that never answer.
        float[] biases = network.Extract("dense1.bias");
        biases[0] = biases[7] = biases[19] = -1000;
        network.SetParameter("dense1.bias", biases);
        float[] inputs = Samples.Normal(3, 40 * 6);
        int[] labels = Samples.Labels(4, 40, 4);

        HealthReport report = GradientHealth.Measure(network.Trainable, Dataset.FromLabels(inputs, labels, ["a", "b", "c", "d"]));

        Assert.Equal(["dense1", "relu1", "dense2", "tanh1", "dense3", "softmax1"], report.Layers.Select(layer => layer.Name));
        double[][] relu = Dense(network, "dense1", Rows(inputs, 6), x => Math.Max(x, 0));
        double[][] tanh = Dense(network, "dense2", relu, Math.Tanh);
        AssertNear(Norm(relu), report.Layers[1].ActivationNorm, 1e-5);
        AssertNear(Norm(tanh), report.Layers[3].ActivationNorm, 1e-5);
        int dead = Enumerable.Range(0, 20).Count(unit => relu.All(sample => sample[unit] == 0));
        Assert.True(dead >= 3);
        Assert.Equal(dead / 20.0, report.Layers[1].DeadUnits);
        Assert.Equal(0, report.Layers[3].DeadUnits);
        AssertNear(Norm(Rows(network.Predict(inputs), 4)), report.Layers[5].ActivationNorm, 1e-6);
        Assert.Null(report.Layers[0].ActivationNorm);

        float[] gradients = new float[network.Parameters.Length];
        float[] targets = [.. labels.SelectMany(label => Enumerable.Range(0, 4).Select(c => c == label ? 1f : 0f))];
        double loss = network.Gradients(inputs, targets, gradients);
        Assert.Equal(loss, report.Loss, 1e-5);
        foreach (string layer in (string[])["dense1", "dense2", "dense3"])
        {
            LayerHealth found = report.Layers.Single(health => health.Name == layer);
            AssertNear(Length(network, layer, gradients), found.GradientNorm, 1e-4);
            AssertNear(Length(network, layer, network.Parameters), found.ParameterNorm, 1e-9);
        }

        Assert.Null(report.Layers[1].GradientNorm);
        Assert.Empty(report.Warnings);
        Assert.Contains("relu1 · activations", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Statistics_of_a_batch_are_taken_of_all_samples_together()
    {
        TestNetwork network = NetworkCompiler.Compile("[Network(3)] [Dense(4), BatchNorm, ReLU, Dense(2), Softmax] [CrossEntropy]")
            .Create(1);
        float[] inputs = Samples.Normal(1, 30), gradients = new float[network.Parameters.Length], parameters = network.Parameters.ToArray();
        int[] labels = Samples.Labels(2, 10, 2);
        float[] targets = [.. labels.SelectMany(label => new[] { 1f - label, label })];

        HealthReport report = GradientHealth.Measure(network.Trainable, Dataset.FromLabels(inputs, labels, ["a", "b"]));

        Assert.Equal(network.Gradients(inputs, targets, gradients), report.Loss, 1e-7);
        foreach (LayerHealth layer in report.Layers.Where(layer => layer.GradientNorm is not null))
            AssertNear(Length(network, layer.Name, gradients), layer.GradientNorm, 1e-6);
        Assert.Equal(
            ["dense1", "norm1", "dense2"], report.Layers.Where(layer => layer.GradientNorm is not null).Select(layer => layer.Name));
        Assert.Equal(parameters, network.Parameters.ToArray());
    }

    [Fact]
    public void Frozen_layers_and_sequences_leave_out_what_cannot_be_known()
    {
        TestNetwork network = NetworkCompiler.Compile(
            "[Network(3, 2)] [Dense(4), ReLU, Dense(4), Tanh, Flatten, Dense(5, Trainable = false), ReLU, Dense(2)] [MeanSquaredError]")
            .Create(1);
        HealthReport report = GradientHealth.Measure(
            network.Trainable, Dataset.FromTargets(Samples.Normal(1, 48), Samples.Normal(2, 16), 8));
        string[] known = [.. report.Layers.Where(layer => layer.ActivationNorm is not null).Select(layer => layer.Name)];
        Assert.Equal(["relu2", "dense4"], known);
        Assert.Null(report.Layers.Single(layer => layer.Name == "dense3").GradientNorm);
        Assert.NotNull(report.Layers.Single(layer => layer.Name == "dense3").ParameterNorm);
    }

    [Fact]
    public void Branches_are_told_apart_and_shared_layers_left_out()
    {
        TestNetwork network = NetworkCompiler.Compile(
            "[Network(3)] [Dense(4), ReLU, Mark(\"a\"), Use<Body>(Repeat = 2, Shared = true), Mark(\"b\"), From(\"a\"), Dense(4), Tanh, Output(\"y\"), "
                + "From(\"b\"), Dense(2), Output(\"z\")] [MeanSquaredError(Output = \"y\"), MeanSquaredError(Output = \"z\")]",
            types: "[Block] [Dense(4), Tanh] class Body;").Create(1);
        float[] inputs = Samples.Normal(1, 24);
        HealthReport report = GradientHealth.Measure(network.Trainable, Dataset.FromTargets(inputs, Samples.Normal(2, 48), 8));

        // Of relu1 the first body would tell, but its gradients are sums over two places; the marked value is told by the branch from it.
        Assert.Equal(
            ["from1", "from2"], report.Layers.Where(layer => layer.ActivationNorm is not null).Select(layer => layer.Name));
        AssertNear(
            Norm(Dense(network, "dense1", Rows(inputs, 3), x => Math.Max(x, 0))),
            report.Layers.Single(layer => layer.Name == "from1").ActivationNorm, 1e-5);
    }

    [Fact]
    public void A_report_is_taken_before_training_and_after_every_epoch()
    {
        TestNetwork network = NetworkCompiler.Compile(Declaration).Create(1);
        Dataset data = Dataset.FromLabels(Samples.Normal(3, 40 * 6), Samples.Labels(4, 40, 4));
        List<string> told = [];
        Recorder next = new();
        GradientHealth health = new(network.Trainable, data.Slice(0, 10)) { OnWarning = told.Add, Next = next };
        float[] start = network.Parameters.ToArray();
        Trainer.Train(network.Trainable, data, new TrainingOptions { Epochs = 3, BatchSize = 16, Progress = health });

        Assert.Equal([0, 1, 2, 3], health.Reports.Select(report => report.Epoch));
        Assert.True(health.Reports[3].Loss < health.Reports[0].Loss);
        Assert.Empty(told);
        Assert.Equal((1, 9, 3, 1), (next.Starts, next.Batches, next.Epochs, next.Ends));

        // It watches and does not touch.
        TestNetwork alone = NetworkCompiler.Compile(Declaration).Create(1);
        Assert.Equal(start, alone.Parameters);
        Trainer.Train(alone.Trainable, data, new TrainingOptions { Epochs = 3, BatchSize = 16 });
        Assert.Equal(alone.Parameters, network.Parameters);
    }

    [Theory, InlineData(float.NaN), InlineData(float.PositiveInfinity)]
    public void A_bad_parameter_is_reported_with_its_layers_name(float bad)
    {
        TestNetwork network = NetworkCompiler.Compile(Declaration).Create(1);
        Dataset data = Dataset.FromLabels(Samples.Normal(3, 40 * 6), Samples.Labels(4, 40, 4));
        int offset = network.Info.Parameters.Single(parameter => parameter.Name == "dense2.weight").Offset;
        List<string> told = [];
        GradientHealth health = new(network.Trainable, data) { OnWarning = told.Add };
        TrainingHistory history = Trainer.Train(network.Trainable, data, new TrainingOptions
        {
            Epochs = 3,
            BatchSize = 10,
            Optimizer = new Spoiler(offset + 5, step: 6, bad),
            Progress = health,
        });

        Assert.Equal(StopReason.Diverged, history.StoppedBecause);
        Assert.Equal(["epoch 2, batch 2: dense2: 1 parameters are NaN or infinite"], told);
        Assert.Equal(told, health.Warnings);
        Assert.Equal([0, 1], health.Reports.Select(report => report.Epoch));
    }

    [Fact]
    public void A_bad_gradient_is_reported_with_its_layers_name()
    {
        TestNetwork network = NetworkCompiler.Compile("[Network(2)] [Dense(3), ReLU, Dense(1)] [MeanSquaredError]").Create(1);
        Samples.Randomize(network, 1);
        network.SetParameter("dense2.bias", [3e38f]);
        HealthReport report = GradientHealth.Measure(network.Trainable, Dataset.FromTargets([1, 1], [-3e38f], 1));
        Assert.Contains("dense2: 4 gradients are NaN or infinite", report.Warnings);
        Assert.DoesNotContain(report.Warnings, warning => warning.Contains("parameters", StringComparison.Ordinal));
    }

    [Fact]
    public void Another_network_and_data_that_does_not_fit_are_errors()
    {
        TestNetwork network = NetworkCompiler.Compile(Declaration).Create(1);
        TestNetwork other = NetworkCompiler.Compile("[Network(6)] [Dense(4), Softmax] [CrossEntropy]").Create();
        Dataset data = Dataset.FromLabels(Samples.Normal(3, 40 * 6), Samples.Labels(4, 40, 4));
        Assert.Throws<ArgumentException>(() => Trainer.Train(other.Trainable, data,
            new TrainingOptions { Progress = new GradientHealth(network.Trainable, data) }));
        Assert.Throws<ArgumentException>(() => new GradientHealth(network.Trainable, Dataset.FromLabels([1f, 2], [0, 1])));
    }

    private static double[][] Dense(TestNetwork network, string layer, double[][] inputs, Func<double, double> activation)
    {
        float[] weights = network.Extract($"{layer}.weight"), biases = network.Extract($"{layer}.bias");
        int width = inputs[0].Length;
        return [.. inputs.Select(x => biases.Select((bias, unit) =>
            activation(bias + x.Select((value, i) => value * weights[(unit * width) + i]).Sum())).ToArray())];
    }

    private static double Norm(double[][] samples) => Math.Sqrt(samples.Average(sample => sample.Sum(x => x * x)));

    private static double Length(TestNetwork network, string layer, ReadOnlySpan<float> vector) => Math.Sqrt(
        network.Extract($"{layer}.weight", vector).Concat(network.Extract($"{layer}.bias", vector)).Sum(x => (double)x * x));

    private static double[][] Rows(float[] values, int width) =>
        [.. values.Chunk(width).Select(row => Array.ConvertAll(row, x => (double)x))];

    private static void AssertNear(double expected, double? actual, double relative) =>
        Assert.InRange(actual!.Value, expected * (1 - relative), expected * (1 + relative));

    /// <summary>Stands still, and at one step puts a bad value in one place.</summary>
    private sealed class Spoiler(int place, int step, float value) : Optimizer(0.1f)
    {
        public override void Update(Span<float> parameters, ReadOnlySpan<float> gradients, int offset, bool decay)
        {
            if (Steps == step && place >= offset && place < offset + parameters.Length)
                parameters[place - offset] = value;
        }

        protected override void Initialize(int parameterCount)
        {
        }
    }

    private sealed class Recorder : ITrainingProgress
    {
        public int Starts { get; private set; }

        public int Batches { get; private set; }

        public int Epochs { get; private set; }

        public int Ends { get; private set; }

        public void OnStart(TrainingPlan plan) => Starts++;

        public void OnBatch(in BatchProgress progress) => Batches++;

        public void OnEpoch(EpochResult result) => Epochs++;

        public void OnEnd(TrainingHistory history) => Ends++;
    }
}
