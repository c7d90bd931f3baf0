using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace NetGen.CompilerServices;

/// <summary>Dedicated threads that help whoever trains or predicts. One caller at a time has them;
/// any other works alone meanwhile.</summary>
/// <remarks>
/// The thread pool's fork and join costs as much as a training step (10 µs), these a fraction of a microsecond: a worker spins for new
/// work, after a while yields, and at last parks. Nothing starts until a call asks for more than one thread.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Workers
{
    /// <summary>Multiply-adds that keep a thread busy for about 20 µs, a hundred times what sharing costs.</summary>
    private const long WorkPerThread = 1 << 20;

    private const int MostThreads = 64;

    private static readonly Lock Gate = new();
    private static Worker[] workers = [];

    /// <summary>How many threads a call shares its work between.</summary>
    /// <param name="threads">The most that are allowed; 0 is one per processor.</param>
    /// <param name="samples">Samples of the call.</param>
    /// <param name="multiplyAdds">Multiply-adds of one sample's forward pass.</param>
    public static int Count(int threads, int samples, long multiplyAdds)
    {
        int most = threads == 0 ? Environment.ProcessorCount : threads;
        return most <= 1 ? 1 : (int)Math.Clamp(samples * multiplyAdds / WorkPerThread, 1, Math.Min(most, MostThreads));
    }

    /// <summary>Whether a worker does one of several equal parts; neighbours go to one worker.</summary>
    /// <param name="part">Which part, from 0.</param>
    /// <param name="parts">How many there are.</param>
    /// <param name="worker">Which worker, from 0.</param>
    /// <param name="workers">How many there are.</param>
    public static bool Does(int part, int parts, int worker, int workers) =>
        part >= parts * worker / workers && part < parts * (worker + 1) / workers;

    /// <summary>Runs the phases one after the other, each on all threads.</summary>
    /// <param name="work">Does the shares.</param>
    /// <param name="batch">What is worked on.</param>
    /// <param name="first">First phase.</param>
    /// <param name="last">Last phase.</param>
    /// <param name="threads">Number of threads, the caller's included.</param>
    public static void Run(IPhases work, ref Batch batch, int first, int last, int threads)
    {
        if (threads > 1 && Gate.TryEnter())
        {
            try
            {
                RunShared(work, ref batch, first, last, threads);
            }
            finally
            {
                Gate.Exit();
            }

            return;
        }

        for (int phase = first; phase <= last; phase++)
            work.RunPhase(ref batch, phase, 0, 1);
    }

    private static void RunShared(IPhases work, ref Batch batch, int first, int last, int threads)
    {
        if (workers.Length < threads - 1)
            Grow(threads - 1);
        for (int phase = first; phase <= last; phase++)
        {
            for (int i = 0; i < threads - 1; i++)
                workers[i].Start(work, ref batch, phase, i + 1, threads);
            Exception? failure = null;
            try
            {
                work.RunPhase(ref batch, phase, 0, threads);
            }
            catch (Exception exception)
            {
                failure = exception;
            }

            // The batch lies on this stack: nobody leaves before the last worker has.
            for (int i = 0; i < threads - 1; i++)
                failure = workers[i].Join() ?? failure;
            if (failure is not null)
                ExceptionDispatchInfo.Throw(failure);
        }
    }

    private static void Grow(int count)
    {
        int old = workers.Length;
        Array.Resize(ref workers, count);
        for (int i = old; i < count; i++)
            workers[i] = new Worker(i + 1);
    }

    private sealed class Worker
    {
        /// <summary>Pauses before a waiting thread gives its time slice away: about 20 µs.</summary>
        private const int Spins = 1000;

        /// <summary>Time slices given away before it parks: well above the time between two training steps.</summary>
        private const int Yields = 1000;

        private readonly AutoResetEvent wake = new(false);
        private Counters counters;
        private IPhases? work;
        private nint batch;
        private int phase, worker, sharers;
        private Exception? failure;

        public Worker(int number)
        {
            Thread thread = new(Loop) { IsBackground = true, Name = $"NetGen worker {number}" };
            thread.Start();
        }

        public unsafe void Start(IPhases work, ref Batch batch, int phase, int worker, int sharers)
        {
            this.work = work;
            this.batch = (nint)Unsafe.AsPointer(ref batch);
            this.phase = phase;
            this.worker = worker;
            this.sharers = sharers;
            Volatile.Write(ref counters.Asked, counters.Asked + 1);

            // Either the worker sees the new count before it parks, or this thread sees that it is parked.
            Interlocked.MemoryBarrier();
            if (Volatile.Read(ref counters.Parked) != 0)
                wake.Set();
        }

        /// <summary>Waits until the share is done.</summary>
        public Exception? Join()
        {
            for (int turn = 1; Volatile.Read(ref counters.Done) != counters.Asked; turn++)
                Wait(turn);
            Exception? result = failure;
            failure = null;
            work = null;
            return result;
        }

        private unsafe void Loop()
        {
            for (int seen = 0; ;)
            {
                for (int turn = 1; Volatile.Read(ref counters.Asked) == seen; turn++)
                {
                    if (turn < Spins + Yields)
                        Wait(turn);
                    else
                        Park(seen);
                }

                seen++;
                try
                {
                    work!.RunPhase(ref Unsafe.AsRef<Batch>((void*)batch), phase, worker, sharers);
                }
                catch (Exception exception)
                {
                    failure = exception;
                }

                Volatile.Write(ref counters.Done, seen);
            }
        }

        private void Park(int seen)
        {
            Volatile.Write(ref counters.Parked, 1);
            Interlocked.MemoryBarrier();
            if (Volatile.Read(ref counters.Asked) == seen)
                wake.WaitOne();
            Volatile.Write(ref counters.Parked, 0);
        }

        private static void Wait(int turn)
        {
            if (turn < Spins)
                Thread.SpinWait(1);
            else
                Thread.Yield();
        }
    }

    /// <summary>What caller and worker poll, each on a cache line of its own.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 320)]
    private struct Counters
    {
        [FieldOffset(64)]
        public int Asked;

        [FieldOffset(128)]
        public int Done;

        [FieldOffset(192)]
        public int Parked;
    }
}
