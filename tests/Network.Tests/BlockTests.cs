namespace NetGen.Network.Tests;

/// <summary>Blocks: the layers that they stand for, and parameters that several places share.</summary>
public class BlockTests
{
    private const string Blocks = """
        [Block] [Mark("x"), Dense(6), Tanh, Dense(6), Add("x"), ReLU] class Residual;
        [Block] [Dense(6, Name = "wide"), Use<Residual>(Repeat = 2), Use<Residual>(Name = "last")] class Stage;
        [Block] [Dense(6), Sigmoid] class Hidden;
        [Block] [Use<Hidden>, Use<Hidden>(Shared = true), Dense(6)] class Twice;
        [Block] [Dense(6, L1 = 0.01f, L2 = 0.1f), Tanh] class Penalized;
        [Block] [Dense(6), BatchNorm, Tanh, LayerNorm] class Normed;
        [Block] [PReLU, Dense(6, Bias = false)] class Slope;
        [Block] [Activation(nameof(Wave), 1f, 0.5f, Learnable = true)] class Waves
        {
            static float Wave(float x, float height, float rate) => height * MathF.Tanh(rate * x);
        }
        """;

    private const string Penalized = "Dense(6, Name = \"penalized1.dense1\", L1 = 0.01f, L2 = 0.1f), Tanh";

    private const string Normed =
        "Dense(6, Name = \"normed1.dense1\"), BatchNorm(Name = \"normed1.norm1\"), Tanh, LayerNorm(Name = \"normed1.norm2\")";

    private const string Tail = "Dense(3, Name = \"head\")] [MeanSquaredError]";

    /// <summary>A declaration with blocks, and the same layer by layer.</summary>
    public static TheoryData<string, string> Pairs => new()
    {
        {
            $"[Network(6)] [Use<Slope>(Repeat = 2), {Tail}",
            $"[Network(6)] [PReLU(Name = \"slope1.prelu1\"), Dense(6, Name = \"slope1.dense1\", Bias = false), "
                + $"PReLU(Name = \"slope2.prelu1\"), Dense(6, Name = \"slope2.dense1\", Bias = false), {Tail}"
        },
        { $"[Network(6)] [Use<Residual>, {Tail}", $"[Network(6)] [{Residual("residual1", 1)}, {Tail}" },
        {
            $"[Network(6)] [Use<Residual>(Repeat = 3), {Tail}",
            $"[Network(6)] [{Residual("residual1", 1)}, {Residual("residual2", 2)}, {Residual("residual3", 3)}, {Tail}"
        },
        {
            $"[Network(6)] [Use<Residual>(Repeat = 2, Name = \"r\"), Use<Residual>, {Tail}",
            $"[Network(6)] [{Residual("r1", 1)}, {Residual("r2", 2)}, {Residual("residual3", 3)}, {Tail}"
        },
        {
            $"[Network(4)] [Use<Stage>, Use<Stage>, {Tail}",
            $"[Network(4)] [Dense(6, Name = \"stage1.wide\"), {Residual("stage1.residual1", 1)}, {Residual("stage1.residual2", 2)}, "
                + $"{Residual("stage1.last", 3)}, Dense(6, Name = \"stage2.wide\"), {Residual("stage2.residual1", 4)}, "
                + $"{Residual("stage2.residual2", 5)}, {Residual("stage2.last", 6)}, {Tail}"
        },
    };

    /// <summary>The same where places share parameters.</summary>
    public static TheoryData<string, string> SharedPairs => new()
    {
        {
            $"[Network(6)] [Use<Hidden>(Repeat = 2, Shared = true), {Tail}",
            $"[Network(6)] [{Hidden("hidden1")}, {Hidden("hidden1")}, {Tail}"
        },
        {
            $"[Network(6)] [Use<Hidden>(Repeat = 5, Shared = true, Name = \"h\"), Use<Hidden>, {Tail}",
            $"[Network(6)] [{Hidden("h")}, {Hidden("h")}, {Hidden("h")}, {Hidden("h")}, {Hidden("h")}, {Hidden("hidden2")}, {Tail}"
        },
        {
            $"[Network(6)] [Use<Hidden>, ReLU, Use<Residual>(Repeat = 2, Shared = true), Use<Hidden>(Shared = true), {Tail}",
            $"[Network(6)] [{Hidden("hidden1")}, ReLU, {Residual("residual1", 1)}, {Residual("residual1", 2)}, {Hidden("hidden1")}, {Tail}"
        },
        {
            $"[Network(6)] [Use<Twice>(Repeat = 2), {Tail}",
            $"[Network(6)] [{Twice("twice1")}, {Twice("twice2")}, {Tail}"
        },
        {
            $"[Network(6)] [Use<Twice>(Repeat = 2, Shared = true), {Tail}",
            $"[Network(6)] [{Twice("twice1")}, {Twice("twice1")}, {Tail}"
        },
        {
            $"[Network(6)] [Use<Penalized>(Repeat = 3, Shared = true), {Tail}",
            $"[Network(6)] [{Penalized}, {Penalized}, {Penalized}, {Tail}"
        },
        {
            $"[Network(6)] [Use<Normed>(Repeat = 3, Shared = true), {Tail}",
            $"[Network(6)] [{Normed}, {Normed}, {Normed}, {Tail}"
        },
        {
            // The rows of a sequence share parameters with each other, and two places with each other.
            $"[Network(3, 6)] [Use<Hidden>(Repeat = 2, Shared = true), Flatten, {Tail}",
            $"[Network(3, 6)] [{Hidden("hidden1")}, {Hidden("hidden1")}, Flatten, {Tail}"
        },
        {
            $"[Network(6, Trainable = false)] [Use<Hidden>(Repeat = 2, Shared = true), Dense(3, Trainable = true, Name = \"head\")] [MeanSquaredError]",
            $"[Network(6, Trainable = false)] [{Hidden("hidden1")}, {Hidden("hidden1")}, Dense(3, Trainable = true, Name = \"head\")] [MeanSquaredError]"
        },
    };

    public static TheoryData<string> OptimizerNames => Optimizers.Names;

    [Theory, MemberData(nameof(Pairs)), MemberData(nameof(SharedPairs))]
    public void A_block_is_what_it_stands_for(string declaration, string expanded)
    {
        // A batch is normalised from two samples on.
        foreach (int batch in (int[])[declaration.Contains("Normed", StringComparison.Ordinal) ? 2 : 1, 7, 45])
            Comparison.Check(Compile(declaration).Create(), expanded, batch, seed: 3 + batch);
    }

    [Theory, MemberData(nameof(Pairs))]
    public void A_block_gives_the_bits_of_its_layers(string declaration, string expanded)
    {
        TestNetwork blocks = Compile(declaration).Create(seed: 5), layers = NetworkCompiler.Compile(expanded).Create(seed: 5);
        float[] inputs = Samples.Normal(1, 40 * blocks.Info.InputLength), targets = Samples.Targets(blocks.Info, 2, 40);
        Adam first = new(), second = new();
        for (int step = 0; step < 3; step++)
            Assert.Equal(layers.Train(inputs, targets, second), blocks.Train(inputs, targets, first));

        Assert.Equal(
            layers.Info.Parameters.Select(parameter => parameter.Name), blocks.Info.Parameters.Select(parameter => parameter.Name));
        Assert.Equal(Bits.Of(layers.Parameters), Bits.Of(blocks.Parameters));
        Assert.Equal(Bits.Of(layers.Predict(inputs)), Bits.Of(blocks.Predict(inputs)));
    }

    /// <summary>Every optimizer steps by the sum of the gradients, and not before it is known.</summary>
    [Theory, MemberData(nameof(OptimizerNames))]
    public void Shared_parameters_take_one_step_of_the_summed_gradient(string name)
    {
        TestNetwork network = Compile(
            $"[Network(6)] [Use<Hidden>(Repeat = 3, Shared = true), Use<Slope>(Repeat = 2, Shared = true), "
                + $"Use<Waves>(Repeat = 2, Shared = true), {Tail}").Create(seed: 9);
        float[] inputs = Samples.Normal(1, 45 * network.Info.InputLength), targets = Samples.Targets(network.Info, 2, 45);
        Optimizer optimizer = Optimizers.Create(name), twin = Optimizers.Create(name);
        float[] parameters = network.Parameters.ToArray(), gradients = new float[parameters.Length];
        for (int step = 0; step < 3; step++)
        {
            float expected = network.Gradients(inputs, targets, gradients);
            twin.BeginStep(this, parameters.Length);
            foreach (ParameterInfo parameter in network.Info.Parameters)
            {
                int first = parameter.Offset;
                twin.Update(
                    parameters.AsSpan(first, parameter.Length), gradients.AsSpan(first, parameter.Length), first,
                    parameter.Shape.Length > 1);
            }

            Assert.Equal(expected, network.Train(inputs, targets, optimizer));
            for (int i = 0; i < parameters.Length; i++)
                Assert.InRange(network.Parameters[i], parameters[i] - Allowed(parameters[i]), parameters[i] + Allowed(parameters[i]));
            parameters.CopyTo(network.Parameters);
        }

        // The kernels of SGD and Momentum round once where the optimizer rounds twice.
        static float Allowed(float value) => 2e-7f * (1 + Math.Abs(value));
    }

    [Theory, MemberData(nameof(OptimizerNames))]
    public void Shared_parameters_train_to_the_same_bits_on_any_number_of_threads(string name) => ThreadAgreement.Check(
        NetworkCompiler.Compile(
            "[Network(120)] [Use<Wide>(Repeat = 3, Shared = true), Dense(5), Softmax] [CrossEntropy]",
            types: "[Block] [Dense(120), PReLU] class Wide;"),
        name, 256, 256, 256);

    /// <summary>A store of gradients claims the lines of the state beside them:
    /// another worker's state would lose what that one writes.</summary>
    [Fact]
    public void Workers_touch_no_state_but_their_own()
    {
        foreach (string declaration in (string[])[
            $"[Network(6)] [Use<Hidden>(Repeat = 3, Shared = true), Use<Slope>(Repeat = 2, Shared = true), {Tail}",
            "[Network(60, L2 = 0.1f)] [Dense(50), PReLU, Dense(3)] [MeanSquaredError]"])
        {
            string text = Compile(declaration).Text;
            Assert.Contains("default(StoreGradient)", text, StringComparison.Ordinal);
            Assert.DoesNotContain("ref v, default(", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Tiny_networks_sum_shared_gradients_in_registers()
    {
        CompiledNetwork compiled = NetworkCompiler.Compile(
            "[Network(2)] [Use<Small>(Repeat = 3, Shared = true), Dense(1, Name = \"head\")] [MeanSquaredError]",
            types: "[Block] [Dense(2), Tanh] class Small;");
        Assert.Contains("TrainTiny", compiled.Text, StringComparison.Ordinal);

        foreach (int batch in (int[])[1, 6, 33])
        {
            Comparison.Check(
                compiled.Create(),
                "[Network(2)] [Dense(2, Name = \"small1.dense1\"), Tanh, Dense(2, Name = \"small1.dense1\"), Tanh, "
                    + "Dense(2, Name = \"small1.dense1\"), Tanh, Dense(1, Name = \"head\")] [MeanSquaredError]", batch, seed: 4);
        }
    }

    [Fact]
    public void Steps_of_shared_parameters_allocate_nothing()
    {
        TestNetwork network = Compile($"[Network(6)] [Use<Hidden>(Repeat = 2, Shared = true), {Tail}").Create();
        float[] inputs = Samples.Normal(1, 45 * network.Info.InputLength), targets = Samples.Targets(network.Info, 2, 45);
        foreach (Optimizer optimizer in (Optimizer[])[new SGD(), new Adam()])
            Allocations.AssertNone(() => network.Train(inputs, targets, optimizer));
    }

    [Fact]
    public void Info_counts_shared_parameters_once()
    {
        NetworkInfo info = Compile($"[Network(6)] [Use<Hidden>(Repeat = 3, Shared = true), {Tail}").Create().Info;

        Assert.Equal(
            ["hidden1.dense1.weight", "hidden1.dense1.bias", "head.weight", "head.bias"],
            info.Parameters.Select(parameter => parameter.Name));
        Assert.Equal((6 * 6) + 6 + (6 * 3) + 3, info.ParameterCount);
        Assert.Equal([42, 0, 0, 0, 0, 0, 21], info.Layers.Select(layer => layer.ParameterCount));
    }

    [Fact]
    public void Functions_of_two_blocks_may_have_one_name() => Assert.Equal(
        [8f, 2f],
        Predict("[Network(1)] [Use<Double>, Use<Triple>, Mark(\"x\"), Use<Cube>, Concat(\"x\")]", [1f / 3]));

    private static float[] Predict(string declaration, float[] input) => NetworkCompiler.Compile(declaration, types: """
        [Block] [Activation(nameof(F))] class Double { static float F(float x) => 2f * x; }
        [Block] [Activation(nameof(F))] class Triple { static float F(float x) => 3f * x; }
        [Block] [Activation(nameof(F))] class Cube { static float F(float x) => x * x * x; }
        """).Create().Predict(input);

    private static CompiledNetwork Compile(string declaration) => NetworkCompiler.Compile(declaration, types: Blocks);

    private static string Residual(string name, int number) =>
        $"Mark(\"x{number}\"), Dense(6, Name = \"{name}.dense1\"), Tanh, Dense(6, Name = \"{name}.dense2\"), Add(\"x{number}\"), ReLU";

    private static string Hidden(string name) => $"Dense(6, Name = \"{name}.dense1\"), Sigmoid";

    private static string Twice(string name) =>
        $"{Hidden($"{name}.hidden1")}, {Hidden($"{name}.hidden1")}, Dense(6, Name = \"{name}.dense1\")";
}
