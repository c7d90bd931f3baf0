namespace NetGen;

/// <summary>Reads CIFAR-10 in its binary version: samples (3, 32, 32) with values from 0 to 1, labels 0 to 9.</summary>
public static class Cifar10
{
    private const int Classes = 10;
    private const string Archive = "cifar-10-batches-bin";

    private static readonly string[] Names =
        ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    /// <summary>Loads the 50,000 training images.</summary>
    /// <param name="directory">Holds <c>data_batch_1.bin</c> to <c>data_batch_5.bin</c>, or the archive's directory
    /// <c>cifar-10-batches-bin</c>.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such directory.</exception>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InvalidDataException">A file has a size or a label that does not fit.</exception>
    public static Dataset Load(string directory) => LoadFiles(CifarFile.Find(
        directory, Archive, "data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin"));

    /// <summary>Loads the 10,000 test images, from <c>test_batch.bin</c>.</summary>
    /// <inheritdoc cref="Load(string)"/>
    public static Dataset LoadTest(string directory) => LoadFiles(CifarFile.Find(directory, Archive, "test_batch.bin"));

    /// <summary>Loads files of any number of images, one after the other.</summary>
    /// <param name="paths">Files of records of a label byte and 3,072 pixels.</param>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InvalidDataException">A file has a size or a label that does not fit.</exception>
    public static Dataset LoadFiles(params string[] paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return CifarFile.Read(paths, labelBytes: 1, labelIndex: 0, Classes, Names);
    }
}
