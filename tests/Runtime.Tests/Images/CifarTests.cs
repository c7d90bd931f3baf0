namespace NetGen.Tests;

public sealed class CifarTests : IDisposable
{
    private const int Pixels = 3 * 32 * 32;
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void Five_batches_are_one_training_set()
    {
        for (byte i = 1; i <= 5; i++)
            File.WriteAllBytes(directory[$"data_batch_{i}.bin"], [.. Record(i, [i]), .. Record(i, [0])]);
        File.WriteAllBytes(directory["test_batch.bin"], Record(9, [7]));
        Dataset train = Cifar10.Load(directory.Path), test = Cifar10.LoadTest(directory.Path);
        Assert.Equal((10, Pixels, 10), (train.Count, train.InputLength, train.ClassCount));
        Assert.Equal([1, 0, 2, 0, 3, 0, 4, 0, 5, 0], train.Labels.ToArray());
        Assert.Equal("truck", train.ClassName(9));
        Assert.Equal((1, 7, 10, "horse"), (test.Count, test.Labels[0], test.ClassCount, test.ClassName(test.Labels[0])));
        Assert.Equal(Expected(3), train.Input(4).ToArray());
        Assert.Equal(Expected(9), test.Input(0).ToArray());
    }

    [Fact]
    public void The_archives_own_directory_is_found()
    {
        Directory.CreateDirectory(directory["cifar-10-batches-bin"]);
        File.WriteAllBytes(directory["cifar-10-batches-bin/test_batch.bin"], Record(1, [2]));
        Assert.Equal(2, Cifar10.LoadTest(directory.Path).Labels[0]);
    }

    [Fact]
    public void Cifar_100_has_two_labels_and_names_where_they_lie()
    {
        File.WriteAllBytes(directory["train.bin"], [.. Record(1, [19, 99]), .. Record(2, [3, 42])]);
        File.WriteAllBytes(directory["test.bin"], Record(5, [0, 1]));
        Dataset fine = Cifar100.Load(directory.Path), coarse = Cifar100.Load(directory.Path, coarse: true);
        Assert.Equal((2, 100, null), (fine.Count, fine.ClassCount, fine.ClassNames));
        Assert.Equal([99, 42], fine.Labels.ToArray());
        Assert.Equal([19, 3], coarse.Labels.ToArray());
        Assert.Equal(20, coarse.ClassCount);
        Assert.Equal(Expected(2), fine.Input(1).ToArray());
        Assert.Equal(1, Cifar100.LoadTest(directory.Path).Labels[0]);

        File.WriteAllLines(directory["coarse_label_names.txt"], Enumerable.Range(0, 20).Select(i => $"group{i}"));
        Assert.Equal("group19", Cifar100.Load(directory.Path, coarse: true).ClassName(19));
        File.WriteAllLines(directory["coarse_label_names.txt"], ["one"]);
        Assert.Contains("names 1 classes; there are 20",
            Assert.Throws<InvalidDataException>(() => Cifar100.Load(directory.Path, coarse: true)).Message);
    }

    [Fact]
    public void Files_that_do_not_fit_are_named_with_both_sizes()
    {
        string path = directory["a.bin"], message;
        File.WriteAllBytes(path, new byte[4000]);
        message = Assert.Throws<InvalidDataException>(() => Cifar10.LoadFiles(path)).Message;
        Assert.Contains($"'{path}' has 4000 bytes", message);
        Assert.Contains("multiple of 3073", message);
        File.WriteAllBytes(path, []);
        Assert.Contains("has 0 bytes", Assert.Throws<InvalidDataException>(() => Cifar10.LoadFiles(path)).Message);
        File.WriteAllBytes(path, [.. Record(0, [9]), .. Record(0, [10])]);
        Assert.Contains($"'{path}', image 1: the label is 10; there are 0 to 9",
            Assert.Throws<InvalidDataException>(() => Cifar10.LoadFiles(path)).Message);
        Assert.Contains(directory["b.bin"], Assert.Throws<FileNotFoundException>(() => Cifar10.LoadFiles(directory["b.bin"])).Message);
        Assert.Contains("data_batch_1.bin", Assert.Throws<FileNotFoundException>(() => Cifar10.Load(directory.Path)).Message);
        Assert.Contains(directory["x"], Assert.Throws<DirectoryNotFoundException>(() => Cifar10.Load(directory["x"])).Message);
        Assert.Throws<ArgumentException>(() => Cifar10.LoadFiles());
    }

    private static byte[] Record(int picture, byte[] labels) =>
        [.. labels, .. Enumerable.Range(0, Pixels).Select(i => (byte)((i * 7) + picture))];

    private static float[] Expected(int picture) => [.. Enumerable.Range(0, Pixels).Select(i => (byte)((i * 7) + picture) / 255f)];
}
