using System.Globalization;
using BenchmarkDotNet.Running;
using NetGen.Benchmarks;
using NetGen.Benchmarks.Workloads;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return args switch
{
    ["workloads", .. var rest] => RunWorkloads(rest),
    ["kernels", .. var rest] => RunKernels(rest),
    ["cold"] => ColdStart.Run(Console.Out),
    ["tour"] => KernelTour.Run(Console.Out),
    _ => Fail("""
        usage: workloads [W1 W2 W3 W4 W5 W6 W8 W9 cold] [--threads n]   the figures of these workloads, by default of all but cold
               kernels [BenchmarkDotNet's options]                   single calls and optimizer passes, by BenchmarkDotNet
               cold                                                  process start to first prediction of a native program
               tour                                                  every kernel once, for a look at its machine code
        """),
};

static int RunWorkloads(string[] arguments)
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
    const string cold = "cold";
    string[] known = [.. run.Names, cold];
    if (names.Find(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } unknown)
        return Fail($"There is no workload {unknown}; there are {string.Join(", ", known)}.");

    run.MeasurePeak();
    int failed = 0;
    foreach (string name in names.Count > 0 ? names : run.Names)
    {
        if (name.Equals(cold, StringComparison.OrdinalIgnoreCase))
            failed = Math.Max(failed, ColdStart.Run(Console.Out));
        else
            run.Measure(name);
    }

    return run.IsValid ? failed : 1;
}

static int RunKernels(string[] arguments)
{
    BenchmarkSwitcher.FromAssembly(typeof(ColdStart).Assembly).Run(arguments);
    return 0;
}

static int Fail(string message)
{
    Console.Error.WriteLine(message);
    return 2;
}
