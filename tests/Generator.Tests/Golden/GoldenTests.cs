namespace NetGen.Generator.Tests.Golden;

/// <summary>The generated text of small networks, byte for byte: a change of the generator shows in the diff of these files.</summary>
/// <remarks>With NETGEN_UPDATE_GOLDEN=1 in the environment the files are written first:
/// look at their diff before it is committed.</remarks>
public class GoldenTests
{
    /// <summary>Folder and declaration.</summary>
    public static TheoryData<string, string> Networks => new()
    {
        { "Xor", "[Network(2)] [Dense(4), Tanh] [Dense(1), Sigmoid] [BinaryCrossEntropy]" },
        { "Tiny5x19", "[Network(5)] [Dense(19)]" },
    };

    [Theory, MemberData(nameof(Networks))]
    public void Output_is_that_of_the_golden_files(string name, string declaration)
    {
        string folder = Path.Combine(FindFolder(), name);
        IReadOnlyDictionary<string, string> sources =
            GeneratorHarness.Run($"namespace Golden; {declaration} public sealed partial class {name};").ExpectSound().Sources;

        if (Environment.GetEnvironmentVariable("NETGEN_UPDATE_GOLDEN") == "1")
            Update(folder, sources);

        Assert.Equal(
            sources.Keys.Select(hint => hint + ".txt").Order(StringComparer.Ordinal),
            Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        foreach ((string hint, string text) in sources)
            Assert.Equal(File.ReadAllText(Path.Combine(folder, hint + ".txt")), text, ignoreLineEndingDifferences: false);
    }

    private static void Update(string folder, IReadOnlyDictionary<string, string> sources)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        foreach ((string hint, string text) in sources)
            File.WriteAllText(Path.Combine(folder, hint + ".txt"), text);
    }

    /// <summary>This folder, in the sources above the test's own assembly.</summary>
    private static string FindFolder()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "NetGen.sln")))
            directory = directory.Parent;
        return Path.Combine(directory!.FullName, "tests", "Generator.Tests", "Golden");
    }
}
