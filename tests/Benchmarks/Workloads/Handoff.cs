using System.Diagnostics;
using System.Runtime.InteropServices;

namespace NetGen.Benchmarks.Workloads;

/// <summary>How long a written cache line takes from one thread's core to another's: what every exchange between threads pays.</summary>
/// <remarks>
/// A few dozen nanoseconds where the cores share a cache, several times that where they do not. A virtual machine's host may move its
/// processors from one to the other, so the time belongs beside each figure of several threads.
/// </remarks>
public static class Handoff
{
    /// <summary>Odd, so that the median is a measured value.</summary>
    private const int Repeats = 9;

    private const int RoundTrips = 20_000;

    /// <summary>Measures between this thread and a second one.</summary>
    /// <returns>Nanoseconds of one way.</returns>
    public static Figure Measure()
    {
        Line line = default;
        double[] nanoseconds = new double[Repeats];
        Thread other = new(() =>
        {
            for (int i = 0; i < Repeats * RoundTrips; i++)
            {
                Await(ref line.Turn, (2 * i) + 1);
                Volatile.Write(ref line.Turn, (2 * i) + 2);
            }
        });
        other.Start();
        int turn = 0;
        for (int repeat = 0; repeat < Repeats; repeat++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < RoundTrips; i++)
            {
                Volatile.Write(ref line.Turn, turn + 1);
                Await(ref line.Turn, turn += 2);
            }

            nanoseconds[repeat] = Stopwatch.GetElapsedTime(start).TotalNanoseconds / (2 * RoundTrips);
        }

        other.Join();
        return Figure.Of(nanoseconds);
    }

    private static void Await(ref int turn, int wanted)
    {
        // On a single core the other thread needs this one's time slice.
        for (int spins = 0; Volatile.Read(ref turn) != wanted; spins++)
            if (spins > 10_000)
                Thread.Yield();
    }

    /// <summary>The number both write, on a cache line of its own.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 192)]
    private struct Line
    {
        [FieldOffset(64)]
        public int Turn;
    }
}
