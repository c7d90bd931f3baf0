namespace NetGen.Network.Tests;

/// <summary>Saved and loaded, a compiled network and its optimizer go on with the same bits.</summary>
public sealed class ResumeTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("netgen-resume-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    /// <summary>Momentum is applied inside the kernels, the others behind them; the second network is a tiny one.</summary>
    [Theory]
    [InlineData("Momentum", "[Network(30)] [Dense(20), BatchNorm, ReLU, Dense(3)] [MeanSquaredError]")]
    [InlineData("Adam", "[Network(30)] [Dense(20), BatchNorm, ReLU, Dense(3)] [MeanSquaredError]")]
    [InlineData("Momentum", "[Network(2)] [Dense(4), Tanh, Dense(1)] [MeanSquaredError]")]
    [InlineData("NAdam", "[Network(2)] [Dense(4), Tanh, Dense(1)] [MeanSquaredError]")]
    public void Steps_go_on_with_the_same_bits(string optimizer, string declaration)
    {
        CompiledNetwork compiled = NetworkCompiler.Compile(declaration);
        TestNetwork network = compiled.Create(seed: 1), resumed = compiled.Create(seed: 2);
        ElementwiseOptimizer first = Create(optimizer), second = Create(optimizer);
        Train(network, first, steps: 5);

        network.Save(Path.Combine(directory, "network"));
        first.Save(Path.Combine(directory, "optimizer"));
        resumed.Load(Path.Combine(directory, "network"));
        second.Load(Path.Combine(directory, "optimizer"), resumed.Network);
        Train(network, first, steps: 5);
        Train(resumed, second, steps: 5);

        Assert.Equal(Bits.Of(network.Parameters), Bits.Of(resumed.Parameters));
    }

    private static void Train(TestNetwork network, Optimizer optimizer, int steps)
    {
        float[] inputs = Samples.Normal(1, 40 * network.Info.InputLength), targets = Samples.Targets(network.Info, 2, 40);
        for (int i = 0; i < steps; i++)
            network.Train(inputs, targets, optimizer);
    }

    private static ElementwiseOptimizer Create(string optimizer) => (ElementwiseOptimizer)Optimizers.Create(optimizer);
}
