using System.Diagnostics;
using System.Runtime;
using System.Runtime.CompilerServices;

namespace NetGen.Benchmarks.Workloads;

/// <summary>Times steps by the wall clock.</summary>
public static class Measurement
{
    /// <summary>Odd, so that the median is a measured value.</summary>
    private const int Repeats = 9;

    private const double SecondsPerRepeat = 0.25;

    private const double LeastWarmUp = 0.5, MostWarmUp = 10;

    /// <summary>Measures a step.</summary>
    /// <param name="step">What to call.</param>
    /// <param name="seconds">Receives seconds per call, one for each repeat.</param>
    /// <returns>The sum of what the calls returned: not finite when one of them was not.</returns>
    public static double Run<TStep>(TStep step, out double[] seconds)
        where TStep : struct, IStep
    {
        double sum = WarmUp(ref step, out double secondsPerCall);
        int calls = (int)Math.Clamp(SecondsPerRepeat / secondsPerCall, 1, int.MaxValue);
        seconds = new double[Repeats];
        for (int i = 0; i < Repeats; i++)
        {
            long start = Stopwatch.GetTimestamp();
            sum += Repeat(ref step, calls);
            seconds[i] = Stopwatch.GetElapsedTime(start).TotalSeconds / calls;
        }

        return sum;
    }

    /// <summary>Calls the step until the compiler has nothing left to improve.</summary>
    /// <param name="step">What to call.</param>
    /// <param name="secondsPerCall">Receives how long a call took at the end.</param>
    private static double WarmUp<TStep>(ref TStep step, out double secondsPerCall)
        where TStep : struct, IStep
    {
        // The runtime recompiles a method in the background, after 30 calls that it starts to count once 10 ms (see the project file; 100
        // ms on a single CPU) have passed without new methods; and then perhaps once more. On a single CPU its thread competes with this
        // one: the pauses give it room. Enough calls and three rounds without a compiled method mean that it is done.
        const double secondsPerRound = 0.06;
        const int pause = 120, quietRounds = 3, leastCalls = 128;
        double sum = 0;
        int calls = 1, quiet = 0;
        long made = 0;
        long begin = Stopwatch.GetTimestamp(), compiled = JitInfo.GetCompiledMethodCount();
        while (true)
        {
            long start = Stopwatch.GetTimestamp();
            sum += Repeat(ref step, calls);
            double elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
            secondsPerCall = elapsed / calls;
            made += calls;
            calls = (int)Math.Clamp(secondsPerRound / secondsPerCall, 8, Math.Min(100L * calls, int.MaxValue));
            Thread.Sleep(pause);
            quiet = JitInfo.GetCompiledMethodCount() == compiled ? quiet + 1 : 0;
            compiled = JitInfo.GetCompiledMethodCount();
            double total = Stopwatch.GetElapsedTime(begin).TotalSeconds;
            if ((quiet >= quietRounds && made >= leastCalls && total >= LeastWarmUp) || total >= MostWarmUp)
                break;
        }

        // Once more without a pause before it: sleeping lets the clock frequency and the caches fall.
        long last = Stopwatch.GetTimestamp();
        sum += Repeat(ref step, calls);
        secondsPerCall = Stopwatch.GetElapsedTime(last).TotalSeconds / calls;
        return sum;
    }

    /// <summary>The measured loop. Optimised from its first call; the struct's call is inlined into it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static double Repeat<TStep>(ref TStep step, int calls)
        where TStep : struct, IStep
    {
        double sum = 0;
        for (int i = 0; i < calls; i++) sum += step.Invoke(i);
        return sum;
    }
}
