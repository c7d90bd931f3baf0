using System.Globalization;
using BenchmarkDotNet.Running;
using NetGen.Benchmarks;
using NetGen.Benchmarks.Workloads;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return args switch
{
    ["workloads", .. var rest] => WorkloadCommand.Run(rest, ("cold", () => ColdStart.Run(Console.Out))),
    ["kernels", .. var rest] => RunKernels(rest),
    ["cold"] => ColdStart.Run(Console.Out),
    ["resnet", var folder] => ResNetWorkload.Export(folder),
    ["tour"] => KernelTour.Run(Console.Out),
    _ => Fail("""
        usage: workloads [W1 W2 W3 W4 W5 W6 W8 W9 ResNet20 cold] [--threads n]   the figures of these workloads, by default of all but cold
               kernels [BenchmarkDotNet's options]                   single calls and optimizer passes, by BenchmarkDotNet
               cold                                                  process start to first prediction of a native program
               resnet FOLDER                                         ResNet-20 and what it predicts, for peers/resnet.py
               tour                                                  every kernel once, for a look at its machine code
        """),
};

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
