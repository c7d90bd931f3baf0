using NetGen;

/// <summary>28×28 images of digits: MNIST, or drawn ones.</summary>
internal static class DigitImages
{
    private const int Pixels = 28 * 28, Classes = 10;

    /// <param name="directory">Holds MNIST's four files; or only the t10k pair, whose first four fifths are to train then and the rest to
    /// test. Null draws 20,000 and 5,000 digits.</param>
    public static (Dataset Train, Dataset Test) Load(string? directory)
    {
        (Dataset train, Dataset test) = directory is null ? Draw() : Read(directory);
        Console.WriteLine($"{train.Count:N0} images to train, {test.Count:N0} to test, {(directory is null ? "drawn" : "read")}");
        return (train, test);
    }

    private static (Dataset Train, Dataset Test) Draw()
    {
        (float[] images, int[] labels) = DrawnDigits.Draw(25_000, seed: 1);
        return Dataset.FromLabels(images, labels).Split(20_000);
    }

    private static (Dataset Train, Dataset Test) Read(string directory)
    {
        Dataset data = Idx.Load(directory);
        if (data.InputLength != Pixels || data.ClassCount > Classes)
        {
            throw new InvalidDataException($"'{directory}' holds images of {data.InputLength} pixels in {data.ClassCount} classes; "
                + $"the network reads {Pixels} pixels and tells {Classes} classes.");
        }

        bool hasTraining = Directory.EnumerateFiles(directory, "train-images*").Any();
        return hasTraining ? (data, Idx.LoadTest(directory)) : data.Split(data.Count * 4 / 5);
    }
}
