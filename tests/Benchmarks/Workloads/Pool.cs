using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NetGen.Benchmarks.Workloads;

/// <summary>Fixed random data in <see cref="Count"/> batches, taken in turn so that no run measures one batch that never leaves a
/// cache.</summary>
/// <typeparam name="T">float or int.</typeparam>
public sealed class Pool<T>
    where T : unmanaged
{
    /// <summary>Batches in a pool; a power of two.</summary>
    public const int Count = 16;

    private readonly T[] values;
    private readonly int first, length;

    /// <param name="length">Values per batch; 0 for a pool of empty batches.</param>
    /// <param name="next">Draws one value.</param>
    public Pool(int length, Func<T> next)
    {
        // Aligned, because where the garbage collector happens to put an array would differ from run to run.
        const int alignment = 64;
        int spare = alignment / Unsafe.SizeOf<T>();
        values = GC.AllocateArray<T>(Count * length + spare, pinned: true);
        long address = Marshal.UnsafeAddrOfPinnedArrayElement(values, 0);
        first = (int)((alignment - address % alignment) % alignment) / Unsafe.SizeOf<T>();
        this.length = length;
        for (int i = 0; i < Count * length; i++) values[first + i] = next();
    }

    /// <summary>A batch.</summary>
    /// <param name="index">From 0; taken modulo <see cref="Count"/>.</param>
    public ReadOnlySpan<T> this[int index]
    {
        // Without bounds checks: the index cannot leave the pool, and the smallest networks take no longer than a few checks.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => MemoryMarshal.CreateReadOnlySpan(
            ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(values), first + (index & (Count - 1)) * length), length);
    }
}
