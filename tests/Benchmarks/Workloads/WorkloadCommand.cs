namespace NetGen.Benchmarks.Workloads;

/// <summary>The command <c>workloads [W1 W2 …] [--threads n]</c>, by the JIT and natively.</summary>
public static class WorkloadCommand
{
    /// <summary>Measures the named workloads, by default all.</summary>
    /// <param name="arguments">What follows the command's name.</param>
    /// <param name="others">Names beside those of the workloads, with what measures them and returns the program's exit code.</param>
    /// <returns>0; 1 when a figure is invalid or one of the others failed; 2 when the arguments are not understood.</returns>
    public static int Run(ReadOnlySpan<string> arguments, params (string Name, Func<int> Measure)[] others)
    {
        List<string> names = [];
        int threads = 1;
        for (int i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] != "--threads")
                names.Add(arguments[i]);
            else if (++i == arguments.Length || !int.TryParse(arguments[i], out threads) || threads < 1)
                return Fail("--threads needs a number of at least 1");
        }

        WorkloadRun run = new(Console.Out, threads);
        string[] known = [.. run.Names, .. others.Select(other => other.Name)];
        if (names.Find(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } unknown)
            return Fail($"There is no workload {unknown}; there are {string.Join(", ", known)}.");

        run.MeasurePeak();
        int failed = 0;
        foreach (string name in names.Count > 0 ? names : run.Names)
        {
            int other = Array.FindIndex(others, other => other.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (other < 0)
                run.Measure(name);
            else
                failed = Math.Max(failed, others[other].Measure());
        }

        return run.IsValid ? failed : 1;
    }

    private static int Fail(string message)
    {
        Console.Error.WriteLine(message);
        return 2;
    }
}
