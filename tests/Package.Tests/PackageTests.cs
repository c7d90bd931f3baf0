using System.IO.Compression;
using System.Xml.Linq;

namespace NetGen.Package.Tests;

/// <summary>The package as its user gets it.</summary>
public sealed class PackageTests(PackageFixture package) : IClassFixture<PackageFixture>
{
    [Fact]
    public void Packing_the_solution_makes_one_package() =>
        Assert.Matches(@"^NetGen\.\d+\.\d+\.\d+\.nupkg$", Path.GetFileName(Assert.Single(package.Packages)));

    [Fact]
    public void Package_holds_runtime_attributes_generator_fixes_and_build_settings()
    {
        using ZipArchive archive = ZipFile.OpenRead(package.Packages[0]);

        Assert.Equal(
            [
                "NetGen.nuspec",
                "README.md",
                "analyzers/dotnet/cs/NetGen.CodeFixes.dll",
                "analyzers/dotnet/cs/NetGen.Generator.dll",
                "buildTransitive/net9.0/NetGen.targets",
                "lib/net10.0/NetGen.Attributes.dll",
                "lib/net10.0/NetGen.Attributes.xml",
                "lib/net10.0/NetGen.Runtime.dll",
                "lib/net10.0/NetGen.Runtime.xml",
                "lib/net9.0/NetGen.Attributes.dll",
                "lib/net9.0/NetGen.Attributes.xml",
                "lib/net9.0/NetGen.Runtime.dll",
                "lib/net9.0/NetGen.Runtime.xml",
            ],
            archive.Entries.Select(entry => entry.FullName).Where(name => !IsOfTheContainer(name)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Package_names_its_licence_and_depends_on_CsvHelper_only()
    {
        using ZipArchive archive = ZipFile.OpenRead(package.Packages[0]);
        using Stream stream = archive.GetEntry("NetGen.nuspec")!.Open();
        XElement metadata = XDocument.Load(stream).Root!.Elements().Single();

        Assert.Equal("NetGen", ValueOf("id"));
        Assert.Equal("MIT", ValueOf("license"));
        Assert.Equal("README.md", ValueOf("readme"));
        Assert.Equal(
            ["net10.0: CsvHelper", "net9.0: CsvHelper"],
            metadata.Descendants().Where(element => element.Name.LocalName == "dependency")
                .Select(element => $"{element.Parent!.Attribute("targetFramework")!.Value}: {element.Attribute("id")!.Value}"));

        string ValueOf(string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;
    }

    [Fact]
    public void Older_framework_is_refused_by_its_name()
    {
        string report = package.FailInConsumer("restore", "-p:TargetFramework=net8.0");

        Assert.Contains("NU1202", report, StringComparison.Ordinal);
        Assert.Contains("net8.0", report, StringComparison.Ordinal);
    }

    [Fact]
    public void Fresh_consumer_trains_and_predicts() =>
        Assert.Equal(
            ["parameters 33", "learned True", "predicted 0 1 1 0"],
            package.RunInConsumer("run", "-c", "Release")
                .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    [Theory]
    [InlineData("net9.0", "linux-x64", "avx2,bmi,bmi2,fma,lzcnt,movbe,popcnt")]     // its compiler knows no group names
    [InlineData("net10.0", "linux-x64", "x86-64-v3")]
    [InlineData("net10.0", "win-x64", "x86-64-v3")]
    [InlineData("net10.0", "linux-arm64", "")]
    [InlineData("net9.0", "osx-arm64", "")]
    public void Native_compilation_gets_AVX2_on_x64(string framework, string runtime, string instructionSet) =>
        Assert.Equal(instructionSet, InstructionSet(
            $"-p:TargetFramework={framework}", $"-p:RuntimeIdentifier={runtime}", "-p:PublishAot=true"));

    [Fact]
    public void Instruction_set_of_the_user_wins() =>
        Assert.Equal("native", InstructionSet(
            "-p:TargetFramework=net9.0", "-p:RuntimeIdentifier=linux-x64", "-p:PublishAot=true", "-p:IlcInstructionSet=native"));

    [Fact]
    public void Without_native_compilation_nothing_is_set() =>
        Assert.Equal("", InstructionSet("-p:TargetFramework=net10.0", "-p:RuntimeIdentifier=linux-x64"));

    private string InstructionSet(params string[] properties) =>
        package.RunInConsumer(["msbuild", "-getProperty:IlcInstructionSet", .. properties]).Trim();

    /// <summary>What every package has because of its file format.</summary>
    private static bool IsOfTheContainer(string name) =>
        name is "[Content_Types].xml" || name.StartsWith("_rels/", StringComparison.Ordinal)
        || name.StartsWith("package/", StringComparison.Ordinal);
}
