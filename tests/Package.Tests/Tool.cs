using System.Diagnostics;

namespace NetGen.Package.Tests;

/// <summary>Runs a program as a user's shell would: without what the test host set for itself.</summary>
internal static class Tool
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>The SDK's entry point that runs these tests.</summary>
    private static readonly string DotNet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>Runs the SDK and asserts that it succeeded.</summary>
    /// <inheritdoc cref="Run(string, string[], bool, (string, string)[])"/>
    public static string Run(string directory, string[] arguments, params (string Name, string Value)[] environment) =>
        Run(directory, arguments, succeeds: true, environment);

    /// <summary>Runs the SDK and asserts how it ends.</summary>
    /// <param name="directory">Working directory.</param>
    /// <param name="arguments">Arguments, unquoted.</param>
    /// <param name="succeeds">Whether it ends well.</param>
    /// <param name="environment">Variables to add to the shell's.</param>
    /// <returns>Standard output.</returns>
    public static string Run(string directory, string[] arguments, bool succeeds, params (string Name, string Value)[] environment)
    {
        ProcessStartInfo start = new(DotNet, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string name in start.Environment.Keys.Where(IsOfTheHost).ToArray()) start.Environment.Remove(name);

        // A node or a compiler server that outlives the command would hold its output open, and the read below would never end.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        foreach ((string name, string value) in environment) start.Environment[name] = value;

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        bool ended = process.WaitForExit(Limit);
        if (!ended) process.Kill(entireProcessTree: true);
        string text = output.GetAwaiter().GetResult();
        string report = $"dotnet {string.Join(' ', arguments)}\n{text}{error.GetAwaiter().GetResult()}";
        Assert.True(ended, $"{report}\nstopped after {Limit.TotalMinutes} minutes");
        Assert.True((process.ExitCode == 0) == succeeds, $"{report}\nexit code {process.ExitCode}");
        return text;
    }

    /// <summary>
    /// MSBuild's and the test host's own settings: with them a nested build would look for its SDK in the outer one's place, and a
    /// nested program would run on a restricted instruction set or under a coverage profiler.
    /// </summary>
    private static bool IsOfTheHost(string name) =>
        name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("VSTEST", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("CORECLR_", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("DOTNET_Enable", StringComparison.OrdinalIgnoreCase);
}
