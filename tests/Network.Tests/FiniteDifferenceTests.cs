namespace NetGen.Network.Tests;

/// <summary>Generated gradients against central differences of the loss in double precision: every layer with every loss.</summary>
public class FiniteDifferenceTests
{
    private const int BatchSize = 5;

    /// <summary>(f(x + h) − f(x − h)) / 2h errs by h²/6 · f‴ and by 2⁻⁵² · f / h: by less than this for the small smooth
    /// functions here.</summary>
    private const double Step = 1e-5, StepError = 1e-8;

    private static readonly string[] Layers =
    [
        "Dense(6)", "Dense(6, Bias = false)", "Dense(6), ReLU", "Dense(6), LeakyReLU(0.1f)", "Dense(6), LeakyReLU(-0.3f)",
        "Dense(6), LeakyReLU(0f)",
        "Dense(6), Sigmoid", "Dense(6), Tanh", "Dense(6), Softmax", "Tanh, Dense(6)", "Softmax, Flatten",
        "Dense(6), PReLU", "PReLU, Dense(6)", "Dense(6), Maxout(2)", "Dense(6), Maxout(3)", "Dense(6), LogSoftmax",
        "Dense(6), Activation(nameof(Swish), 1f, Learnable = true)", "Activation(nameof(Wave), 1f, 0.5f, Learnable = true), Dense(6)",
    ];

    private static readonly string[] Norms =
    [
        "BatchNorm", "BatchNorm(Bias = false)", "BatchNorm(Epsilon = 0.1f, TrainBias = false)", "BatchNorm(Trainable = false)",
        "LayerNorm", "LayerNorm(Bias = false)", "LayerNorm(Epsilon = 0.1f)", "GroupNorm(1)", "GroupNorm(2)",
        "GroupNorm(3, Trainable = false)",
        "RMSNorm", "RMSNorm(Epsilon = 0.01f)",
    ];

    private static readonly string[] Ends =
    [
        "Dense(3)] [MeanSquaredError]", "Dense(3)] [HalfSquaredError]", "Dense(3), Sigmoid] [BinaryCrossEntropy]",
        "Dense(3), Softmax] [CrossEntropy]", "Dense(3), Softmax] [KLDivergence]", "Dense(3)] [MeanAbsoluteError]", "Dense(3)] [Huber]",
        "Dense(3)] [LogCosh]", "Dense(3)] [Hinge]", "Dense(3)] [SquaredHinge]",
    ];

    public static TheoryData<string> Declarations =>
    [
        .. Layers.SelectMany(layer => Ends.Select(end => $"[Network(7)] [{layer}, {end}")),
        "[Network(7)] [Dense(6), Tanh, Dense(3), Softmax] [MeanSquaredError]",
        "[Network(7)] [Dense(6), ReLU, Dense(3), LeakyReLU(-0.5f)] [HalfSquaredError]",
        "[Network(3, 5)] [Dense(4), Tanh, Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(3, 5)] [Dense(4), Softmax, Dense(2)] [HalfSquaredError]",
        "[Network(3, 5)] [Softmax, Dense(2), Sigmoid] [BinaryCrossEntropy]",
        "[Network(2, 3, 2)] [Flatten, Dense(5), ReLU, Dense(3), Softmax] [CrossEntropy]",
        "[Network(4)] [Dense(4), Tanh, Flatten] [MeanSquaredError]",
        .. Norms.Select(norm => $"[Network(7)] [Dense(6), {norm}, Tanh, Dense(3)] [MeanSquaredError]"),
        .. Norms.Select(norm => $"[Network(6)] [{norm}, ReLU, Dense(3)] [HalfSquaredError]"),
        "[Network(3, 5)] [Dense(4), LayerNorm, Tanh, Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(3, 5)] [RMSNorm, Dense(4), Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(4, 3, 2)] [BatchNorm, Tanh, Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(3, 5)] [Dense(4), BatchNorm, ReLU, Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(5)] [Dense(4), BatchNorm, Tanh, Dense(4), BatchNorm, ReLU, Dense(3)] [MeanSquaredError]",
        "[Network(4, 3, 2)] [GroupNorm(2), Tanh, Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(4, 3, 2)] [GroupNorm(4, Bias = false), Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(4, 3, 2)] [GroupNorm(1), Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(2, 4, 3)] [Conv2D(3, 2, Padding = 1), Tanh, Conv2D(2, 2, Stride = 2)] [MeanSquaredError]",
        "[Network(2, 3, 3)] [SeparableConv2D(3, 2), Tanh, ConvTranspose2D(2, 2, Stride = 2)] [MeanSquaredError]",
        "[Network(2, 5, 6)] [MaxPool2D(3, Stride = 2, Padding = 1), Tanh, Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(8)] [Dense(24), Reshape(2, 3, 4), Upsample(2), Tanh, AveragePool2D(3, Stride = 1, Padding = 1), GlobalMaxPool] [HalfSquaredError]",
        "[Network(2, 7)] [ZeroPad(2), Tanh, AveragePool1D(2), MaxPool1D(2), GlobalAveragePool, Dense(2)] [MeanSquaredError]",
        "[Network(4, 3, 3)] [DepthwiseConv2D(2, Multiplier = 2), Tanh, Conv2D(2, 1, Groups = 2)] [HalfSquaredError]",
        "[Network(2, 7)] [Conv1D(3, 3, Padding = Padding.Same, Dilation = 2), Tanh, Flatten, Dense(2)] [MeanSquaredError]",
        "[Network(2)] [Dense(4), Tanh, Dense(1)] [LogCosh]",
        "[Network(2)] [Dense(4), Tanh, Dense(1)] [Hinge]",
        "[Network(3, 5)] [Dense(2)] [Huber]",
        "[Network(3, 5)] [Dense(4), PReLU, Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(2, 7)] [Conv1D(4, 3), PReLU, Maxout(2), Activation(nameof(Swish), 1f, Learnable = true), Flatten, Dense(2)] [MeanSquaredError]",
        "[Network(3, 2, 5)] [PReLU, Flatten, Dense(4), PReLU, Dense(3)] [HalfSquaredError]",
        "[Network(7)] [Dropout(0.25f), Dense(6), ReLU, Dropout(0.5f), Dense(3)] [MeanSquaredError]",
        "[Network(5, 2, 2)] [ChannelDropout(0.5f), Flatten, Dense(6), Tanh, Dropout(0.3f), Dense(3), Softmax] [CrossEntropy]",
        "[Network(7)] [Dense(6), Tanh, Dense(3), Softmax] [CrossEntropy(LabelSmoothing = 0.2f)]",
        "[Network(7)] [Dense(6), Tanh, Dense(3), Softmax] [CrossEntropy(LabelSmoothing = 0.1f, ClassWeights = new[] { 0.5f, 2f, 1f })]",
        "[Network(7)] [Dense(6), Tanh, Dense(3), Sigmoid] [BinaryCrossEntropy(PositiveWeight = 0.25f)]",
        "[Network(7, L1 = 0.25f)] [Dense(6), Tanh, Dense(3, L1 = 0f, L2 = 0.5f)] [MeanSquaredError]",
        "[Network(7, L2 = 0.125f)] [Dense(19, L1 = 0.5f), Sigmoid, Dense(3), Softmax] [CrossEntropy]",
        "[Network(2)] [Dense(4, L2 = 0.25f), Tanh, Dense(1, L1 = 0.5f)] [LogCosh]",
        "[Network(3, 4)] [Dense(4), Maxout(4), Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(4, 2, 5)] [PReLU, Maxout(2), Activation(nameof(Swish), 1f, Learnable = true), Flatten, Dense(3)] [HalfSquaredError]",
        "[Network(3, 4)] [Activation(nameof(Wave), 1f, 1f, Learnable = true), LogSoftmax, Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(2)] [Dense(6), Maxout(3), Activation(nameof(Wave), 1f, 1f, Learnable = true), Dense(2)] [HalfSquaredError]",
        "[Network(4)] [Dense(6, Trainable = false), Step, Dense(3)] [HalfSquaredError]",
        "[Network(2)] [Dense(4, Trainable = false), Step, Dense(1)] [HalfSquaredError]",
    ];

    [Theory, MemberData(nameof(Declarations))]
    public void Gradients_match_finite_differences(string declaration)
    {
        TestNetwork network = NetworkCompiler.Compile(declaration, DoubleLearned.Members).Create();
        Samples.Randomize(network, seed: 11);
        DoubleNetwork reference = DoubleNetwork.Of(declaration, network);
        float[] inputs = Samples.Normal(12, BatchSize * network.Info.InputLength), targets = Samples.Targets(network.Info, 13, BatchSize);
        Bounded[] exactInputs = DoubleNetwork.Exact(inputs), exactTargets = DoubleNetwork.Exact(targets);
        DoubleGradients bounds = reference.Gradients(exactInputs, exactTargets);

        float[] gradients = new float[network.Parameters.Length];
        network.Gradients(inputs, targets, gradients);
        foreach (DoubleParameter parameter in reference.Parameters.Where(parameter => parameter.Trainable))
        {
            Bounded[] expected = Differences(reference, parameter.Values, exactInputs, exactTargets, bounds.Parameters[parameter.Name]);
            Tolerance.Check(parameter.Name, network.Extract(parameter.Name, gradients), expected);
        }

        Bounded[] outputGradient = reference.OutputGradient(reference.TrainingOutputs(exactInputs), exactTargets);
        float[] outputGradientFloats = Array.ConvertAll(outputGradient, value => (float)value.Value);
        float[] inputGradient = new float[inputs.Length];
        network.Backward(inputs, outputGradientFloats, inputGradient);
        DoubleGradients backward = reference.Backward(exactInputs,
            DoubleNetwork.Rounded(Array.ConvertAll(outputGradient, value => value.Value)));
        Tolerance.Check("inputs", inputGradient, Differences(reference, exactInputs, exactInputs, exactTargets, backward.Inputs));
    }

    /// <summary>Differences of the loss with respect to each of <paramref name="values"/>, with the float error bounds of the
    /// gradient.</summary>
    private static Bounded[] Differences(DoubleNetwork reference, Bounded[] values, Bounded[] inputs, Bounded[] targets, Bounded[] gradient)
    {
        Bounded[] differences = new Bounded[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            Bounded value = values[i];
            values[i] = new Bounded(value.Value + Step);
            double above = reference.Loss(inputs, targets).Value;
            values[i] = new Bounded(value.Value - Step);
            double below = reference.Loss(inputs, targets).Value;
            values[i] = value;
            double difference = (above - below) / (2 * Step);
            Assert.InRange(gradient[i].Value, difference - StepError, difference + StepError);
            differences[i] = new Bounded(difference, gradient[i].Error + StepError);
        }

        return differences;
    }
}
