namespace NetGen.Network.Tests;

/// <summary>What works on all gradients of a generated network: L-BFGS and clipping by norm.</summary>
public class FullBatchTests
{
    private const string Deep = "[Network(100)] [Dense(300), ReLU, Dense(200), Tanh, Dense(10), Softmax] [CrossEntropy]";

    public static TheoryData<string> OptimizerNames => Optimizers.Names;

    [Fact]
    public void LBFGS_solves_xor()
    {
        TestNetwork network = NetworkCompiler.Compile("[Network(2)] [Dense(4), Tanh, Dense(1), Sigmoid] [BinaryCrossEntropy]").Create(3);
        Dataset xor = Dataset.FromTargets([0f, 0, 0, 1, 1, 0, 1, 1], [0f, 1, 1, 0], 4);
        LBFGSResult result = LBFGS.Minimize(network.Trainable, xor);
        Assert.True(result.Loss < 1e-3, result.ToString());
        Assert.Equal(result.Loss, network.Trainable.Evaluate(xor.Inputs, xor.Targets, new float[4]), 1e-6);
        float[] outputs = network.Predict([0, 0, 0, 1, 1, 0, 1, 1]);
        Assert.Equal([0f, 1f, 1f, 0f], outputs.Select(output => MathF.Round(output)));
    }

    [Fact]
    public void LBFGS_learns_from_labels_and_leaves_frozen_layers()
    {
        TestNetwork network = NetworkCompiler.Compile(
            "[Network(4)] [Dense(12, Trainable = false), Tanh, Dense(3), Softmax] [CrossEntropy]").Create(1);
        float[] start = network.Parameters.ToArray(), inputs = Samples.Normal(1, 4 * 60);
        int[] labels = [.. inputs.Chunk(4).Select(x => x[0] > 0.5 ? 2 : x[1] + x[2] > 0 ? 1 : 0)];
        LBFGSResult result = LBFGS.Minimize(network.Trainable, Dataset.FromLabels(inputs, labels), new LBFGSOptions { BatchSize = 7 });
        Assert.True(result.Loss < 0.5 * result.InitialLoss, result.ToString());
        Assert.Equal(network.Extract("dense1.weight", start), network.Extract("dense1.weight"));
        Assert.Equal(network.Extract("dense1.bias", start), network.Extract("dense1.bias"));
        Assert.NotEqual(network.Extract("dense2.weight", start), network.Extract("dense2.weight"));
    }

    [Theory, MemberData(nameof(OptimizerNames))]
    public void Clipping_that_is_never_needed_changes_no_bit(string name)
    {
        const string declaration = "[Network(9)] [Dense(21), Sigmoid, Dense(10, TrainBias = false), Softmax] [CrossEntropy]";
        int[] expected = Train(declaration, name, null, 1);
        Assert.Equal(expected, Train(declaration, name, GradientClipping.ByNorm(1e6f), 1));
        Assert.Equal(expected, Train(declaration, name, GradientClipping.ByValue(1e6f), 1));
    }

    [Theory, InlineData("SGD"), InlineData("AdamW")]
    public void Clipping_gives_the_same_bits_with_any_number_of_threads(string name)
    {
        GradientClipping[] clippings = [GradientClipping.ByNorm(0.01f), GradientClipping.ByValue(1e-4f)];
        foreach (GradientClipping clipping in clippings)
        {
            int[] one = Train(Deep, name, clipping, 1);
            Assert.Equal(one, Train(Deep, name, clipping, 3));
            Assert.NotEqual(one, Train(Deep, name, null, 1));
        }
    }

    [Fact]
    public void A_step_of_clipped_gradients_is_as_long_as_the_limit()
    {
        TestNetwork network = NetworkCompiler.Compile(Deep).Create(1);
        float[] start = network.Parameters.ToArray();
        Trainer.Train(network.Trainable, Data(network, 32), new TrainingOptions
        {
            Epochs = 1,
            BatchSize = 32,
            Optimizer = new SGD(1),
            Clipping = GradientClipping.ByNorm(0.125f),
        });
        double square = 0;
        for (int i = 0; i < start.Length; i++)
            square += Math.Pow((double)network.Parameters[i] - start[i], 2);
        Assert.Equal(0.125, Math.Sqrt(square), 1e-5);
    }

    private static int[] Train(string declaration, string optimizer, GradientClipping? clipping, int threads)
    {
        TestNetwork network = NetworkCompiler.Compile(declaration).Create(1);
        Trainer.Train(network.Trainable, Data(network, 150), new TrainingOptions
        {
            Epochs = 2,
            BatchSize = 64,
            Optimizer = Optimizers.Create(optimizer),
            Clipping = clipping,
            Threads = threads,
        });
        return Array.ConvertAll(network.Parameters.ToArray(), BitConverter.SingleToInt32Bits);
    }

    private static Dataset Data(TestNetwork network, int samples) =>
        Dataset.FromLabels(Samples.Normal(1, samples * network.Info.InputLength), Samples.Labels(2, samples, network.Info.OutputLength));
}
