namespace NetGen.Benchmarks.Workloads;

/// <summary>Sizes that fill no vector, and every function that the other workloads leave out.</summary>
[Network(37)]
[Dense(53), LeakyReLU]
[Dense(29), Tanh]
[Dense(19), Sigmoid]
[BinaryCrossEntropy]
public sealed partial class OddSizes;

/// <summary>The softmax of every row of a sequence.</summary>
[Network(7, 5)]
[Dense(31), LeakyReLU]
[Dense(3), Softmax]
[MeanSquaredError]
public sealed partial class Sequence;

#pragma warning disable NG0301 // It is here for its machine code and need not learn.

/// <summary>About as many layers as one method may hold.</summary>
[Network(4)]
[Dense(4), Tanh, Dense(4), Tanh, Dense(4), Tanh, Dense(4), Tanh, Dense(4), Tanh, Dense(4), Tanh, Dense(4), Tanh, Dense(4), Tanh]
[HalfSquaredError]
public sealed partial class DeepAndSmall;

#pragma warning restore NG0301

/// <summary>Penalties on a width of several tails, and dropout.</summary>
[Network(41, L1 = 1e-5f, L2 = 1e-4f)]
[Dense(109), ReLU, Dropout(0.5f)]
[Dense(10), Softmax]
[CrossEntropy]
public sealed partial class Regularized;

/// <summary>Runs every kernel of some networks once, with every kind of update: for whoever looks at the machine code.</summary>
/// <remarks>The runtime lists what it compiles when asked to (DOTNET_JitDisasm); this program makes it compile what matters.</remarks>
public static class KernelTour
{
    /// <summary>One sample, a full block and a block that is only partly filled: together they reach the kernels of every width.</summary>
    private static readonly int[] BatchSizes = [1, 32, 67];

    private delegate void Backward(
        ReadOnlySpan<float> inputs, ReadOnlySpan<float> outputGradients, Span<float> inputGradients, Span<float> gradients);

    /// <summary>Prints a line for each network.</summary>
    /// <returns>0, or 1 when a loss was not finite.</returns>
    public static int Run(TextWriter output)
    {
        W1 w1 = new(seed: 1);
        W2 w2 = new(seed: 1);
        W8 w8 = new(seed: 1);
        W9 w9 = new(seed: 1);
        OddSizes odd = new(seed: 1);
        Sequence sequence = new(seed: 1);
        DeepAndSmall deep = new(seed: 1);
        Regularized regularized = new(seed: 1);
        return Visit(output, w1, w1.Backward) & Visit(output, w2, w2.Backward) & Visit(output, w8, w8.Backward)
            & Visit(output, w9, w9.Backward) & Visit(output, odd, odd.Backward)
            & Visit(output, sequence, sequence.Backward) & Visit(output, deep, deep.Backward)
            & Visit(output, regularized, regularized.Backward) ? 0 : 1;
    }

    private static bool Visit(TextWriter output, ITrainableNetwork network, Backward backward)
    {
        NetworkInfo info = network.Info;
        Optimizer[] optimizers = [new SGD(), new Momentum(), new Adam()];
        float loss = 0f;
        foreach (int samples in BatchSizes)
        {
            float[] inputs = new float[samples * info.InputLength], outputs = new float[samples * info.OutputLength];
            float[] targets = new float[outputs.Length], gradients = new float[network.Parameters.Length];
            Array.Fill(inputs, 0.5f);
            for (int s = 0; s < samples; s++)
                targets[s * info.OutputLength] = 1f;
            network.Predict(inputs, outputs);
            loss += network.Evaluate(inputs, targets, outputs);
            foreach (Optimizer optimizer in optimizers)
                loss += network.Train(inputs, targets, optimizer);
            loss += network.Gradients(inputs, targets, gradients);
            backward(inputs, targets, new float[inputs.Length], gradients);
        }

        output.WriteLine(FormattableString.Invariant($"{info.Name} {loss}"));
        return float.IsFinite(loss);
    }
}
