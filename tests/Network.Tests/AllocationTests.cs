namespace NetGen.Network.Tests;

/// <summary>No call allocates once the memory for its batch is there.</summary>
public class AllocationTests
{
    private const int BatchSize = 45;

    public static TheoryData<string> OptimizerNames => Optimizers.Names;

    public static TheoryData<string> Declarations =>
    [
        "[Network(9)] [Dense(21), Sigmoid, Dense(10), Softmax] [CrossEntropy]",
        "[Network(2)] [Dense(4), Tanh, Dense(1), Sigmoid] [BinaryCrossEntropy]",
        "[Network(4)] [Dense(9), BatchNorm, ReLU, Dense(6), LayerNorm, Dense(6), GroupNorm(2), RMSNorm, Dense(2)] [HalfSquaredError]",
        "[Network(4, 3)] [Dense(5), Softmax, Dense(2)] [HalfSquaredError]",
        "[Network(9)] [Dense(22), PReLU, Maxout(2), LogSoftmax, Dense(3)] [HalfSquaredError]",
        "[Network(9)] [Dense(22), Activation(nameof(Wave), 1f, 1f, Learnable = true), Dense(3)] [HalfSquaredError]",
        "[Network(9)] [Dense(21), PReLU, Dense(3)] [HalfSquaredError]",
        """
        [Network(3, 8, 8)] [Conv2D(16, 3, Padding = 1), BatchNorm, ReLU, Mark("a"), Conv2D(16, 3, Padding = 1), BatchNorm, Add("a"), ReLU]
        [MaxPool2D(2), Conv2D(4, 3), ReLU, Upsample(2), ZeroPad(1), AveragePool2D(3, Stride = 2), GlobalMaxPool] [HalfSquaredError]
        """,
        "[Network(2, 9, 8)] [Conv2D(5, 3, Padding = 1), ReLU, SeparableConv2D(4, 3, Stride = 2), ConvTranspose2D(2, 2)] [HalfSquaredError]",
    ];

    [Theory, MemberData(nameof(OptimizerNames))]
    public void Training_allocates_nothing(string name)
    {
        foreach (string declaration in Declarations)
        {
            TestNetwork network = NetworkCompiler.Compile(declaration, DoubleLearned.Members).Create();
            (float[] inputs, float[] targets) = Data(network);
            Optimizer optimizer = Optimizers.Create(name);
            Allocations.AssertNone(() => network.Train(inputs, targets, optimizer));
        }
    }

    [Theory, MemberData(nameof(Declarations))]
    public void Predictions_gradients_and_evaluation_allocate_nothing(string declaration)
    {
        TestNetwork network = NetworkCompiler.Compile(declaration, DoubleLearned.Members).Create();
        (float[] inputs, float[] targets) = Data(network);
        float[] outputs = new float[targets.Length], gradients = new float[network.Parameters.Length],
            inputGradients = new float[inputs.Length];
        int inputLength = network.Info.InputLength, outputLength = network.Info.OutputLength;
        Allocations.AssertNone(() => network.Predict(inputs, outputs));
        Allocations.AssertNone(() => network.Predict(inputs.AsSpan(0, inputLength), outputs.AsSpan(0, outputLength)));
        Allocations.AssertNone(() => network.Gradients(inputs, targets, gradients));
        Allocations.AssertNone(() => network.Trainable.Evaluate(inputs, targets, outputs));
        Allocations.AssertNone(() => network.Backward(inputs, targets, inputGradients, gradients));
    }

    [Fact]
    public void Training_from_labels_allocates_nothing()
    {
        TestNetwork network = NetworkCompiler.Compile("[Network(9)] [Dense(21), Sigmoid, Dense(10), Softmax] [CrossEntropy]").Create();
        float[] inputs = Data(network).Inputs;
        int[] labels = Samples.Labels(1, BatchSize, 10);
        Optimizer optimizer = new Adam();
        Allocations.AssertNone(() => network.Train(inputs, labels, optimizer));
    }

    [Fact]
    public void The_counter_counts()
    {
        float[]? kept = null;
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Allocations.AssertNone(() => kept = new float[1]));
        Assert.NotNull(kept);
    }

    private static (float[] Inputs, float[] Targets) Data(TestNetwork network) =>
        (Samples.Normal(1, BatchSize * network.Info.InputLength), Samples.Targets(network.Info, 2, BatchSize));
}
