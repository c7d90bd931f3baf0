using FsCheck;
using FsCheck.Fluent;

namespace NetGen.Network.Tests;

/// <summary>Pooling, upsampling, padding and reshaping against the reference implementation: blocks of samples and single ones, forward and
/// back.</summary>
public class PoolingTests
{
    private const int Cases = 24;

    private static Gen<string> Pool =>
        from kind in Gen.Elements("MaxPool", "AveragePool")
        from size in Gen.Choose(1, 6)
        from stride in Gen.Choose(0, 4)
        from padding in Gen.Choose(0, size / 2)
        select $"{kind}#D({size}, Stride = {stride}, Padding = {padding})";

    private static Gen<string> Layer => Gen.Frequency(
        (6, Pool), (1, Gen.Choose(1, 5).Select(factor => $"Upsample({factor})")),
        (1, Gen.Choose(0, 3).Four().Select(sides => $"ZeroPad({sides.Item1}, {sides.Item2}, {sides.Item3}, {sides.Item4})")));

    private static Gen<string> Networks =>
        from isImage in Gen.Elements(true, true, false)
        from channels in Gen.Choose(1, 5)
        from height in Gen.Choose(6, 12)
        from width in Gen.Choose(6, 40)
        from before in Gen.Elements("", "", "ReLU, ", "Tanh, ", "LeakyReLU(0.2f), ", "LeakyReLU(-0.2f), ")
        from layer in Layer
        from after in Gen.Elements("", "", ", ReLU", ", GlobalMaxPool", ", GlobalAveragePool")
        from start in Gen.Elements("", $"Dense({width}), ")
        select isImage
            ? $"[Network({channels}, {height}, {width})] [{before}{layer.Replace("#", "2", StringComparison.Ordinal)}{after}, Flatten, Dense(3)] [MeanSquaredError]"
            : $"[Network({channels}, {width})] [{start}{before}{AsSequence(layer)}{after}, Flatten, Dense(3)] [MeanSquaredError]";

    public static TheoryData<string> Declarations =>
    [
        "[Network(2, 6, 8)] [MaxPool2D(2), Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(2, 6, 8)] [ReLU, MaxPool2D(2), Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(1, 28, 28)] [ReLU, MaxPool2D(2), Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(3, 9, 11)] [MaxPool2D(3, Stride = 2, Padding = 1), Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(3, 9, 11)] [ReLU, MaxPool2D(3, Stride = 2, Padding = 1), ReLU, Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(2, 7, 35)] [MaxPool2D(3, Stride = 1), Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(2, 7, 9)] [MaxPool2D(2, Stride = 3), Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(1, 12, 12)] [MaxPool2D(5, Stride = 2), Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(1, 1, 1)] [MaxPool2D(3, Padding = 1), Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(2, 6, 8)] [AveragePool2D(2), Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(2, 6, 8)] [LeakyReLU(0.1f), AveragePool2D(2), Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(2, 7, 9)] [ReLU, AveragePool2D(3, Stride = 2, Padding = 1), Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(2, 10, 39)] [AveragePool2D(4, Stride = 2, Padding = 2), Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(3, 40)] [MaxPool1D(2), Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(3, 40)] [Dense(37), Tanh, AveragePool1D(3, Stride = 1, Padding = 1), Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(3, 9, 11)] [GlobalMaxPool, Dense(3)] [MeanSquaredError]",
        "[Network(3, 9, 11)] [ReLU, GlobalAveragePool, Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(4, 3)] [GlobalAveragePool, Dense(3)] [MeanSquaredError]",
        "[Network(2, 19)] [GlobalMaxPool, Dense(3)] [MeanSquaredError]",
        "[Network(2, 3, 5)] [Upsample(2), Tanh, Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(2, 3, 17)] [Tanh, Upsample(3), Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(2, 9)] [Upsample(7), Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(2, 3, 5)] [ZeroPad(2), Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(2, 3, 21)] [ZeroPad(1, 2, 3, 4), MaxPool2D(2), Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(2, 7)] [ZeroPad(3), AveragePool1D(2), Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(24)] [Dense(24), Tanh, Reshape(2, 3, 4), MaxPool2D(2), Reshape(-1), Dense(3)] [MeanSquaredError]",
    ];

    [Theory, MemberData(nameof(Declarations))]
    public void Values_and_gradients_match_the_double_reference(string declaration)
    {
        foreach (int batch in (int[])[1, 9, 33])
            Comparison.Check(declaration, batch, seed: batch);
    }

    [Fact]
    public void Any_window_matches_the_double_reference() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(Cases).WithReplay(20261121, 1),
        Prop.ForAll(Arb.From(Networks), declaration => Comparison.Check(declaration, batch: 19, seed: 5)));

    [Fact]
    public void The_first_of_equal_maxima_receives_the_gradient()
    {
        TestNetwork network = NetworkCompiler
            .Compile("[Network(1, 2, 4)] [MaxPool2D(2), Flatten, Dense(2, Bias = false)] [MeanSquaredError]").Create();
        network.SetParameter("dense1.weight", [1, 0, 0, 1]);
        float[] inputGradients = new float[16];

        network.Backward([1, 3, 5, 5, 3, 3, 5, 5, 0, 0, -1, -2, 0, 0, -1, -1], [10, 20, 30, 40], inputGradients);

        Assert.Equal([0, 10, 20, 0, 0, 0, 0, 0, 30, 0, 40, 0, 0, 0, 0, 0], inputGradients);
    }

    [Fact]
    public void A_maximum_of_nothing_but_padding_and_negative_values_is_negative()
    {
        TestNetwork network = NetworkCompiler.Compile("[Network(1, 2, 2)] [MaxPool2D(3, Stride = 2, Padding = 1), Flatten]").Create();
        float[] block = [.. Enumerable.Repeat((float[])[-4, -3, -2, -1], 9).SelectMany(sample => sample)];

        Assert.All(network.Predict(block).Concat(network.Predict([-4, -3, -2, -1])), value => Assert.Equal(-1f, value));
    }

    [Fact]
    public void Gradients_have_the_same_bits_for_any_number_of_threads()
    {
        TestNetwork network = NetworkCompiler.Compile(
            "[Network(2, 16, 20)] [ReLU, MaxPool2D(3, Stride = 2), Tanh, AveragePool2D(2), Upsample(2), ZeroPad(1), Flatten, Dense(5)] [MeanSquaredError]")
            .Create(seed: 2);
        const int Batch = 150;
        float[] inputs = Samples.Normal(5, Batch * network.Info.InputLength), outputGradients = Samples.Normal(6, Batch * 5);
        float[][] alone = Backward(1);
        for (int threads = 2; threads <= 4; threads++)
            Assert.Equal(alone, Backward(threads));

        float[][] Backward(int threads)
        {
            network.Network.Threads = threads;
            float[] inputGradients = new float[inputs.Length], gradients = new float[network.Parameters.Length];
            network.Backward(inputs, outputGradients, inputGradients, gradients);
            return [inputGradients, gradients, network.Predict(inputs)];
        }
    }

    [Theory]
    [InlineData("MaxPool2D(2)", 12)]
    [InlineData("MaxPool2D(2)", 1)]
    [InlineData("MaxPool2D(3, Stride = 2, Padding = 1)", 12)]
    [InlineData("GlobalMaxPool", 12)]
    [InlineData("GlobalMaxPool", 1)]
    public void Not_a_number_stays_one(string pool, int samples)
    {
        TestNetwork network = NetworkCompiler.Compile($"[Network(1, 4, 8)] [{pool}, Flatten]").Create();
        float[] inputs = Samples.Normal(3, samples * 32);
        for (int sample = 0; sample < samples; sample++)
            inputs[(sample * 32) + 9] = float.NaN;

        float[] outputs = network.Predict(inputs);

        int length = network.Info.OutputLength;
        for (int sample = 0; sample < samples; sample++)
            Assert.Contains(float.NaN, outputs[(sample * length)..((sample + 1) * length)]);
    }

    private static string AsSequence(string layer) => layer.StartsWith("ZeroPad", StringComparison.Ordinal)
        ? "ZeroPad(0, 0" + layer["ZeroPad(0, 0".Length..]
        : layer.Replace("#", "1", StringComparison.Ordinal);
}
