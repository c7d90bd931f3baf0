namespace NetGen;

/// <summary>Reads CIFAR-100 in its binary version: samples (3, 32, 32) with values from 0 to 1, labels 0 to 99, or 0 to 19 for the coarse
/// classes.</summary>
public static class Cifar100
{
    private const string Archive = "cifar-100-binary";

    /// <summary>Loads the 50,000 training images.</summary>
    /// <param name="directory">Holds <c>train.bin</c>, or the archive's directory <c>cifar-100-binary</c>. Classes have names where
    /// <c>fine_label_names.txt</c> or <c>coarse_label_names.txt</c> lies there too.</param>
    /// <param name="coarse">Whether the labels are the 20 coarse classes.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such directory.</exception>
    /// <exception cref="FileNotFoundException">The file is missing.</exception>
    /// <exception cref="InvalidDataException">The file has a size or a label that does not fit.</exception>
    public static Dataset Load(string directory, bool coarse = false) => Read(directory, "train.bin", coarse);

    /// <summary>Loads the 10,000 test images, from <c>test.bin</c>.</summary>
    /// <inheritdoc cref="Load(string, bool)"/>
    public static Dataset LoadTest(string directory, bool coarse = false) => Read(directory, "test.bin", coarse);

    private static Dataset Read(string directory, string name, bool coarse)
    {
        string[] paths = CifarFile.Find(directory, Archive, name);
        int classes = coarse ? 20 : 100;
        string namesPath = Path.Combine(Path.GetDirectoryName(paths[0])!, coarse ? "coarse_label_names.txt" : "fine_label_names.txt");
        string[]? names = File.Exists(namesPath) ? [.. File.ReadLines(namesPath).Where(line => line.Length > 0)] : null;
        if (names is not null && names.Length != classes)
            throw new InvalidDataException($"'{namesPath}' names {names.Length} classes; there are {classes}.");
        return CifarFile.Read(paths, labelBytes: 2, labelIndex: coarse ? 0 : 1, classes, names);
    }
}
