namespace NetGen;

/// <summary>Reads datasets in the IDX format of MNIST, plain or gzip.</summary>
/// <remarks>Format: http://yann.lecun.com/exdb/mnist — two zero bytes, the type (8: unsigned bytes), the number of dimensions, each extent
/// as a big-endian int, then the values. Pixels become 0 to 1.</remarks>
public static class Idx
{
    private const string TrainImages = "train-images-idx3-ubyte", TrainLabels = "train-labels-idx1-ubyte";
    private const string TestImages = "t10k-images-idx3-ubyte", TestLabels = "t10k-labels-idx1-ubyte";

    /// <summary>Loads the training pair of a directory in MNIST's naming, or the t10k pair where only that is there.</summary>
    /// <param name="directory">Holds <c>train-images-idx3-ubyte</c> and <c>train-labels-idx1-ubyte</c>, or the same with <c>t10k</c>; each
    /// may end in <c>.gz</c>.</param>
    /// <exception cref="FileNotFoundException">A file is missing; the message lists the names looked for.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such directory.</exception>
    /// <exception cref="InvalidDataException">A file is not what its name says.</exception>
    public static Dataset Load(string directory)
    {
        CheckDirectory(directory);

        // One file of the training pair is a broken pair, which must not be passed over in silence.
        bool training = Find(directory, TrainImages) is not null || Find(directory, TrainLabels) is not null
            || (Find(directory, TestImages) is null && Find(directory, TestLabels) is null);
        return training ? LoadPair(directory, TrainImages, TrainLabels) : LoadPair(directory, TestImages, TestLabels);
    }

    /// <summary>Loads the t10k pair of a directory in MNIST's naming.</summary>
    /// <inheritdoc cref="Load(string)"/>
    public static Dataset LoadTest(string directory)
    {
        CheckDirectory(directory);
        return LoadPair(directory, TestImages, TestLabels);
    }

    /// <summary>Loads a file of images (or other samples) and a file of labels.</summary>
    /// <param name="imagesPath">Unsigned bytes of at least two dimensions, the first of which counts samples.</param>
    /// <param name="labelsPath">Unsigned bytes of one dimension.</param>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InvalidDataException">A file is not in the format, is truncated or too long, or the two counts differ.</exception>
    public static Dataset Load(string imagesPath, string labelsPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(imagesPath);
        ArgumentException.ThrowIfNullOrEmpty(labelsPath);
        IdxFile images = IdxFile.Read(imagesPath), labels = IdxFile.Read(labelsPath);
        if (images.Extents.Length < 2)
        {
            throw new InvalidDataException(
                $"'{imagesPath}' has {images.Extents.Length} dimension; images need at least 2, the first counting them.");
        }

        if (labels.Extents.Length != 1)
            throw new InvalidDataException($"'{labelsPath}' has {labels.Extents.Length} dimensions; labels need 1.");
        if (images.Extents[0] != labels.Extents[0])
        {
            throw new InvalidDataException(
                $"'{imagesPath}' holds {images.Extents[0]} images, but '{labelsPath}' {labels.Extents[0]} labels.");
        }

        float[] inputs = new float[images.Values.Length];
        for (int i = 0; i < inputs.Length; i++)
            inputs[i] = images.Values[i] / 255f;
        return Dataset.FromLabels(inputs, Array.ConvertAll(labels.Values, value => (int)value));
    }

    private static Dataset LoadPair(string directory, string images, string labels)
    {
        string? imagesPath = Find(directory, images), labelsPath = Find(directory, labels);
        if (imagesPath is null || labelsPath is null)
        {
            string missing = imagesPath is null ? images : labels;
            bool neither = images == TrainImages && imagesPath is null && labelsPath is null;
            string others = neither ? $", nor the pair {TestImages}, {TestLabels}" : "";
            throw new FileNotFoundException(
                $"'{Path.GetFullPath(directory)}' has no {missing} or {missing}.gz (both {images} and {labels} are needed){others}.",
                Path.Combine(directory, missing));
        }

        return Load(imagesPath, labelsPath);
    }

    private static string? Find(string directory, string name)
    {
        string dotted = name.Replace("-idx", ".idx", StringComparison.Ordinal);   // some copies are named this way
        string[] names = [name, $"{name}.gz", dotted, $"{dotted}.gz"];
        return Array.Find(Array.ConvertAll(names, candidate => Path.Combine(directory, candidate)), File.Exists);
    }

    private static void CheckDirectory(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        if (!Directory.Exists(directory))
        {
            throw new DirectoryNotFoundException(
                $"There is no directory '{Path.GetFullPath(directory)}'; looked there for {TrainImages} and {TrainLabels}, "
                + $"or {TestImages} and {TestLabels}, plain or .gz.");
        }
    }
}
