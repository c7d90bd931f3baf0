namespace NetGen.Network.Tests;

/// <summary>Calls that do not fit throw, name the argument and change nothing.</summary>
public class BadInputTests
{
    private const string Classifier = "[Network(4)] [Dense(9), Tanh, Dense(3), Softmax] [CrossEntropy]";
    private const string Regressor = "[Network(4)] [Dense(9), Tanh, Dense(3)] [MeanSquaredError]";
    private const string Tiny = "[Network(4)] [Dense(2), Tanh, Dense(3)] [MeanSquaredError]";

    private static readonly float[] Inputs = Samples.Normal(1, 8), Targets = [1, 0, 0, 0, 0.5f, 0.5f];

    public static TheoryData<string> Declarations => [Classifier, Regressor, Tiny];

    [Theory]
    [InlineData(7, 6, "inputs", "7", "4")]
    [InlineData(0, 6, "inputs", "0", "4")]
    [InlineData(8, 5, "outputs", "5", "6")]
    [InlineData(8, 7, "outputs", "7", "6")]
    [InlineData(8, 0, "outputs", "0", "6")]
    public void Predict_names_what_does_not_fit(int inputs, int outputs, string name, string found, string needed)
    {
        TestNetwork network = NetworkCompiler.Compile(Regressor).Create();
        float[] buffer = new float[outputs];
        if (inputs == 0)
        {
            // No samples are fine, but they have no outputs.
            name = "outputs";
            (found, needed) = ("6", "0");
        }

        ArgumentException problem = Assert.Throws<ArgumentException>(() => network.Predict(new float[inputs], buffer));
        AssertNames(problem, name, found, needed);
        Assert.All(buffer, value => Assert.Equal(0, value));
    }

    [Fact]
    public void Predict_refuses_outputs_over_its_inputs()
    {
        TestNetwork network = NetworkCompiler.Compile(Regressor).Create();
        float[] buffer = Samples.Normal(1, 16), before = [.. buffer];
        ArgumentException problem = Assert.Throws<ArgumentException>(() => network.Predict(buffer.AsSpan(0, 8), buffer.AsSpan(7, 6)));
        Assert.Equal("outputs", problem.ParamName);
        Assert.Equal(before, buffer);
        network.Predict(buffer.AsSpan(0, 8), buffer.AsSpan(8, 6));
    }

    [Theory, MemberData(nameof(Declarations))]
    public void Backward_refuses_gradients_over_its_inputs(string declaration)
    {
        // The gradients of the first layer's weights read the inputs again.
        TestNetwork network = NetworkCompiler.Compile(declaration).Create(1);
        float[] buffer = Samples.Normal(1, 16), before = [.. buffer];
        ArgumentException problem = Assert.Throws<ArgumentException>(() => network.Backward(buffer[..8], Targets, new float[7]));
        Assert.Equal("inputGradients", problem.ParamName);
        problem = Assert.Throws<ArgumentException>(() => network.Backward(buffer.AsSpan(0, 8), Targets, buffer.AsSpan(4, 8)));
        Assert.Equal("inputGradients", problem.ParamName);
        Assert.Contains("overlaps", problem.Message, StringComparison.Ordinal);
        Assert.Equal(before, buffer);
        network.Backward(buffer.AsSpan(0, 8), Targets, buffer.AsSpan(8, 8));
        Assert.NotEqual(before[8..], buffer[8..]);
    }

    [Theory, MemberData(nameof(Declarations))]
    public void A_step_that_fails_changes_nothing(string declaration)
    {
        CompiledNetwork compiled = NetworkCompiler.Compile(declaration);
        TestNetwork network = compiled.Create(1), untouched = compiled.Create(1), stranger = compiled.Create(1);
        Optimizer optimizer = new Adam(), twin = new Adam(), foreign = new Adam();
        stranger.Train(Inputs, Targets, foreign);
        network.Train(Inputs, Targets, optimizer);
        untouched.Train(Inputs, Targets, twin);

        AssertNames(Assert.Throws<ArgumentException>(() => network.Train(Inputs.AsSpan(0, 7), Targets, optimizer)), "inputs", "7", "4");
        AssertNames(Assert.Throws<ArgumentException>(() => network.Train([], Targets, optimizer)), "inputs", "0", "1");
        AssertNames(Assert.Throws<ArgumentException>(() => network.Train(Inputs, Targets.AsSpan(0, 5), optimizer)), "targets", "5", "6");
        AssertNames(Assert.Throws<ArgumentException>(() => network.Train(Inputs, ReadOnlySpan<float>.Empty, optimizer)), "targets", "0",
            "6");
        Assert.Equal("optimizer", Assert.Throws<ArgumentNullException>(() => network.Train(Inputs, Targets, null!)).ParamName);
        Assert.Throws<InvalidOperationException>(() => network.Train(Inputs, Targets, foreign));
        AssertNames(Assert.Throws<ArgumentException>(() => network.Gradients(Inputs, Targets, new float[5])), "gradients", "5");
        AssertNames(Assert.Throws<ArgumentException>(() => network.Gradients([], [], new float[network.Parameters.Length])), "inputs", "0");
        AssertNames(Assert.Throws<ArgumentException>(() => network.Gradients(Inputs, [], new float[network.Parameters.Length])), "targets",
            "0", "6");
        AssertNames(Assert.Throws<ArgumentException>(() => network.Backward(Inputs, Targets.AsSpan(1), new float[8])), "outputGradients",
            "5", "6");
        AssertNames(Assert.Throws<ArgumentException>(() => network.Backward(Inputs, Targets, new float[9])), "inputGradients", "9", "8");
        AssertNames(Assert.Throws<ArgumentException>(() => network.Backward(Inputs, Targets, new float[8], new float[1])), "gradients",
            "1");
        AssertNames(Assert.Throws<ArgumentException>(() => network.Backward([], [], [])), "inputs", "0");
        AssertNames(Assert.Throws<ArgumentException>(() => network.Trainable.Evaluate(Inputs, Targets, new float[5])), "outputs", "5", "6");
        AssertNames(Assert.Throws<ArgumentException>(() => network.Trainable.Evaluate([], ReadOnlySpan<float>.Empty, [])), "inputs", "0");

        AssertLikeTwin(network, optimizer, untouched, twin);
        Assert.Equal(stranger.Parameters.ToArray(), AfterOneStep(compiled));
        Assert.Equal(1, foreign.Steps);
    }

    [Theory]
    [InlineData(3, "labels[1]", "3", "2")]
    [InlineData(-1, "labels[1]", "-1", "2")]
    [InlineData(int.MaxValue, "labels[1]", "2147483647", "2")]
    [InlineData(int.MinValue, "labels[1]", "-2147483648", "2")]
    public void Labels_of_no_class_change_nothing(int label, params string[] words)
    {
        CompiledNetwork compiled = NetworkCompiler.Compile(Classifier);
        TestNetwork network = compiled.Create(1), untouched = compiled.Create(1);
        Optimizer optimizer = new Momentum(), twin = new Momentum();
        AssertNames(Assert.Throws<ArgumentException>(() => network.Train(Inputs, [0, label], optimizer)), "labels", words);
        AssertNames(Assert.Throws<ArgumentException>(() => network.Trainable.Evaluate(Inputs, (int[])[0, label], new float[6])), "labels",
            words);
        AssertNames(Assert.Throws<ArgumentException>(() => network.Train(Inputs, [0], optimizer)), "labels", "1", "2");
        AssertNames(Assert.Throws<ArgumentException>(() => network.Train(Inputs, ReadOnlySpan<int>.Empty, optimizer)), "labels", "0", "2");
        Assert.Equal(0, optimizer.Steps);
        AssertLikeTwin(network, optimizer, untouched, twin);
    }

    [Fact]
    public void A_batch_too_large_for_memory_changes_nothing()
    {
        // 300,000 samples of one float, but some 10,000 floats of activations and gradients each.
        CompiledNetwork compiled = NetworkCompiler.Compile("[Network(1)] [Dense(4000), Tanh, Dense(1)] [MeanSquaredError]");
        TestNetwork network = compiled.Create(1);
        float[] before = network.Parameters.ToArray(), large = new float[300_000];
        Optimizer optimizer = new SGD();
        ArgumentException problem = Assert.Throws<ArgumentException>(() => network.Train(large, large, optimizer));
        Assert.Contains("300000", problem.Message, StringComparison.Ordinal);
        Assert.Equal(before, network.Parameters.ToArray());
        Assert.Equal(0, optimizer.Steps);

        // The optimizer is still free.
        compiled.Create(2).Train([1f], [1f], optimizer);
        Assert.Equal(1, optimizer.Steps);
    }

    [Fact]
    public void A_loss_on_values_takes_no_labels()
    {
        TestNetwork network = NetworkCompiler.Compile(Regressor).Create(1);
        float[] before = network.Parameters.ToArray();
        Optimizer optimizer = new SGD();
        Assert.Throws<NotSupportedException>(() => network.Train(Inputs, [0, 1], optimizer));
        Assert.Throws<NotSupportedException>(() => network.Trainable.Evaluate(Inputs, (int[])[0, 1], new float[6]));
        Assert.Equal(before, network.Parameters.ToArray());
        Assert.Equal(0, optimizer.Steps);
    }

    [Fact]
    public void Unknown_parameters_and_wrong_lengths_are_named()
    {
        TestNetwork network = NetworkCompiler.Compile(Regressor).Create(1);
        float[] before = network.Parameters.ToArray();
        foreach (string name in (string[])["dense3.weight", "dense1", "", "Dense1.weight"])
        {
            Assert.Contains($"'{name}'", Assert.Throws<ArgumentException>(() => network.SetParameter(name, new float[36])).Message,
                StringComparison.Ordinal);
            Assert.Throws<ArgumentException>(() => network.GetParameter(name, new float[36]));
        }

        AssertNames(Assert.Throws<ArgumentException>(() => network.SetParameter("dense1.weight", new float[35])), "values", "35", "36");
        AssertNames(Assert.Throws<ArgumentException>(() => network.GetParameter("dense1.weight", new float[37])), "destination", "37",
            "36");
        Assert.Equal(before, network.Parameters.ToArray());
    }

    [Fact]
    public void A_saved_network_comes_back_bit_by_bit()
    {
        CompiledNetwork compiled = NetworkCompiler.Compile(Classifier);
        TestNetwork network = compiled.Create(1), fresh = compiled.Create(2);
        network.Train(Inputs, Targets, new Adam());
        InTemporaryFile(path =>
        {
            network.Save(path);
            fresh.Load(path);
        });
        Assert.Equal(network.Parameters.ToArray(), fresh.Parameters.ToArray());
        Assert.Equal(network.Predict(Inputs), fresh.Predict(Inputs));
    }

    [Fact]
    public void A_file_of_another_network_changes_nothing()
    {
        TestNetwork other = NetworkCompiler.Compile("[Network(4)] [Dense(8), Tanh, Dense(3, Name = \"last\")] [MeanSquaredError]")
            .Create(1);
        TestNetwork network = NetworkCompiler.Compile(Regressor).Create(1);
        float[] before = network.Parameters.ToArray();
        InTemporaryFile(path =>
        {
            other.Save(path);
            string message = Assert.Throws<InvalidDataException>(() => network.Load(path)).Message;
            foreach (string part in (string[])["missing: dense2.weight [3, 9]", "extra: last.weight", "dense1.weight", "[8, 4]", "[9, 4]"])
                Assert.Contains(part, message, StringComparison.Ordinal);

            File.WriteAllText(path, "no tensors at all");
            Assert.Throws<InvalidDataException>(() => network.Load(path));
        });
        Assert.Throws<FileNotFoundException>(() => network.Load(Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"))));
        Assert.Equal(before, network.Parameters.ToArray());
    }

    private static void AssertNames(ArgumentException problem, string parameter, params string[] words)
    {
        Assert.Equal(parameter, problem.ParamName);
        Assert.All(words, word => Assert.Contains(word, problem.Message, StringComparison.Ordinal));
    }

    /// <summary>Neither the network nor the optimizer shows a trace: both take the same further step as their twins.</summary>
    private static void AssertLikeTwin(TestNetwork network, Optimizer optimizer, TestNetwork untouched, Optimizer twin)
    {
        Assert.Equal(untouched.Parameters.ToArray(), network.Parameters.ToArray());
        Assert.Equal(untouched.Train(Inputs, Targets, twin), network.Train(Inputs, Targets, optimizer));
        Assert.Equal(untouched.Parameters.ToArray(), network.Parameters.ToArray());
        Assert.Equal(twin.Steps, optimizer.Steps);
    }

    private static float[] AfterOneStep(CompiledNetwork compiled)
    {
        TestNetwork network = compiled.Create(1);
        network.Train(Inputs, Targets, new Adam());
        return network.Parameters.ToArray();
    }

    private static void InTemporaryFile(Action<string> use)
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");
        try
        {
            use(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
