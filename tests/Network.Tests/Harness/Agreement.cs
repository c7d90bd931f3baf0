namespace NetGen.Network.Tests;

/// <summary>A generated network against the reference implementation, on random parameters and samples.</summary>
internal static class Agreement
{
    /// <summary>Predictions of a batch and one by one, loss, gradients of parameters and inputs: all within the bounds of rounding.</summary>
    public static void Check(string declaration, int batch, int seed)
    {
        TestNetwork network = NetworkCompiler.Compile(declaration).Create((ulong)seed);
        Samples.Randomize(network, seed);
        DoubleNetwork reference = DoubleNetwork.Of(declaration, network);
        float[] inputs = Samples.Normal(seed + 1, batch * network.Info.InputLength), targets = Samples.Targets(network.Info, seed + 2, batch);
        Bounded[] exactInputs = DoubleNetwork.Exact(inputs), exactTargets = DoubleNetwork.Exact(targets);
        Bounded[] prediction = reference.Predict(exactInputs);
        Tolerance.Check("prediction", network.Predict(inputs), prediction);
        Tolerance.Check(
            "one by one", [.. inputs.Chunk(network.Info.InputLength).SelectMany(input => network.Predict(input))], prediction);

        float[] gradients = new float[network.Parameters.Length];
        Tolerance.Check("loss", network.Gradients(inputs, targets, gradients), reference.Loss(exactInputs, exactTargets));
        CheckGradients("Gradients", reference.Gradients(exactInputs, exactTargets));

        float[] outputGradients = Samples.Normal(seed + 3, batch * network.Info.OutputLength), inputGradients = new float[inputs.Length];
        DoubleGradients backward = reference.Backward(exactInputs, DoubleNetwork.Exact(outputGradients));
        network.Backward(inputs, outputGradients, inputGradients, gradients);
        Tolerance.Check("input gradients", inputGradients, backward.Inputs);
        CheckGradients("Backward", backward);

        void CheckGradients(string what, DoubleGradients expected)
        {
            foreach ((string name, Bounded[] values) in expected.Parameters)
                Tolerance.Check($"{what}: {name}", network.Extract(name, gradients), values);
        }
    }
}
