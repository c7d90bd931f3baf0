namespace NetGen.Tests;

/// <summary>What calls allocate on this thread.</summary>
internal static class Allocations
{
    private const int Calls = 20, Attempts = 5;

    /// <summary>A call allocates nothing once it has been made.</summary>
    /// <remarks>What it allocates it allocates each time. A collection that another test causes takes what is left of this thread's 8 KB
    /// for allocated, once: then it is counted again.</remarks>
    public static void AssertNone(Action call)
    {
        call();
        Assert.Contains(0L, Enumerable.Range(0, Attempts).Select(_ => Count(call)));
    }

    private static long Count(Action call)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Calls; i++)
            call();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
