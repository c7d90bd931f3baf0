namespace NetGen;

/// <summary>A copy of a network's parameters.</summary>
internal sealed class ParameterSnapshot
{
    private readonly INetwork network;
    private readonly float[] copy;

    public ParameterSnapshot(INetwork network)
    {
        this.network = network;
        copy = network.Parameters.ToArray();
    }

    /// <summary>The epoch after which it was taken; 0 before training.</summary>
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
