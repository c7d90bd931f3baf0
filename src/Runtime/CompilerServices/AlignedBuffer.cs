using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NetGen.CompilerServices;

/// <summary>Zeroed floats that start on a cache line (64 bytes), with a vector's width of slack behind the last one.</summary>
/// <remarks>Kernels may read, never write, up to 16 floats past the end. The memory does not move and needs no disposal.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class AlignedBuffer
{
    private const int Line = 64 / sizeof(float);
    private readonly float[] storage;
    private readonly int start;

    /// <param name="length">Number of floats, at least 0.</param>
    public AlignedBuffer(int length)
    {
        Length = length;
        storage = GC.AllocateArray<float>(length + (2 * Line), pinned: true);
        long address = Marshal.UnsafeAddrOfPinnedArrayElement(storage, 0);
        start = (int)((Line - (address / sizeof(float) % Line)) % Line);
    }

    /// <summary>Number of floats.</summary>
    public int Length { get; }

    /// <summary>All floats.</summary>
    public Span<float> Span => storage.AsSpan(start, Length);

    /// <summary>The first float.</summary>
    public ref float Start => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(storage), start);
}
