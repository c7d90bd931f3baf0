namespace NetGen.Network.Tests;

/// <summary>Dropout in training; the identity otherwise. It replays the random numbers, one at a time.</summary>
/// <param name="rate">Probability that a channel is dropped.</param>
/// <param name="positions">Values of a channel.</param>
/// <param name="layer">Which dropout of the network, from 0.</param>
/// <param name="key">Seed and step.</param>
internal sealed class DoubleDropout(float rate, int positions, int layer, DoubleDropout.StepKey key) : DoubleLayer
{
    public override Bounded[] Forward(Bounded[] x) => x;

    public override Bounded[] Backward(Bounded[] x, Bounded[] y, Bounded[] dy) => throw new InvalidOperationException("Batches only.");

    public override Bounded[][] ForwardBatch(Bounded[][] x) => [.. x.Select(Drop)];

    public override Bounded[][] BackwardBatch(Bounded[][] x, Bounded[][] y, Bounded[][] dy) => [.. dy.Select(Drop)];

    /// <summary>The mean of y over all masks is x.</summary>
    private Bounded[] Drop(Bounded[] x, int sample)
    {
        Bounded scale = 1f / (1f - rate);
        Bounded[] y = new Bounded[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            int channel = i / positions;
            uint random = Threefry.Run([(uint)sample, (uint)(channel / 4), (uint)layer, 0], key.Words, 12)[channel % 4];
            // The upper half of the numbers comes first.
            double place = ((random ^ 0x80000000u) + 0.5) / 4294967296.0;
            y[i] = place < rate ? 0f : x[i] * scale;
        }

        return y;
    }

    /// <summary>What a network's random numbers depend on.</summary>
    internal sealed class StepKey
    {
        public ulong Seed { get; set; }

        public ulong Step { get; set; }

        public uint[] Words => [(uint)Seed, (uint)(Seed >> 32), (uint)Step, (uint)(Step >> 32)];
    }
}
