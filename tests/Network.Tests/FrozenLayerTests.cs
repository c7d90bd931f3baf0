namespace NetGen.Network.Tests;

/// <summary>Frozen parameters have no gradient and no gradient code; a network without a loss has no training code.</summary>
public class FrozenLayerTests
{
    private const string Trained = "[Network(5)] [Dense(22), ReLU, Dense(21), Tanh, Dense(3)] [HalfSquaredError]";

    [Theory]
    [InlineData("[Network(5)] [Dense(22, Trainable = false), ReLU, Dense(21), Tanh, Dense(3)] [HalfSquaredError]",
        "dense1.weight,dense1.bias")]
    [InlineData("[Network(5)] [Dense(22), ReLU, Dense(21, Trainable = false), Tanh, Dense(3)] [HalfSquaredError]",
        "dense2.weight,dense2.bias")]
    [InlineData("[Network(5)] [Dense(22), ReLU, Dense(21), Tanh, Dense(3, Trainable = false)] [HalfSquaredError]",
        "dense3.weight,dense3.bias")]
    [InlineData("[Network(5)] [Dense(22, TrainBias = false), ReLU, Dense(21), Tanh, Dense(3)] [HalfSquaredError]", "dense1.bias")]
    [InlineData("[Network(5, TrainBias = false)] [Dense(22), ReLU, Dense(21), Tanh, Dense(3)] [HalfSquaredError]",
        "dense1.bias,dense2.bias,dense3.bias")]
    [InlineData("[Network(5, Trainable = false)] [Dense(22), ReLU, Dense(21), Tanh, Dense(3, Trainable = true)] [HalfSquaredError]",
        "dense1.weight,dense1.bias,dense2.weight,dense2.bias")]
    [InlineData("[Network(2)] [Dense(3, Trainable = false), Tanh, Dense(2, TrainBias = false)] [HalfSquaredError]",
        "dense1.weight,dense1.bias,dense2.bias")]
    [InlineData("[Network(5)] [Dense(22), PReLU(Trainable = false), Dense(21), PReLU, Dense(3)] [HalfSquaredError]", "prelu1.weight")]
    [InlineData("[Network(5, Trainable = false)] [Dense(22), PReLU(Trainable = true), Dense(3)] [HalfSquaredError]",
        "dense1.weight,dense1.bias,dense2.weight,dense2.bias")]
    [InlineData("[Network(5)] [Dense(22), Activation(nameof(Wave), 1f, 1f, Learnable = true, Trainable = false), Dense(3)] [HalfSquaredError]",
        "activation1.height,activation1.rate")]
    [InlineData("[Network(2)] [Dense(3), PReLU(Trainable = false), Dense(2)] [HalfSquaredError]", "prelu1.weight")]
    [InlineData("[Network(5)] [Dense(22), LayerNorm(Trainable = false), ReLU, Dense(21), RMSNorm, Dense(3)] [HalfSquaredError]",
        "norm1.weight,norm1.bias")]
    [InlineData("[Network(5)] [Dense(22), BatchNorm(Trainable = false), ReLU, Dense(3)] [HalfSquaredError]",
        "norm1.weight,norm1.bias,norm1.mean,norm1.variance")]
    [InlineData("[Network(4, 3, 2)] [BatchNorm(Trainable = false, Bias = false), PReLU, Flatten, Dense(3)] [HalfSquaredError]",
        "norm1.weight,norm1.mean,norm1.variance")]
    public void Frozen_parameters_stay(string declaration, string names)
    {
        TestNetwork network = NetworkCompiler.Compile(declaration, DoubleLearned.Members).Create(1);
        Samples.Randomize(network, 2);
        DoubleNetwork reference = DoubleNetwork.Of(declaration, network);
        string[] frozen = names.Split(',');
        Assert.Equal(frozen, network.Info.Parameters.Where(parameter => !parameter.Trainable).Select(parameter => parameter.Name));
        float[] start = network.Parameters.ToArray(), gradients = new float[start.Length],
            inputGradients = new float[40 * network.Info.InputLength];
        float[] inputs = Samples.Normal(3, inputGradients.Length), targets = Samples.Normal(4, 40 * network.Info.OutputLength);
        DoubleGradients expected = reference.Gradients(DoubleNetwork.Exact(inputs), DoubleNetwork.Exact(targets));
        DoubleGradients backward = reference.Backward(DoubleNetwork.Exact(inputs), DoubleNetwork.Exact(targets));

        Array.Fill(gradients, float.NaN);
        network.Gradients(inputs, targets, gradients);
        CheckGradients(expected);
        Array.Fill(gradients, float.NaN);
        network.Backward(inputs, targets, inputGradients, gradients);
        CheckGradients(backward);
        Tolerance.Check("inputs", inputGradients, backward.Inputs);

        Optimizer optimizer = new Adam(0.01f);
        for (int step = 0; step < 3; step++)
            network.Train(inputs, targets, optimizer);
        foreach (ParameterInfo parameter in network.Info.Parameters)
        {
            float[] before = network.Extract(parameter.Name, start), after = network.Extract(parameter.Name);
            if (frozen.Contains(parameter.Name))
                Assert.Equal(before, after);
            else
                Assert.NotEqual(before, after);
        }

        void CheckGradients(DoubleGradients bounds)
        {
            foreach ((string name, Bounded[] values) in bounds.Parameters)
            {
                if (frozen.Contains(name))
                    Assert.All(network.Extract(name, gradients), gradient => Assert.Equal(0f, gradient));
                else
                    Tolerance.Check(name, network.Extract(name, gradients), values);
            }
        }
    }

    [Fact]
    public void Frozen_layers_have_no_gradient_code()
    {
        string all = NetworkCompiler.Compile(Trained).Text;
        string first = NetworkCompiler.Compile(Trained.Replace("Dense(22)", "Dense(22, Trainable = false)")).Text;
        string second = NetworkCompiler.Compile(Trained.Replace("Dense(21)", "Dense(21, Trainable = false)")).Text;
        string biases = NetworkCompiler.Compile(Trained.Replace("[Network(5)]", "[Network(5, TrainBias = false)]")).Text;

        AssertHas(all, "Dense5x22WeightGradient", "Bias22Gradient", "Dense22x21WeightGradient", "Bias21Gradient", "Dense21x3WeightGradient",
            "Bias3Gradient");
        AssertHas(first, "Dense22x21WeightGradient", "Bias21Gradient", "Dense21x3WeightGradient", "Bias3Gradient");
        AssertLacks(first, "Dense5x22WeightGradient", "Bias22Gradient");
        AssertHas(second, "Dense5x22WeightGradient", "Bias22Gradient", "Dense22x21InputGradient", "Dense21x3WeightGradient",
            "Bias3Gradient");
        AssertLacks(second, "Dense22x21WeightGradient", "Bias21Gradient");
        AssertHas(biases, "Dense5x22WeightGradient", "Dense22x21WeightGradient", "Dense21x3WeightGradient");
        AssertLacks(biases, "Bias22Gradient", "Bias21Gradient", "Bias3Gradient");

        static void AssertHas(string text, params string[] kernels) =>
            Assert.All(kernels, kernel => Assert.Contains(kernel, text, StringComparison.Ordinal));
        static void AssertLacks(string text, params string[] kernels) =>
            Assert.All(kernels, kernel => Assert.DoesNotContain(kernel, text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[Network(5)] [Dense(22), ReLU, Dense(3)]")]
    [InlineData("[Network(3, 5)] [Dense(7), Sigmoid, Flatten, Dense(4), Softmax]")]
    [InlineData("[Network(5)] [Softmax]")]
    public void Networks_without_a_loss_only_predict(string declaration)
    {
        CompiledNetwork compiled = NetworkCompiler.Compile(declaration);
        TestNetwork network = compiled.Create(1);
        Assert.IsNotAssignableFrom<ITrainableNetwork>(network.Network);
        Assert.Empty(compiled.Type.GetMethods().Select(method => method.Name).Intersect(["Train", "Evaluate", "Gradients", "Backward"]));
        Assert.DoesNotContain("Gradient", compiled.Text, StringComparison.Ordinal);
        Assert.Null(network.Info.Loss);

        float[] inputs = Samples.Normal(3, 40 * network.Info.InputLength);
        Tolerance.Check("prediction", network.Predict(inputs), DoubleNetwork.Of(declaration, network).Predict(DoubleNetwork.Exact(inputs)));
    }
}
