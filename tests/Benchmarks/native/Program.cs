using System.Globalization;
using NetGen.Benchmarks.Workloads;

// The arguments are those of the command "workloads": names, --threads n.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
Console.WriteLine(NetGen.NetGenRuntime.Describe());
return WorkloadCommand.Run(args);
