using System.Runtime.InteropServices;

namespace NetGen.Network.Tests;

/// <summary>Training on any number of threads, the same bits.</summary>
internal static class ThreadAgreement
{
    /// <summary>Parameters and losses on two to five threads are those on one.</summary>
    /// <param name="network">What is trained.</param>
    /// <param name="optimizer">Name of the optimizer.</param>
    /// <param name="batches">Samples of each step.</param>
    public static void Check(CompiledNetwork network, string optimizer, params int[] batches)
    {
        (int[] Parameters, int[] Losses) alone = Train(network, optimizer, threads: 1, batches);
        for (int threads = 2; threads <= 5; threads++)
        {
            (int[] Parameters, int[] Losses) shared = Train(network, optimizer, threads, batches);
            Assert.Equal(alone.Losses, shared.Losses);
            Assert.Equal(alone.Parameters, shared.Parameters);
        }
    }

    /// <summary>Parameters and losses of some steps.</summary>
    public static (int[] Parameters, int[] Losses) Train(CompiledNetwork compiled, string optimizer, int threads, params int[] batches)
    {
        TestNetwork network = compiled.Create(seed: 1);
        network.Network.Threads = threads;
        Optimizer steps = Optimizers.Create(optimizer);
        List<float> losses = [];
        for (int step = 0; step < batches.Length; step++)
        {
            float[] inputs = Samples.Normal(step, batches[step] * network.Info.InputLength);
            losses.Add(network.Train(inputs, Samples.Targets(network.Info, step + 100, batches[step]), steps));
        }

        return (Bits.Of(network.Parameters), Bits.Of(CollectionsMarshal.AsSpan(losses)));
    }
}
