namespace NetGen.Network.Tests.Course;

public class GradientCheckTests
{
    public static TheoryData<string> Declarations =>
    [
        "[Network(7)] [Dense(6), Tanh, Dense(3)] [MeanSquaredError]",
        "[Network(7)] [Dense(6), ReLU, Dense(5), ReLU, Dense(3)] [HalfSquaredError]",
        "[Network(7)] [Dense(6), LeakyReLU(0.1f), Dense(3), Sigmoid] [BinaryCrossEntropy]",
        "[Network(7)] [Dense(20), ReLU, Dense(3), Softmax] [CrossEntropy]",
        "[Network(3, 5)] [Dense(4), Tanh, Flatten, Dense(3)] [MeanSquaredError]",
        "[Network(60)] [Dense(40), Tanh, Dense(40), ReLU, Dense(10), Softmax] [CrossEntropy]",
    ];

    [Theory, MemberData(nameof(Declarations))]
    public void Generated_gradients_pass(string declaration)
    {
        for (int seed = 1; seed <= 5; seed++)
        {
            TestNetwork network = NetworkCompiler.Compile(declaration).Create();
            Samples.Randomize(network, seed);
            float[] inputs = Samples.Normal(seed + 20, 5 * network.Info.InputLength), targets = Samples.Targets(network.Info, seed + 40, 5);
            GradientCheck check = network.Trainable.CheckGradients(inputs, targets);
            Assert.True(check.Passed, $"seed {seed}: {check}");
            Assert.InRange(check.Undecided, 0, check.Compared / 4);
        }
    }

    /// <summary>The slopes that the check takes for the truth are those of the reference implementation in double precision: its own error
    /// estimate holds.</summary>
    [Theory, MemberData(nameof(Declarations))]
    public void Differences_err_by_no_more_than_estimated(string declaration)
    {
        TestNetwork network = NetworkCompiler.Compile(declaration).Create();
        Samples.Randomize(network, 3);
        float[] inputs = Samples.Normal(23, 5 * network.Info.InputLength), targets = Samples.Targets(network.Info, 43, 5);
        DoubleGradients exact = DoubleNetwork.Of(declaration, network).Gradients(DoubleNetwork.Exact(inputs), DoubleNetwork.Exact(targets));
        GradientDifference worst = network.Trainable.CheckGradients(inputs, targets).Worst!;
        int[] shape = network.Info.Parameters.Single(parameter => parameter.Name == worst.Parameter).Shape;
        int position = worst.Index.Zip(shape).Aggregate(0, (sum, axis) => (sum * axis.Second) + axis.First);
        double expected = exact.Parameters[worst.Parameter][position].Value;
        Assert.InRange(worst.Difference, expected - worst.Tolerance, expected + worst.Tolerance);
        Assert.InRange(worst.Gradient, expected - (1e-4 * Math.Abs(expected)) - 1e-6, expected + (1e-4 * Math.Abs(expected)) + 1e-6);
    }
}
