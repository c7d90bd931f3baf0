namespace NetGen.Tests;

public class GradientCheckTests
{
    private static readonly float[] Inputs = [0.5f, -1, 2, 1, 0.25f, -0.75f], Targets = [1, 0, 0, 1, 1, 0];

    [Theory, InlineData(false), InlineData(true)]
    public void A_right_gradient_passes_and_the_network_is_unchanged(bool softmax)
    {
        LinearNetwork network = Random(softmax);
        float[] before = network.Parameters.ToArray();
        GradientCheck check = network.CheckGradients(Inputs, Targets);
        Assert.True(check.Passed, check.ToString());
        Assert.Equal(8, check.Compared);
        Assert.Equal(0, check.Undecided);
        Assert.InRange(check.Worst!.Ratio, 0, 1);
        Assert.Equal(before, network.Parameters);
        Assert.StartsWith("gradients agree (8 compared, 0 undecided); worst dense1.", check.ToString(), StringComparison.Ordinal);
    }

    [Theory, InlineData(0, 0.98f), InlineData(3, 1.02f), InlineData(5, 0f), InlineData(7, -1f), InlineData(6, float.NaN)]
    public void A_wrong_component_is_named(int place, float factor)
    {
        GradientCheck check = new WrongGradient(Random(softmax: true), place, factor).CheckGradients(Inputs, Targets);
        Assert.False(check.Passed);
        Assert.Equal(1, check.Failed);

        // Weights [2, 3] are stored transposed: place 3 is input 1 of output 1.
        (string name, int[] index) = place < 6 ? ("dense1.weight", (int[])[place % 2, place / 2]) : ("dense1.bias", [place - 6]);
        Assert.Equal(name, check.Worst!.Parameter);
        Assert.Equal(index, check.Worst.Index);
        Assert.True(check.Worst.Ratio > 1);
        Assert.Contains($"{name}[{string.Join(", ", index)}]", check.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_gradient_that_is_zero_throughout_is_found_wrong()
    {
        LinearNetwork network = Random(softmax: true);
        GradientCheck check = new WrongGradient(network, -1, 0).CheckGradients(Inputs, Targets);
        Assert.Equal(8, check.Failed);
    }

    [Fact]
    public void As_many_components_of_each_parameter_are_compared_as_asked_for()
    {
        Assert.Equal(3 + 2, Random(softmax: false).CheckGradients(Inputs, Targets, perParameter: 3).Compared);
        Assert.Equal(1 + 1, Random(softmax: false).CheckGradients(Inputs, Targets, perParameter: 1).Compared);
    }

    [Fact]
    public void Frozen_parameters_are_left_out()
    {
        LinearNetwork network = Random(softmax: false);
        LinearNetwork frozen = new(3, 2)
        {
            Info = new NetworkInfo
            {
                Name = "Frozen",
                InputShape = [3],
                Layers = network.Info.Layers,
                Loss = network.Info.Loss,
                Targets = network.Info.Targets,
                Parameters = [network.Info.Parameters[0] with { Trainable = false }, network.Info.Parameters[1]],
                PredictionBytes = 0,
                TrainingBytes = 0,
                BlockSize = 1,
            },
        };
        network.Parameters.CopyTo(frozen.Parameters);
        Assert.Equal(2, frozen.CheckGradients(Inputs, Targets).Compared);
    }

    [Fact]
    public void What_does_not_fit_is_named()
    {
        LinearNetwork network = Random(softmax: false);
        Assert.Throws<ArgumentOutOfRangeException>(() => network.CheckGradients(Inputs, Targets, tolerance: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => network.CheckGradients(Inputs, Targets, perParameter: 0));
    }

    private static LinearNetwork Random(bool softmax)
    {
        LinearNetwork network = new(3, 2, softmax);
        RandomSource random = new(3);
        foreach (ref float parameter in network.Parameters)
            parameter = random.NextGaussian();
        return network;
    }

    /// <summary>Another network with one component of the gradient, or all, multiplied.</summary>
    private sealed class WrongGradient(LinearNetwork right, int place, float factor) : ITrainableNetwork
    {
        public NetworkInfo Info => right.Info;

        public Span<float> Parameters => right.Parameters;

        public int Threads { get; set; }

        public float Gradients(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Span<float> gradients)
        {
            float loss = right.Gradients(inputs, targets, gradients);
            for (int i = 0; i < gradients.Length; i++)
                gradients[i] *= place == i || place < 0 ? factor : 1;
            return loss;
        }

        public void Predict(ReadOnlySpan<float> inputs, Span<float> outputs) => right.Predict(inputs, outputs);

        public float Train(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Optimizer optimizer) =>
            throw new NotSupportedException();

        public float Train(ReadOnlySpan<float> inputs, ReadOnlySpan<int> labels, Optimizer optimizer) =>
            throw new NotSupportedException();

        public float Evaluate(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Span<float> outputs) =>
            throw new NotSupportedException();

        public float Evaluate(ReadOnlySpan<float> inputs, ReadOnlySpan<int> labels, Span<float> outputs) =>
            throw new NotSupportedException();
    }
}
