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

    /// <summary>F. Rosenblatt, "The Perceptron", 1958: where the answer is wrong, the sample is added to the weights or taken from them.
    /// That is descent on max(0, -t·x), and the answer itself is a step.</summary>
    [Theory, InlineData("AND", 0, 0, 0, 1), InlineData("OR", 0, 1, 1, 1), InlineData("NAND", 1, 1, 1, 0)]
    public void The_perceptron_rule_finds_the_line(string name, params int[] truth)
    {
        CompiledNetwork learner = NetworkCompiler.Compile(
            "[Network(2)] [Dense(1)] [Loss(nameof(Wrong))]", "static float Wrong(float x, float t) => -t * x >= 0f ? -t * x : 0f;");
        CompiledNetwork perceptron = NetworkCompiler.Compile("[Network(2)] [Dense(1), Step]");
        float[] targets = [.. truth.Select(value => (2f * value) - 1)];
        for (ulong seed = 0; seed < 20; seed++)
        {
            TestNetwork network = learner.Create(seed), answers = perceptron.Create();
            Optimizer optimizer = new SGD(1f);
            for (int step = 0; step < 400; step++)
                network.Train(Inputs.AsSpan(2 * (step % 4), 2), targets.AsSpan(step % 4, 1), optimizer);

            network.Parameters.CopyTo(answers.Parameters);
            float[] expected = [.. truth.Select(value => (float)value)];
            Assert.True(expected.SequenceEqual(answers.Predict(Inputs)), $"{name} with seed {seed}");
        }
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
