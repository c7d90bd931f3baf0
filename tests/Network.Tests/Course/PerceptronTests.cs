namespace NetGen.Network.Tests.Course;

/// <summary>What one unit can learn, and what takes two layers (M. Minsky and S. Papert, "Perceptrons", 1969).</summary>
public class PerceptronTests
{
    private static readonly float[] Inputs = [0, 0, 0, 1, 1, 0, 1, 1];

    [Theory, InlineData("AND", 0, 0, 0, 1), InlineData("OR", 0, 1, 1, 1), InlineData("NAND", 1, 1, 1, 0)]
    public void One_unit_learns_what_a_line_separates(string name, params int[] truth)
    {
        CompiledNetwork compiled = NetworkCompiler.Compile("[Network(2)] [Dense(1), Sigmoid] [BinaryCrossEntropy]");
        for (ulong seed = 0; seed < 50; seed++)
            Assert.True(Right(compiled, truth, seed, steps: 2000) == 4, $"{name} with seed {seed}");
    }

    [Fact]
    public void One_unit_cannot_learn_xor()
    {
        CompiledNetwork compiled = NetworkCompiler.Compile("[Network(2)] [Dense(1), Sigmoid] [BinaryCrossEntropy]");
        for (ulong seed = 0; seed < 50; seed++)
            Assert.InRange(Right(compiled, [0, 1, 1, 0], seed, steps: 2000), 0, 3);
    }

    [Fact]
    public void Two_layers_learn_xor()
    {
        CompiledNetwork compiled = NetworkCompiler.Compile("[Network(2)] [Dense(8), Tanh, Dense(1), Sigmoid] [BinaryCrossEntropy]");
        for (ulong seed = 0; seed < 50; seed++)
            Assert.True(Right(compiled, [0, 1, 1, 0], seed, steps: 2000) == 4, $"seed {seed}");
    }

    private static int Right(CompiledNetwork compiled, int[] truth, ulong seed, int steps)
    {
        TestNetwork network = compiled.Create(seed);
        float[] targets = [.. truth.Select(value => (float)value)];
        Optimizer optimizer = new Momentum(0.2f);
        for (int step = 0; step < steps; step++)
            network.Train(Inputs, targets, optimizer);
        return network.Predict(Inputs).Zip(truth).Count(pair => pair.First >= 0.5f == (pair.Second == 1));
    }
}
