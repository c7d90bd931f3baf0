using System.Runtime.InteropServices;

namespace NetGen;

/// <summary>A zeroed vector of floats that starts on a cache line (64 bytes), so that no vector load of an optimizer's state splits
/// one.</summary>
internal sealed class AlignedVector
{
    private const int LineBytes = 64;
    private readonly float[] storage;
    private readonly int start;

    public AlignedVector(int length)
    {
        Length = length;
        storage = GC.AllocateArray<float>(length + (LineBytes / sizeof(float)), pinned: true);
        long address = Marshal.UnsafeAddrOfPinnedArrayElement(storage, 0);
        start = (int)((LineBytes - (address % LineBytes)) % LineBytes / sizeof(float));
    }

    public int Length { get; }

    public Span<float> Span => storage.AsSpan(start, Length);
}
