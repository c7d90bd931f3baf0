namespace NetGen.Network.Tests;

/// <summary>Accuracy of the activations over their whole range, and what happens at the ends of float's.</summary>
public class ExtremeValueTests
{
    /// <summary>Floats per sample: odd, so that every kind of vector and its rest occur.</summary>
    private const int Length = 101;

    /// <summary>The activations' promise, in units in the last place.</summary>
    private const double Ulps = 2.5;

    /// <summary>Small and large arguments of both signs: 2 · 10⁵ floats.</summary>
    private static float[] Sweep => [.. Enumerable.Range(0, 1000 * Length).SelectMany(i =>
    {
        float x = i % 2 == 0 ? i * (20f / (1000 * Length)) : MathF.Pow(10, -30 + (31f * i / (1000 * Length)));
        return (float[])[x, -x];
    })];

    [Theory, InlineData("Tanh"), InlineData("Sigmoid")]
    public void Activations_keep_their_promised_accuracy(string activation)
    {
        TestNetwork network = NetworkCompiler.Compile($"[Network({Length})] [{activation}]").Create();
        float[] inputs = Sweep;
        Check(inputs, network.Predict(inputs));
        Check(inputs[..(7 * Length)], [.. inputs[..(7 * Length)].Chunk(Length).SelectMany(sample => network.Predict(sample))]);

        void Check(float[] x, float[] y)
        {
            for (int i = 0; i < x.Length; i++)
            {
                double expected = activation == "Tanh" ? Math.Tanh(x[i]) : 1 / (1 + Math.Exp(-(double)x[i]));
                double unit = Math.Max(MathF.BitIncrement((float)Math.Abs(expected)) - (double)(float)Math.Abs(expected),
                    Bounded.Tiny * Bounded.Unit);
                Assert.True(Math.Abs(y[i] - expected) <= Ulps * unit, $"{activation}({x[i]:R}) is {y[i]:R}, expected {expected:R}");
            }
        }
    }

    [Theory]
    [InlineData("ReLU", 0f, float.PositiveInfinity)]
    [InlineData("LeakyReLU", float.NegativeInfinity, float.PositiveInfinity)]
    [InlineData("PReLU", float.NegativeInfinity, float.PositiveInfinity)]
    [InlineData("Tanh", -1f, 1f)]
    [InlineData("Sigmoid", 0f, 1f)]
    public void Infinities_reach_the_limits_and_NaN_stays(string activation, float lower, float upper)
    {
        TestNetwork network = NetworkCompiler.Compile($"[Network({Length})] [{activation}]").Create();
        foreach (int samples in (int[])[1, 40])
        {
            float[] inputs = new float[samples * Length];
            for (int i = 0; i < inputs.Length; i++)
                inputs[i] = (i % 3) switch { 0 => float.NegativeInfinity, 1 => float.PositiveInfinity, _ => float.NaN };
            float[] outputs = network.Predict(inputs);
            for (int i = 0; i < outputs.Length; i++)
            {
                if (i % 3 == 2)
                    Assert.True(float.IsNaN(outputs[i]), $"{activation}(NaN) is {outputs[i]}");
                else if (float.IsFinite(i % 3 == 0 ? lower : upper))
                    Assert.InRange(outputs[i], (i % 3 == 0 ? lower : upper) - 1.2e-38, (i % 3 == 0 ? lower : upper) + 1.2e-38);
                else
                    Assert.Equal(i % 3 == 0 ? lower : upper, outputs[i]);
            }
        }
    }

    [Fact]
    public void Step_answers_on_both_sides_of_zero()
    {
        float[] x = [0f, -0f, float.Epsilon, -float.Epsilon, 1f, -1f, float.PositiveInfinity, float.NegativeInfinity, float.NaN];
        float[] expected = [1f, 1f, 1f, 0f, 1f, 0f, 1f, 0f, float.NaN];
        TestNetwork network = NetworkCompiler.Compile($"[Network({x.Length})] [Step]").Create();

        Assert.Equal(expected, network.Predict(x));
        Assert.Equal(Enumerable.Repeat(expected, 40).SelectMany(one => one),
            network.Predict([.. Enumerable.Repeat(x, 40).SelectMany(one => one)]));
    }

    /// <summary>Classes that are all but impossible keep their logarithm, which Softmax would have lost.</summary>
    [Fact]
    public void LogSoftmax_does_not_underflow()
    {
        TestNetwork network = NetworkCompiler.Compile("[Network(3)] [LogSoftmax]").Create();
        Assert.Equal([0f, -500f, -3000f], network.Predict([1000f, 500f, -2000f]));
        Assert.Equal(
            [-500f, 0f, -3000f], network.Predict([.. Enumerable.Repeat<float[]>([500f, 1000f, -2000f], 33).SelectMany(one => one)])[^3..]);
    }

    [Fact]
    public void Maxout_keeps_NaN()
    {
        TestNetwork network = NetworkCompiler.Compile("[Network(4)] [Maxout(2)]").Create();
        Assert.Equal([float.NaN, 3f], network.Predict([float.NaN, 1f, 2f, 3f]));
        Assert.Equal(
            [float.NaN, 3f], network.Predict([.. Enumerable.Repeat<float[]>([1f, float.NaN, 3f, 2f], 33).SelectMany(one => one)])[^2..]);
    }

    /// <summary>Where softmax and sigmoid are 0 or 1 to the last bit, the losses that took them in still know the distance.</summary>
    [Theory]
    [InlineData("[Network(4)] [Dense(5), Softmax] [CrossEntropy]")]
    [InlineData("[Network(4)] [Dense(5), Sigmoid] [BinaryCrossEntropy]")]
    [InlineData("[Network(4)] [Dense(5), Softmax] [KLDivergence]")]
    [InlineData("[Network(20)] [Dense(25), Softmax] [KLDivergence]")]
    [InlineData("[Network(4)] [Dense(5)] [LogCosh]")]
    [InlineData("[Network(20)] [Dense(25)] [LogCosh]")]
    [InlineData("[Network(20)] [Dense(25)] [Huber]")]
    [InlineData("[Network(20)] [Dense(25), Softmax] [CrossEntropy]")]
    [InlineData("[Network(20)] [Dense(25), Sigmoid] [BinaryCrossEntropy]")]
    public void Saturated_losses_stay_finite_and_exact(string declaration)
    {
        TestNetwork network = NetworkCompiler.Compile(declaration).Create();
        Samples.Randomize(network, 2);
        DoubleNetwork reference = DoubleNetwork.Of(declaration, network);
        foreach (double scale in (double[])[30, 1e3, 1e4])
        {
            float[] inputs = Samples.Normal(3, 37 * network.Info.InputLength, scale), targets = Samples.Targets(network.Info, 4, 37);
            Bounded[] exactInputs = DoubleNetwork.Exact(inputs), exactTargets = DoubleNetwork.Exact(targets);
            float[] gradients = new float[network.Parameters.Length];
            Tolerance.Check($"loss at {scale}", network.Gradients(inputs, targets, gradients), reference.Loss(exactInputs, exactTargets));
            foreach ((string name, Bounded[] expected) in reference.Gradients(exactInputs, exactTargets).Parameters)
                Tolerance.Check($"{name} at {scale}", network.Extract(name, gradients), expected);
        }
    }

    [Theory]
    [InlineData("[Network(4)] [Dense(5), Softmax] [CrossEntropy]")]
    [InlineData("[Network(4)] [Dense(5), Sigmoid] [BinaryCrossEntropy]")]
    [InlineData("[Network(4)] [Dense(50), ReLU, Dense(5)] [MeanSquaredError]")]
    [InlineData("[Network(4)] [Dense(50), PReLU, Maxout(2), LogSoftmax, Dense(5)] [MeanSquaredError]")]
    [InlineData("[Network(4)] [Dense(5), Softmax] [KLDivergence]")]
    [InlineData("[Network(4)] [Dense(5)] [MeanAbsoluteError]")]
    [InlineData("[Network(4)] [Dense(5)] [Huber]")]
    [InlineData("[Network(4)] [Dense(5)] [LogCosh]")]
    [InlineData("[Network(4)] [Dense(5)] [Hinge]")]
    [InlineData("[Network(4)] [Dense(50), ReLU, Dense(5)] [SquaredHinge]")]
    public void NaN_in_a_batch_shows_in_the_loss_but_not_in_the_next(string declaration)
    {
        TestNetwork network = NetworkCompiler.Compile(declaration).Create(1);
        float[] inputs = Samples.Normal(3, 40 * 4), targets = Samples.Targets(network.Info, 4, 40),
            gradients = new float[network.Parameters.Length];
        float sound = network.Gradients(inputs.AsSpan(0, 4), targets.AsSpan(0, 5), gradients);
        float[] expected = [.. gradients];

        // The poisoned batch is larger: what it leaves in unused lanes must not leak.
        Array.Fill(inputs, float.NaN, 4, inputs.Length - 4);
        Assert.True(float.IsNaN(network.Gradients(inputs, targets, gradients)));
        Assert.Equal(sound, network.Gradients(inputs.AsSpan(0, 4), targets.AsSpan(0, 5), gradients));
        Assert.Equal(expected, gradients);
    }
}
