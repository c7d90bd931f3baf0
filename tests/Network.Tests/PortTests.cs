namespace NetGen.Network.Tests;

/// <summary>Networks with several inputs, several outputs, and losses on some of them.</summary>
public class PortTests
{
    private const string Two = "[Network] [Input(\"image\", 2, 3, 3), Input(\"meta\", 5)] [Flatten, Dense(7), ReLU, Concat(\"meta\"), Dense(4), Softmax] [CrossEntropy]";

    private const string Heads =
        "[Network(6)] [Dense(9), Tanh, Mark(\"h\"), Dense(4), Softmax, Output(\"kind\"), From(\"h\"), Dense(3), Output(\"place\")] "
        + "[CrossEntropy(Output = \"kind\"), MeanSquaredError(Output = \"place\", Weight = 0.5f)]";

    public static TheoryData<string> Declarations =>
    [
        Two, Heads,
        "[Network] [Input(\"x\", 7)] [Dense(5), Tanh, Concat(\"x\"), Dense(3)] [MeanSquaredError]",
        "[Network(4)] [Input(\"b\", 6)] [Dense(8), ReLU, Mark(\"a\"), From(\"b\"), Dense(8), ReLU, Add(\"a\"), Dense(3)] [MeanSquaredError]",
        "[Network(4)] [Input(\"b\", 4)] [Multiply(\"b\"), Mark(\"p\"), From(\"input\"), Add(\"b\"), Concat(\"p\"), Dense(3)] [HalfSquaredError]",
        "[Network(40)] [Input(\"b\", 3)] [Dense(9), ReLU, Concat(\"b\"), Dense(3)] [MeanSquaredError]", // a wide input that is a part
        "[Network(3, 5)] [Input(\"b\", 3, 2)] [Concat(\"b\"), Dense(4), Tanh, Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(4)] [Input(\"gate\", 4)] [From(\"gate\"), Sigmoid, Multiply(\"input\"), Dense(3)] [MeanSquaredError]",
        "[Network(2)] [Input(\"b\", 2)] [Dense(3), Tanh, Concat(\"b\"), Dense(1)] [MeanSquaredError]", // tiny
        "[Network(5)] [Dense(6), Tanh, Output(\"y\"), Dense(2), Output(\"z\")] [MeanSquaredError(Output = \"y\"), Huber(Output = \"z\", Weight = -2f)]",
        "[Network(5)] [Dense(6), Tanh, Output(\"y\"), Dense(2), Output(\"z\")] [MeanSquaredError(Output = \"z\")]", // y is free
        "[Network(5)] [Dense(3), Tanh, Output(\"y\"), Mark(\"m\"), Add(\"m\"), Output(\"z\"), From(\"y\"), Output(\"w\")] "
            + "[MeanSquaredError(Output = \"w\"), HalfSquaredError(Output = \"z\", Weight = 0.25f), LogCosh(Output = \"y\")]",
        "[Network(5)] [Dense(6), Tanh, Output(\"only\")] [MeanSquaredError(Output = \"only\", Weight = 3f)]",
        "[Network(5)] [Dense(6), Tanh] [MeanSquaredError(Weight = 0.1f)]",
        "[Network(3, 4)] [Dense(2), Output(\"s\"), Flatten, Dense(3), Output(\"v\")] [MeanSquaredError(Output = \"s\"), Huber(Output = \"v\")]",
        "[Network] [Input(\"a\", 3), Input(\"b\", 4)] [Dense(5), Tanh, Output(\"y\"), From(\"b\"), Dense(6), Sigmoid, Output(\"z\")] "
            + "[MeanSquaredError(Output = \"y\"), MeanAbsoluteError(Output = \"z\")]",
    ];

    [Theory, MemberData(nameof(Declarations))]
    public void Everything_matches_the_double_reference(string declaration)
    {
        foreach (int batch in (int[])[1, 7, 45])
            Comparison.Check(declaration, batch, seed: 3 + batch);
    }

    [Theory, MemberData(nameof(Declarations))]
    public void Gradients_match_finite_differences(string declaration) =>
        new FiniteDifferenceTests().Gradients_match_finite_differences(declaration);

    [Theory, MemberData(nameof(Declarations))]
    public void Any_number_of_threads_gives_the_same_bits_and_single_samples_agree(string declaration) =>
        new BranchTests().Single_predictions_match_blocks_and_threads_change_no_bit(declaration);

    private delegate void PredictTwo(ReadOnlySpan<float> image, ReadOnlySpan<float> meta, Span<float> outputs);

    private delegate float TrainTwo(ReadOnlySpan<float> image, ReadOnlySpan<float> meta, ReadOnlySpan<float> targets, Optimizer optimizer);

    private delegate float TrainTwoLabels(
        ReadOnlySpan<float> image, ReadOnlySpan<float> meta, ReadOnlySpan<int> labels, Optimizer optimizer);

    private delegate void PredictHeads(ReadOnlySpan<float> inputs, Span<float> kind, Span<float> place);

    private delegate float TrainHeads(ReadOnlySpan<float> inputs, ReadOnlySpan<float> kind, ReadOnlySpan<float> place, Optimizer optimizer);

    [Theory, InlineData(1), InlineData(9), InlineData(300)]
    public void A_span_for_each_input_gives_the_bits_of_joined_rows(int samples)
    {
        TestNetwork network = NetworkCompiler.Compile(Two).Create(seed: 1), twin = NetworkCompiler.Compile(Two).Create(seed: 1),
            labelled = NetworkCompiler.Compile(Two).Create(seed: 1), labelledTwin = NetworkCompiler.Compile(Two).Create(seed: 1);
        float[] images = Samples.Normal(1, samples * 18), metas = Samples.Normal(2, samples * 5);
        float[] rows = [.. images.Chunk(18).Zip(metas.Chunk(5), (image, meta) => (float[])[.. image, .. meta]).SelectMany(row => row)];
        float[] targets = Samples.Targets(network.Info, 3, samples), outputs = new float[samples * 4];
        int[] labels = Samples.Labels(4, samples, 4);

        Bind<PredictTwo>(network, "Predict")(images, metas, outputs);
        Assert.Equal(Bits.Of(twin.Predict(rows)), Bits.Of(outputs));
        Assert.Equal(twin.Train(rows, targets, new Adam()), Bind<TrainTwo>(network, "Train")(images, metas, targets, new Adam()));
        Assert.Equal(Bits.Of(twin.Parameters), Bits.Of(network.Parameters));
        Assert.Equal(
            labelledTwin.Train(rows, labels, new Adam()), Bind<TrainTwoLabels>(labelled, "Train")(images, metas, labels, new Adam()));
        Assert.Equal(Bits.Of(labelledTwin.Parameters), Bits.Of(labelled.Parameters));
    }

    [Theory, InlineData(1), InlineData(9), InlineData(300)]
    public void A_span_for_each_output_gives_the_bits_of_joined_rows(int samples)
    {
        TestNetwork network = NetworkCompiler.Compile(Heads).Create(seed: 1), twin = NetworkCompiler.Compile(Heads).Create(seed: 1);
        float[] inputs = Samples.Normal(1, samples * 6), kinds = Samples.Normal(2, samples * 4), places = Samples.Normal(3, samples * 3);
        float[] rows = [.. kinds.Chunk(4).Zip(places.Chunk(3), (kind, place) => (float[])[.. kind, .. place]).SelectMany(row => row)];
        float[] kindOutputs = new float[samples * 4], placeOutputs = new float[samples * 3];

        Bind<PredictHeads>(network, "Predict")(inputs, kindOutputs, placeOutputs);
        float[][] expected = [.. twin.Predict(inputs).Chunk(7)];
        Assert.Equal(Bits.Of([.. expected.SelectMany(row => row[..4])]), Bits.Of(kindOutputs));
        Assert.Equal(Bits.Of([.. expected.SelectMany(row => row[4..])]), Bits.Of(placeOutputs));
        Assert.Equal(twin.Train(inputs, rows, new Adam()), Bind<TrainHeads>(network, "Train")(inputs, kinds, places, new Adam()));
        Assert.Equal(Bits.Of(twin.Parameters), Bits.Of(network.Parameters));
    }

    [Fact]
    public void Spans_for_each_port_allocate_nothing()
    {
        TestNetwork two = NetworkCompiler.Compile(Two).Create(), heads = NetworkCompiler.Compile(Heads).Create();
        float[] images = Samples.Normal(1, 45 * 18);
        float[] metas = Samples.Normal(2, 45 * 5);
        float[] outputs = new float[45 * 4];
        float[] places = new float[45 * 3];
        Adam first = new(), second = new();
        var predictTwo = Bind<PredictTwo>(two, "Predict");
        var trainTwo = Bind<TrainTwo>(two, "Train");
        var predictHeads = Bind<PredictHeads>(heads, "Predict");
        var trainHeads = Bind<TrainHeads>(heads, "Train");
        Allocations.AssertNone(Step);

        void Step()
        {
            predictTwo(images, metas, outputs);
            trainTwo(images, metas, outputs, first);
            predictHeads(images.AsSpan(0, 270), outputs, places);
            trainHeads(images.AsSpan(0, 270), outputs, places, second);
        }
    }

    [Fact]
    public void Lengths_that_do_not_fit_are_refused_by_name()
    {
        TestNetwork network = NetworkCompiler.Compile(Two).Create();
        var predict = Bind<PredictTwo>(network, "Predict");

        Assert.Equal("image", Assert.Throws<ArgumentException>(() => predict(new float[17], new float[5], new float[4])).ParamName);
        Assert.Equal("meta", Assert.Throws<ArgumentException>(() => predict(new float[18], new float[4], new float[4])).ParamName);
        Assert.Equal("outputs", Assert.Throws<ArgumentException>(() => predict(new float[18], new float[5], new float[3])).ParamName);
        float[] shared = new float[18];
        Assert.Throws<ArgumentException>(() => predict(shared, new float[5], shared.AsSpan(0, 4)));
    }

    [Fact]
    public void Info_names_inputs_outputs_and_losses()
    {
        NetworkInfo two = NetworkCompiler.Compile(Two).Create().Info, heads = NetworkCompiler.Compile(Heads).Create().Info;

        Assert.Equal(["image [2, 3, 3]", "meta [5]"], two.Inputs.Select(Describe));
        Assert.Equal(23, two.InputLength);
        Assert.Empty(two.Outputs);
        Assert.Equal(["kind [4]", "place [3]"], heads.Outputs.Select(Describe));
        Assert.Equal([7], heads.OutputShape);
        Assert.Equal("CrossEntropy(kind) + 0.5 · MeanSquaredError(place)", heads.Loss);
        Assert.Equal(TargetKind.Values, heads.Targets);
        Assert.Contains("meta", two.ToString(), StringComparison.Ordinal);

        static string Describe(PortInfo port) => $"{port.Name} [{string.Join(", ", port.Shape)}]";
    }

    [Fact]
    public void A_network_without_a_loss_has_ports_too()
    {
        const string Declaration = "[Network(6)] [Dense(4), Output(\"kind\"), Dense(3), Output(\"place\")]";
        TestNetwork network = NetworkCompiler.Compile(Declaration).Create(seed: 2);
        float[] input = Samples.Normal(1, 6), kind = new float[4], place = new float[3];

        Bind<PredictHeads>(network, "Predict")(input, kind, place);

        Tolerance.Check("both", [.. kind, .. place], DoubleNetwork.Of(Declaration, network).Predict(DoubleNetwork.Exact(input)));
    }

    [Fact]
    public void Info_tells_the_memory_of_a_sample()
    {
        NetworkInfo info = NetworkCompiler.Compile(
            "[Network(64)] [Dense(64), Tanh, Mark(\"a\"), Dense(64), Tanh, Concat(\"a\"), Dense(64), Tanh] [MeanSquaredError]").Create().Info;

        // At the widest step of a prediction the two parts and what comes of them are there; in training also the gradient of both.
        Assert.Equal(4 * (128 + 64), info.PredictionBytesPerSample);
        Assert.InRange(info.TrainingBytesPerSample, 4 * (128 + 64), 4 * 1024);
        Assert.Contains("; for one: 768 and ", info.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_with_heads_trains_and_evaluates_on_a_dataset()
    {
        TestNetwork network = NetworkCompiler.Compile(
            "[Network(2)] [Input(\"b\", 1)] [Concat(\"b\"), Dense(16), Tanh, Mark(\"h\"), Dense(1), Output(\"sum\"), From(\"h\"), Dense(1), Output(\"difference\")] "
                + "[MeanSquaredError(Output = \"sum\"), MeanSquaredError(Output = \"difference\")]").Create(seed: 3);
        float[] inputs = Samples.Normal(1, 256 * 3, 0.5);
        float[] targets = [.. inputs.Chunk(3).SelectMany(x => (float[])[x[0] + x[1] + x[2], x[0] - x[2]])];
        Dataset data = Dataset.FromTargets(inputs, targets, 256);

        float before = (float)Trainer.Evaluate(network.Trainable, data).Loss;
        Trainer.Train(network.Trainable, data, new TrainingOptions { Epochs = 30, BatchSize = 16, Optimizer = new Adam(0.01f), Seed = 1 });

        Assert.InRange(Trainer.Evaluate(network.Trainable, data).Loss, 0, before / 50);
    }

    private static TDelegate Bind<TDelegate>(TestNetwork network, string method)
        where TDelegate : Delegate
    {
        Type[] parameters = [.. typeof(TDelegate).GetMethod("Invoke")!.GetParameters().Select(parameter => parameter.ParameterType)];
        return network.Network.GetType().GetMethod(method, parameters)!.CreateDelegate<TDelegate>(network.Network);
    }
}
