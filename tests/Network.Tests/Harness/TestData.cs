namespace NetGen.Network.Tests;

/// <summary>Data sets that are not part of the repository: in the folder named by NETGEN_DATA, or in shared/data beside the
/// repository.</summary>
internal static class TestData
{
    /// <summary>A file or folder of the data.</summary>
    /// <exception cref="SkipException">It is not there.</exception>
    public static string Require(params string[] path)
    {
        foreach (string root in Roots())
        {
            string found = Path.Combine([root, .. path]);
            if (File.Exists(found) || Directory.Exists(found))
                return found;
        }

        throw new SkipException($"There is no {Path.Combine(path)} under NETGEN_DATA, and none in ../shared/data.");
    }

    private static IEnumerable<string> Roots()
    {
        if (Environment.GetEnvironmentVariable("NETGEN_DATA") is { Length: > 0 } named)
            yield return named;
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "NetGen.sln")))
                yield return Path.Combine(folder.FullName, "..", "shared", "data");
        }
    }
}
