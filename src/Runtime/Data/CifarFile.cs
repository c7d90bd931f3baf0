namespace NetGen;

/// <summary>Files of the binary CIFAR form: records of label bytes and a picture, one after the other.</summary>
/// <remarks>Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009; format: https://www.cs.toronto.edu/~kriz/cifar.html.
/// A picture is 3 planes (red, green, blue) of 32 rows of 32 bytes: channels first already.</remarks>
internal static class CifarFile
{
    private const int PixelBytes = 3 * 32 * 32;

    /// <param name="paths">The files.</param>
    /// <param name="labelBytes">Label bytes of a record.</param>
    /// <param name="labelIndex">Which of them is the label.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="names">Their names, if known.</param>
    public static Dataset Read(IReadOnlyList<string> paths, int labelBytes, int labelIndex, int classes, IReadOnlyList<string>? names)
    {
        if (paths.Count == 0)
            throw new ArgumentException("No files are named; at least one is needed.", nameof(paths));
        int recordBytes = labelBytes + PixelBytes;
        int[] counts = [.. paths.Select(path => Count(path, recordBytes))];
        int count = 0;
        foreach (int part in counts)
            count = checked(count + part);
        float[] inputs = new float[checked(count * PixelBytes)];
        int[] labels = new int[count];
        int sample = 0;
        for (int file = 0; file < counts.Length; file++)
        {
            byte[] record = new byte[recordBytes];
            using FileStream content = File.OpenRead(paths[file]);
            for (int i = 0; i < counts[file]; i++, sample++)
            {
                content.ReadExactly(record);
                labels[sample] = record[labelIndex] < classes
                    ? record[labelIndex]
                    : throw new InvalidDataException(
                        $"'{paths[file]}', image {i}: the label is {record[labelIndex]}; there are 0 to {classes - 1}.");
                Span<float> target = inputs.AsSpan(sample * PixelBytes, PixelBytes);
                for (int j = 0; j < target.Length; j++)
                    target[j] = record[labelBytes + j] / 255f;
            }
        }

        return new Dataset(inputs, PixelBytes, labels, classes, default, 0, names);
    }

    /// <summary>The files with these names in a directory, or in the one below it that the archive unpacks to.</summary>
    public static string[] Find(string directory, string archive, params string[] names)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        if (!Directory.Exists(directory))
        {
            throw new DirectoryNotFoundException(
                $"There is no directory '{Path.GetFullPath(directory)}'; looked there for {string.Join(", ", names)}.");
        }

        string below = Path.Combine(directory, archive);
        string holder = Directory.Exists(below) ? below : directory;
        string[] paths = Array.ConvertAll(names, name => Path.Combine(holder, name));
        return Array.Find(paths, path => !File.Exists(path)) is { } missing
            ? throw new FileNotFoundException($"There is no file '{Path.GetFullPath(missing)}'.", missing)
            : paths;
    }

    private static int Count(string path, int recordBytes)
    {
        FileInfo file = new(path);
        if (!file.Exists)
            throw new FileNotFoundException($"There is no file '{file.FullName}'.", path);
        if (file.Length == 0 || file.Length % recordBytes != 0)
        {
            throw new InvalidDataException(
                $"'{path}' has {file.Length} bytes; a positive multiple of {recordBytes}, the size of an image with its label, is needed.");
        }

        return checked((int)(file.Length / recordBytes));
    }
}
