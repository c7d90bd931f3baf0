using System.Diagnostics;
using NetGen.Benchmarks.Workloads;

namespace NetGen.Benchmarks;

/// <summary>Publishes <c>cold/</c>, a program that makes one prediction, with NativeAOT,
/// and measures how long it takes from its start.</summary>
public static class ColdStart
{
    private const int WarmUp = 3, Starts = 40;

    /// <summary>Prints <c>cold start ms median least most</c> and <c>cold size bytes n</c>.</summary>
    /// <returns>0, or 1 when the program cannot be published or run; the error stream says why.</returns>
    public static int Run(TextWriter output)
    {
        string folder = Directory.CreateTempSubdirectory("cold").FullName;
        try
        {
            if (!Publish(folder))
                return 1;
            string program = Path.Combine(folder, OperatingSystem.IsWindows() ? "Cold.exe" : "Cold");
            double[] times = new double[Starts];
            for (int i = -WarmUp; i < Starts; i++)
            {
                if (Start(program) is not { } time)
                    return 1;
                if (i >= 0)
                    times[i] = time;
            }

            output.WriteLine($"cold start ms {Figure.Of(times)}");
            output.WriteLine($"cold size bytes {new FileInfo(program).Length}");
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool Publish(string folder)
    {
        string? root = AppContext.BaseDirectory;
        while (root is not null && !File.Exists(Path.Combine(root, "NetGen.sln"))) root = Path.GetDirectoryName(root);
        if (root is null)
        {
            Console.Error.WriteLine("cold: NetGen.sln is in no folder above this program");
            return false;
        }

        string project = Path.Combine(root, "tests", "Benchmarks", "cold", "Cold.csproj");
        using Process publish = Process.Start(new ProcessStartInfo("dotnet", ["publish", project, "-c", "Release", "--use-current-runtime", "-o", folder])
        {
            RedirectStandardOutput = true,
        })!;
        string log = publish.StandardOutput.ReadToEnd();
        publish.WaitForExit();
        if (publish.ExitCode != 0)
            Console.Error.WriteLine($"cold: the program cannot be published\n{log}");
        return publish.ExitCode == 0;
    }

    /// <summary>Milliseconds from the start of the process to its first byte of output, or null when it failed.</summary>
    private static double? Start(string program)
    {
        byte[] buffer = new byte[256];
        long start = Stopwatch.GetTimestamp();
        using Process process = Process.Start(new ProcessStartInfo(program) { RedirectStandardOutput = true })!;
        Stream output = process.StandardOutput.BaseStream;
        int read = output.Read(buffer);
        double elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        bool wrote = read > 0;
        while (read > 0) read = output.Read(buffer);
        process.WaitForExit();
        if (wrote && process.ExitCode == 0)
            return elapsed;
        Console.Error.WriteLine($"cold: the program ended with {process.ExitCode}{(wrote ? "" : " and wrote nothing")}");
        return null;
    }
}
