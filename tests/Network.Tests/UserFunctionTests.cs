namespace NetGen.Network.Tests;

/// <summary>Activations and losses that are methods of the user's.</summary>
public class UserFunctionTests
{
    [Theory]
    [InlineData("SiLU", "Activation(nameof(F))", "private static float F(float x) => x / (1f + MathF.Exp(-x));")]
    [InlineData("SiLU", "Activation(nameof(F))", "static float F(float x) => x * Logistic(x); static float Logistic(float x) => 1f / (MathF.Exp(-x) + 1f);")]
    [InlineData("SiLU", "Activation(nameof(F), 1f)", "static float F(float x, float beta) => x / (1f + MathF.Exp(-beta * x));")]
    [InlineData("LeakyReLU(0.3f)", "Activation(nameof(F), 0.3f)", "static float F(float x, float a) { if (x > 0f) return x; return a * x; }")]
    [InlineData("ReLU", "Activation(nameof(F))", "static float F(float x) => MathF.Max(x, 0f);")]
    [InlineData("PReLU", "Activation(nameof(F), 0.25f, Learnable = true)", "static float F(float x, float a) { if (x > 0f) return x; return a * x; }")]
    [InlineData("Softsign", "Activation(nameof(F))", "static float F(float x) => x / (1f + MathF.Abs(x));", 1e-6f)]
    public void Function_trains_as_the_same_formula_built_in(string builtIn, string own, string members, float tolerance = 0f)
    {
        const string Declaration = "[Network(7)] [Dense(33), {0}, Dense(20), {0}, Dense(3)] [MeanSquaredError]";
        TestNetwork expected = NetworkCompiler.Compile(Declaration.Replace("{0}", builtIn, StringComparison.Ordinal)).Create(seed: 3),
            actual = NetworkCompiler.Compile(Declaration.Replace("{0}", own, StringComparison.Ordinal), members).Create(seed: 3);
        float[] inputs = Samples.Normal(1, 45 * 7), targets = Samples.Normal(2, 45 * 3);
        // Initialisation looks at the activation's name.
        expected.Parameters.CopyTo(actual.Parameters);

        Adam first = new(0.01f), second = new(0.01f);
        for (int step = 0; step < 20; step++)
            Assert.Equal(expected.Train(inputs, targets, first), actual.Train(inputs, targets, second), tolerance * 10);
        float[] one = expected.Predict(inputs), other = actual.Predict(inputs);
        for (int i = 0; i < one.Length; i++)
            Assert.Equal(one[i], other[i], tolerance * 100);
        if (tolerance == 0f)
            Assert.Equal(expected.Predict(inputs[..7]), actual.Predict(inputs[..7]));
    }

    [Fact]
    public void Loss_and_its_gradient_are_those_of_the_function()
    {
        TestNetwork network = NetworkCompiler.Compile(
            "[Network(5)] [Dense(9), Tanh, Dense(3)] [Loss(nameof(Quantile), 0.8f)]",
            """
            private static float Quantile(float prediction, float target, float share)
            {
                float over = target - prediction;
                return over > 0f ? share * over : (share - 1f) * over;
            }
            """).Create(seed: 5);
        const int Count = 37;
        float[] inputs = Samples.Normal(1, Count * 5), targets = Samples.Normal(2, Count * 3), outputs = network.Predict(inputs);
        double loss = 0;
        float[] outputGradients = new float[outputs.Length];
        for (int i = 0; i < outputs.Length; i++)
        {
            double over = targets[i] - outputs[i];
            loss += (over > 0 ? 0.8 * over : -0.2 * over) / outputs.Length;
            outputGradients[i] = (over > 0 ? -0.8f : 0.2f) / outputs.Length;
        }

        float[] gradients = new float[network.Parameters.Length];
        float[] expected = new float[gradients.Length];
        float[] inputGradients = new float[inputs.Length];
        Assert.Equal(loss, network.Gradients(inputs, targets, gradients), 1e-6);
        network.Backward(inputs, outputGradients, inputGradients, expected);
        for (int i = 0; i < gradients.Length; i++)
            Assert.Equal(expected[i], gradients[i], 1e-6f);
        Assert.Contains(expected, gradient => Math.Abs(gradient) > 0.01f);
    }

    [Fact]
    public void Squared_error_of_the_users_is_the_built_in_one()
    {
        const string Declaration = "[Network(4)] [Dense(6), Sigmoid, Dense(2)] ";
        TestNetwork expected = NetworkCompiler.Compile(Declaration + "[MeanSquaredError]").Create(seed: 1),
            actual = NetworkCompiler.Compile(Declaration + "[Loss(nameof(Square))]", "static float Square(float y, float t) => (y - t) * (y - t);").Create(seed: 1);
        float[] inputs = Samples.Normal(3, 50 * 4), targets = Samples.Normal(4, 50 * 2);
        float[] one = new float[expected.Parameters.Length], other = new float[one.Length];

        Assert.Equal(expected.Gradients(inputs, targets, one), actual.Gradients(inputs, targets, other), 1e-6f);
        for (int i = 0; i < one.Length; i++)
            Assert.Equal(one[i], other[i], 1e-6f);
        Assert.Equal("Loss", actual.Info.Loss);
    }
}
