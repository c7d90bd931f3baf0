using System.ComponentModel;

namespace NetGen.CompilerServices;

/// <summary>Sets the random numbers of one training step apart from those of all others: the key of a counter-based generator.</summary>
/// <param name="seed">The network's seed.</param>
/// <param name="step">Training steps done.</param>
/// <param name="first">The worker's first sample in the batch.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct RandomStep(ulong seed, long step, int first)
{
    /// <summary>First word of the key.</summary>
    public readonly uint Key0 = (uint)seed;

    /// <summary>Second word of the key.</summary>
    public readonly uint Key1 = (uint)(seed >> 32);

    /// <summary>Third word of the key.</summary>
    public readonly uint Key2 = (uint)step;

    /// <summary>Fourth word of the key.</summary>
    public readonly uint Key3 = (uint)(step >> 32);

    /// <summary>The worker's first sample in the batch.</summary>
    public readonly int First = first;
}
