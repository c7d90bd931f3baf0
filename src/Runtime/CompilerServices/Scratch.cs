using System.ComponentModel;

namespace NetGen.CompilerServices;

/// <summary>Working memory for predictions and kernels: a buffer of each kind per thread, so that any number of threads may predict at once
/// without waiting.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Scratch
{
    [ThreadStatic]
    private static AlignedBuffer? buffer;

    [ThreadStatic]
    private static AlignedBuffer? packed;

    /// <summary>The first float of this thread's buffer. It grows with the largest need so far and is then kept.</summary>
    /// <param name="floats">How many are needed.</param>
    public static ref float OfThread(int floats)
    {
        AlignedBuffer? own = buffer;
        if (own is null || own.Length < floats)
            buffer = own = new AlignedBuffer(floats);
        return ref own.Start;
    }

    /// <summary>The first float of this thread's second buffer, where a kernel puts weights in the order in which it reads them.</summary>
    /// <param name="floats">How many are needed.</param>
    public static ref float Packed(int floats)
    {
        AlignedBuffer? own = packed;
        if (own is null || own.Length < floats)
            packed = own = new AlignedBuffer(floats);
        return ref own.Start;
    }
}
