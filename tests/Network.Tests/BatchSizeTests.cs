namespace NetGen.Network.Tests;

/// <summary>Every way in which a batch can fill its blocks of samples and its vectors.</summary>
public class BatchSizeTests
{
    /// <summary>Floats around what a call may write.</summary>
    private const int Guard = 64;

    private const float Sentinel = -12345.678f;

    private static readonly int[] Sizes = [.. Enumerable.Range(1, 70), 95, 96, 97, 127, 128, 129, 130, 200];

    public static TheoryData<string> Declarations =>
    [
        "[Network(5)] [Dense(19), ReLU, Dense(3), Softmax] [CrossEntropy]",
        "[Network(13)] [Dense(24), Tanh, Dense(17), Sigmoid] [BinaryCrossEntropy]",
        "[Network(3, 7)] [Dense(5), Sigmoid, Softmax, Dense(2)] [MeanSquaredError]",
        "[Network(1)] [Dense(1)] [HalfSquaredError]",
        "[Network(2)] [Dense(4), Tanh, Dense(1), Sigmoid] [BinaryCrossEntropy]",
        "[Network(3)] [Dense(5), LeakyReLU(-0.5f), Dense(3, Bias = false)] [MeanSquaredError]",
        "[Network(3, 7)] [Dense(5), PReLU, Flatten, Dense(19), PReLU] [MeanSquaredError]",
        "[Network(2, 3, 4)] [PReLU] [HalfSquaredError]",
        "[Network(2, 21)] [Conv1D(6, 3), PReLU, Maxout(3), Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(2, 3)] [Conv1D(4, 3), Maxout(2), PReLU, Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(5)] [Dense(19), LayerNorm, ReLU, Dense(18), GroupNorm(3), Dense(3)] [MeanSquaredError]",
        "[Network(3, 7)] [LayerNorm(Epsilon = 0.5f), Dense(5), RMSNorm(Epsilon = 0.1f)] [MeanSquaredError]",
        "[Network(4, 3, 2)] [GroupNorm(2), Tanh] [HalfSquaredError]",
        "[Network(59)] [Dense(36), Tanh, Dense(2)] [MeanSquaredError]",
        "[Network(48)] [Dense(35, Bias = false), ReLU] [HalfSquaredError]",
        "[Network(53)] [Dense(20), Sigmoid] [BinaryCrossEntropy]",
        "[Network(4, 6)] [Maxout(3), Dense(38), Maxout(2), LogSoftmax] [HalfSquaredError]",
        "[Network(6, 3, 5)] [Maxout(2), Activation(nameof(Swish), 1f, Learnable = true)] [MeanSquaredError]",
        "[Network(19)] [LogSoftmax, Dense(21), Activation(nameof(Wave), 1f, 1f, Learnable = true)] [MeanSquaredError]",
    ];

    [Theory, MemberData(nameof(Declarations))]
    public void Any_number_of_samples_predicts_what_each_predicts_alone(string declaration)
    {
        TestNetwork network = NetworkCompiler.Compile(declaration, DoubleLearned.Members).Create(seed: 1);
        Samples.Randomize(network, 2);
        int inputLength = network.Info.InputLength, outputLength = network.Info.OutputLength;
        float[] inputs = Samples.Normal(3, Sizes.Max() * inputLength);
        Bounded[] expected = DoubleNetwork.Of(declaration, network).Predict(DoubleNetwork.Exact(inputs));
        for (int sample = 0; sample < Sizes.Max(); sample++)
        {
            float[] alone = network.Predict(inputs.AsSpan(sample * inputLength, inputLength));
            Tolerance.Check($"sample {sample}", alone, expected[(sample * outputLength)..((sample + 1) * outputLength)]);
        }

        foreach (int size in Sizes)
        {
            float[] guarded = Guarded(size * outputLength);
            network.Predict(inputs.AsSpan(0, size * inputLength), guarded.AsSpan(Guard, size * outputLength));
            Tolerance.Check($"{size} samples", guarded.AsSpan(Guard, size * outputLength), expected[..(size * outputLength)]);
            CheckGuards($"Predict of {size}", guarded);
        }
    }

    /// <summary>So many terms are summed in blocks; the last block has one or two.
    /// The outputs that fill no vector are summed in pairs of terms.</summary>
    [Theory]
    [InlineData("[Network(4609)] [Dense(36), Tanh] [HalfSquaredError]")]
    [InlineData("[Network(4610)] [Dense(35, Bias = false)] [HalfSquaredError]")]
    [InlineData("[Network(4611)] [Dense(40), Tanh] [HalfSquaredError]")] // tiles of six samples, so that one of four lies in two panels
    public void Sums_of_thousands_of_terms_are_whole(string declaration)
    {
        TestNetwork network = NetworkCompiler.Compile(declaration).Create(seed: 1);
        int inputLength = network.Info.InputLength, outputLength = network.Info.OutputLength;
        int[] sizes = [8, 9, 13, 31, 32, 34, 40];
        float[] inputs = Samples.Normal(3, sizes.Max() * inputLength);
        Bounded[] expected = DoubleNetwork.Of(declaration, network).Predict(DoubleNetwork.Exact(inputs));
        foreach (int size in sizes)
        {
            float[] outputs = network.Predict(inputs.AsSpan(0, size * inputLength));
            Tolerance.Check($"{size} samples", outputs, expected[..(size * outputLength)]);
        }
    }

    /// <summary>The sums of a large first layer are split in two or four parts, of thousands of terms in blocks within them.</summary>
    [Theory]
    [InlineData("[Network(700)] [Dense(100), ReLU, Dense(3)] [MeanSquaredError]")]
    [InlineData("[Network(701)] [Dense(94, Bias = false), Dense(2)] [HalfSquaredError]")] // an odd term, two outputs that fill no vector
    [InlineData("[Network(1031)] [Dense(67), Tanh] [MeanSquaredError]")]
    [InlineData("[Network(4609)] [Dense(36), LeakyReLU] [HalfSquaredError]")]
    [InlineData("[Network(4611)] [Dense(40, L2 = 0.01f), Sigmoid] [BinaryCrossEntropy]")]
    public void Split_sums_train(string declaration)
    {
        TestNetwork network = NetworkCompiler.Compile(declaration).Create(seed: 1);
        foreach (int size in (int[])[1, 8, 13, 34, 5])
            Comparison.Check(network, declaration, size, seed: size);
    }

    [Theory, MemberData(nameof(Declarations))]
    public void Any_number_of_samples_trains(string declaration)
    {
        TestNetwork network = NetworkCompiler.Compile(declaration, DoubleLearned.Members).Create(seed: 1);
        Samples.Randomize(network, 2);
        int inputLength = network.Info.InputLength, outputLength = network.Info.OutputLength, count = network.Parameters.Length;
        float[] inputs = Samples.Normal(3, Sizes.Max() * inputLength), targets = Samples.Targets(network.Info, 4, Sizes.Max());
        float[] start = network.Parameters.ToArray();
        const float rate = 0.25f;
        foreach (int size in Sizes)
        {
            // Small batches last as well: then the working memory holds a larger batch's remains.
            foreach (int n in (int[])[size, Sizes.Max() - size + 1])
            {
                ReadOnlySpan<float> x = inputs.AsSpan(0, n * inputLength), t = targets.AsSpan(0, n * outputLength);
                DoubleNetwork reference = DoubleNetwork.Of(declaration, network);
                DoubleGradients expected = reference.Gradients(DoubleNetwork.Exact(x.ToArray()), DoubleNetwork.Exact(t.ToArray()));
                Bounded expectedLoss = reference.Loss(DoubleNetwork.Exact(x.ToArray()), DoubleNetwork.Exact(t.ToArray()));

                float[] gradients = Guarded(count), outputs = Guarded(n * outputLength), inputGradients = Guarded(n * inputLength);
                float loss = network.Gradients(x, t, gradients.AsSpan(Guard, count));
                Tolerance.Check($"loss of {n}", loss, expectedLoss);
                foreach (DoubleParameter parameter in reference.Parameters)
                    Tolerance.Check($"{parameter.Name} of {n}", network.Extract(parameter.Name, gradients.AsSpan(Guard, count)),
                        expected.Parameters[parameter.Name]);
                CheckGuards($"Gradients of {n}", gradients);

                Tolerance.Check($"evaluated loss of {n}", network.Trainable.Evaluate(x, t, outputs.AsSpan(Guard, n * outputLength)),
                    expectedLoss);
                CheckGuards($"Evaluate of {n}", outputs);
                network.Backward(x, t, inputGradients.AsSpan(Guard, n * inputLength), gradients.AsSpan(Guard, count));
                CheckGuards($"Backward of {n}, inputs", inputGradients);
                CheckGuards($"Backward of {n}, parameters", gradients);

                network.Gradients(x, t, gradients.AsSpan(Guard, count));
                Assert.Equal(loss, network.Train(x, t, new SGD(rate)));
                for (int i = 0; i < count; i++)
                {
                    // One rounding of the product where the multiply-add is not fused, one of the sum.
                    double stepped = start[i] - ((double)rate * gradients[Guard + i]);
                    Tolerance.Check($"parameter {i} after a step on {n}", network.Parameters[i],
                        new Bounded(stepped, 2 * Bounded.Unit * (Math.Abs(start[i]) + Math.Abs(rate * gradients[Guard + i]))));
                }

                start.CopyTo(network.Parameters);
            }
        }
    }

    [Fact]
    public void No_samples_predict_nothing()
    {
        TestNetwork network = NetworkCompiler.Compile("[Network(5)] [Dense(19), ReLU, Dense(3), Softmax] [CrossEntropy]").Create();
        Assert.Empty(network.Predict([]));
        network.Predict([], []);
    }

    private static float[] Guarded(int length)
    {
        float[] array = new float[length + (2 * Guard)];
        Array.Fill(array, Sentinel);
        return array;
    }

    private static void CheckGuards(string what, float[] guarded)
    {
        Assert.All(guarded[..Guard], value => Assert.True(value == Sentinel, $"{what} wrote in front of its span"));
        Assert.All(guarded[^Guard..], value => Assert.True(value == Sentinel, $"{what} wrote behind its span"));
        Assert.DoesNotContain(Sentinel, guarded[Guard..^Guard]);
    }
}
