namespace NetGen;

/// <summary>A copy of a network's parameters.</summary>
internal sealed class ParameterSnapshot
{
    private readonly INetwork network;
    private readonly float[] copy;

    public ParameterSnapshot(INetwork network, int epoch)
    {
        this.network = network;
        Epoch = epoch;
        copy = network.Parameters.ToArray();
    }

    /// <summary>The epoch after which it was taken.</summary>
    public int Epoch { get; private set; }

    public void Take(int epoch)
    {
        network.Parameters.CopyTo(copy);
        Epoch = epoch;
    }

    public int Restore()
    {
        copy.CopyTo(network.Parameters);
        return Epoch;
    }

    public static bool IsFinite(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            if (!float.IsFinite(value))
                return false;
        }

        return true;
    }
}
