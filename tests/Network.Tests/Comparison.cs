namespace NetGen.Network.Tests;

/// <summary>Everything that a generated network computes, against the reference implementation.</summary>
internal static class Comparison
{
    /// <summary>Compares predictions of a random batch and one by one, loss, gradients, evaluation and backward pass.</summary>
    /// <param name="declaration">What both read.</param>
    /// <param name="batch">Number of samples.</param>
    /// <param name="seed">Of parameters and data.</param>
    public static void Check(string declaration, int batch, int seed) =>
        Check(NetworkCompiler.Compile(declaration).Create((ulong)seed), declaration, batch, seed);

    /// <summary>Compares a network with the declaration that says the same.</summary>
    public static void Check(TestNetwork network, string declaration, int batch, int seed)
    {
        Samples.Randomize(network, seed);
        DoubleNetwork reference = DoubleNetwork.Of(declaration, network);
        float[] inputs = Samples.Normal(seed + 1, batch * network.Info.InputLength),
            targets = Samples.Targets(network.Info, seed + 2, batch);
        Bounded[] exactInputs = DoubleNetwork.Exact(inputs), exactTargets = DoubleNetwork.Exact(targets);

        Bounded[] prediction = reference.Predict(exactInputs);
        Tolerance.Check("prediction", network.Predict(inputs), prediction);
        Tolerance.Check("one by one", [.. inputs.Chunk(network.Info.InputLength).SelectMany(input => network.Predict(input))], prediction);

        float[] gradients = new float[network.Parameters.Length], outputs = new float[batch * network.Info.OutputLength];
        Tolerance.Check("loss", network.Gradients(inputs, targets, gradients), reference.Loss(exactInputs, exactTargets));
        Tolerance.Check(
            "evaluated loss", network.Trainable.Evaluate(inputs, targets, outputs), reference.EvaluationLoss(exactInputs, exactTargets));
        Tolerance.Check("evaluated outputs", outputs, prediction);
        CheckGradients("Gradients", reference.Gradients(exactInputs, exactTargets));

        float[] outputGradients = Samples.Normal(seed + 3, outputs.Length), inputGradients = new float[inputs.Length];
        DoubleGradients backward = reference.Backward(exactInputs, DoubleNetwork.Exact(outputGradients));
        network.Backward(inputs, outputGradients, inputGradients, gradients);
        Tolerance.Check("input gradients", inputGradients, backward.Inputs);
        CheckGradients("Backward", backward);

        void CheckGradients(string what, DoubleGradients expected)
        {
            foreach ((string name, Bounded[] values) in expected.Parameters)
            {
                bool trainable = network.Info.Parameters.Single(parameter => parameter.Name == name).Trainable;
                Tolerance.Check($"{what}: {name}", network.Extract(name, gradients), trainable ? values : new Bounded[values.Length]);
            }
        }
    }
}
