using System.Globalization;

namespace NetGen.Package.Tests;

/// <summary>The packed package and a fresh project that refers to it, restored; made once for all tests.</summary>
public sealed class PackageFixture : IDisposable
{
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="NetGen" Version="{version}" />
          </ItemGroup>
        </Project>
        """;

    private const string Program = """
        using System.Globalization;
        using NetGen;

        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        float[] inputs = [0, 0, 0, 1, 1, 0, 1, 1];
        float[] targets = [0, 1, 1, 0];
        var net = new Xor(seed: 1);
        Adam optimizer = new(learningRate: 0.05f);
        float first = net.Train(inputs, targets, optimizer), last = first;
        for (int step = 1; step < 500; step++) last = net.Train(inputs, targets, optimizer);
        float[] outputs = net.Predict(inputs);
        Console.WriteLine($"parameters {Xor.ParameterCount}");
        Console.WriteLine($"learned {last < first / 10}");
        Console.WriteLine($"predicted {string.Join(' ', outputs.Select(output => output > 0.5f ? 1 : 0))}");

        [Network(2)]
        [Dense(8), Tanh]
        [Dense(1), Sigmoid]
        [BinaryCrossEntropy]
        public sealed partial class Xor;
        """;

    /// <summary>Root of everything this fixture writes; outside the repository, so that no file of ours reaches the consumer.</summary>
    private readonly string directory = Directory.CreateTempSubdirectory("netgen-package-").FullName;

    public PackageFixture()
    {
        Consumer = Path.Combine(directory, "consumer");
        try
        {
            Packages = Pack();
            CreateConsumer();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Paths of all files that packing made.</summary>
    public IReadOnlyList<string> Packages { get; }

    /// <summary>Directory of the consumer's project.</summary>
    public string Consumer { get; }

    /// <summary>Runs the SDK in the consumer's directory.</summary>
    /// <remarks>
    /// The consumer extracts packages into a folder of its own and leaves the user's cache as it is. What that already holds of other
    /// packages is read from there.
    /// </remarks>
    public string RunInConsumer(params string[] arguments) => RunInConsumer(arguments, succeeds: true);

    /// <summary>Runs what must fail; returns what the SDK says.</summary>
    public string FailInConsumer(params string[] arguments) => RunInConsumer(arguments, succeeds: false);

    private string RunInConsumer(string[] arguments, bool succeeds)
    {
        string cache = Tool.Run(directory, ["nuget", "locals", "global-packages", "--list"]).Split(": ", 2)[1].Trim();
        return Tool.Run(
            Consumer,
            arguments,
            succeeds,
            ("NUGET_PACKAGES", Path.Combine(directory, "packages")),
            ("NUGET_FALLBACK_PACKAGES", cache));
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    private string[] Pack()
    {
        // A copy is packed: the other test projects are being built and run from the original at the same time.
        string sources = Path.Combine(directory, "sources"), feed = Path.Combine(directory, "feed");
        Copy(new DirectoryInfo(FindRoot()), sources);

        // A version that nobody has: the consumer also reads the user's cache, which may hold another build of the real one.
        string version = string.Create(CultureInfo.InvariantCulture, $"0.0.{Environment.TickCount & int.MaxValue}");
        Tool.Run(sources, ["pack", "NetGen.sln", "-c", "Release", "-o", feed, $"-p:PackageVersion={version}"]);
        return Directory.GetFiles(feed);
    }

    private void CreateConsumer()
    {
        string package = Assert.Single(Packages);
        string version = Path.GetFileNameWithoutExtension(package)["NetGen.".Length..];
        Directory.CreateDirectory(Consumer);
        File.WriteAllText(Path.Combine(Consumer, "Consumer.csproj"), Project.Replace("{version}", version, StringComparison.Ordinal));
        File.WriteAllText(Path.Combine(Consumer, "Program.cs"), Program);

        // Adds the folder to the sources that the machine is configured with.
        File.WriteAllText(Path.Combine(Consumer, "NuGet.config"), $"""
            <configuration>
              <packageSources>
                <add key="folder" value="{Path.GetDirectoryName(package)}" />
              </packageSources>
            </configuration>
            """);
        RunInConsumer("restore");
    }

    private static string FindRoot()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "NetGen.sln"))) directory = directory.Parent;
        return directory?.FullName ?? throw new DirectoryNotFoundException($"no NetGen.sln above {AppContext.BaseDirectory}");
    }

    private static void Copy(DirectoryInfo from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (FileInfo file in from.EnumerateFiles()) file.CopyTo(Path.Combine(to, file.Name));
        foreach (DirectoryInfo child in from.EnumerateDirectories())
        {
            if (child.Name is not ("bin" or "obj" or ".git" or "artifacts" or "TestResults" or "node_modules"))
                Copy(child, Path.Combine(to, child.Name));
        }
    }
}
