namespace NetGen.Tests;

public sealed class ImageFolderTests : IDisposable
{
    private static readonly int[] Grey = [1, 1, 2];
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void Directories_are_classes_in_ordinal_order()
    {
        Write("b/2.png", 0.2f);
        Write("b/10.png", 0.4f);
        Write("B/x.PGM", 0.6f);
        Write("a/below/z.png", 0.8f);
        Write("a/y.png", 1);
        Write(".hidden/n.png", 0);
        Write("b/.n.png", 0);
        File.WriteAllText(directory["b/notes.txt"], "no image");
        Dataset data = ImageFolder.Load(directory.Path, Grey);
        Assert.Equal(["B", "a", "b"], data.ClassNames);
        Assert.Equal((5, 2, 3), (data.Count, data.InputLength, data.ClassCount));
        Assert.Equal([0, 1, 1, 2, 2], data.Labels.ToArray());
        Assert.Equal([0.6f, 1, 0.8f, 0.4f, 0.2f], Enumerable.Range(0, 5).Select(i => data.Input(i)[0]));
    }

    [Fact]
    public void Images_become_what_the_network_takes()
    {
        File.WriteAllBytes(Make("c/colour.ppm"), [.. "P6 2 1 255\n"u8, 255, 0, 0, 0, 0, 255]);
        File.WriteAllBytes(Make("c/grey.pgm"), [.. "P5 4 2 255\n"u8, 51, 51, 51, 51, 51, 51, 51, 51]);
        Dataset grey = ImageFolder.Load(directory.Path, [1, 1, 2]);
        Assert.Equal([0.299f, 0.114f], grey.Input(0).ToArray());
        Assert.Equal([0.2f, 0.2f], grey.Input(1).ToArray());
        Dataset colour = ImageFolder.Load(directory.Path, [3, 2, 2]);
        Assert.Equal([1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1], colour.Input(0).ToArray());
        Assert.All(colour.Input(1).ToArray(), value => Assert.Equal(0.2f, value));
    }

    [Fact]
    public void A_broken_image_is_fatal_and_named_unless_the_caller_takes_it()
    {
        for (int i = 0; i < 40; i++)
            Write($"a/{i:00}.png", i / 51f);
        File.WriteAllText(directory["a/07.png"], "broken");
        File.WriteAllText(Make("b/photo.jpg"), "a photo");
        File.WriteAllBytes(directory["a/33.png"], File.ReadAllBytes(directory["a/33.png"])[..^20]);
        string message = Assert.Throws<InvalidDataException>(() => ImageFolder.Load(directory.Path, Grey)).Message;
        Assert.Contains(directory["a/07.png"], message);

        List<BrokenImage> broken = [];
        Dataset data = ImageFolder.Load(directory.Path, Grey, new ImageOptions { OnBrokenImage = broken.Add });
        Assert.Equal([directory["a/07.png"], directory["a/33.png"], directory["b/photo.jpg"]], broken.Select(image => image.Path));
        Assert.All(broken, image => Assert.Contains(image.Path, image.ToString()));
        Assert.Equal((38, 2), (data.Count, data.ClassCount));
        int[] whole = [.. Enumerable.Range(0, 40).Where(i => i is not (7 or 33))];
        Assert.Equal(whole.Select(i => i * 5 / 255f), Enumerable.Range(0, 38).Select(i => data.Input(i)[0]));
        Assert.Equal(38, data.Labels.Length);
    }

    [Fact]
    public void Test_images_take_the_classes_of_the_training_images()
    {
        Write("dog/1.png", 0);
        string[] classes = ["cat", "dog"];
        Dataset data = ImageFolder.Load(directory.Path, Grey, new ImageOptions { ClassNames = classes });
        Assert.Equal((2, 1), (data.ClassCount, data.Labels[0]));
        Write("bird/1.png", 0);
        string message = Assert.Throws<InvalidDataException>(
            () => ImageFolder.Load(directory.Path, Grey, new ImageOptions { ClassNames = classes })).Message;
        Assert.Contains("'bird' among cat, dog", message);
    }

    [Fact]
    public void Nothing_to_load_is_an_error()
    {
        Assert.Contains("no directories", Assert.Throws<InvalidDataException>(() => ImageFolder.Load(directory.Path, Grey)).Message);
        Directory.CreateDirectory(directory["a"]);
        Assert.Contains("no images", Assert.Throws<InvalidDataException>(() => ImageFolder.Load(directory.Path, Grey)).Message);
        File.WriteAllText(directory["a/1.png"], "");
        Assert.Contains("all 1 are broken", Assert.Throws<InvalidDataException>(
            () => ImageFolder.Load(directory.Path, Grey, new ImageOptions { OnBrokenImage = _ => { } })).Message);
        Assert.Contains(directory["x"], Assert.Throws<DirectoryNotFoundException>(() => ImageFolder.Load(directory["x"], Grey)).Message);
        Assert.Contains("(784)", Assert.Throws<ArgumentException>(() => ImageFolder.Load(directory.Path, [784])).Message);
        Assert.Contains(
            "4 channels", Assert.Throws<ArgumentOutOfRangeException>(() => ImageFolder.Load(directory.Path, [4, 1, 1])).Message);
    }

    [Fact]
    public void A_list_with_numbers_is_read()
    {
        Write("images/a b.png", 0.2f);
        Write("c.png", 0.4f);
        File.WriteAllText(directory["list.txt"], "images/a b.png\t 3\r\n\n  c.png 0  \n" + $"{directory["c.png"]} 1");
        Dataset data = ImageFolder.LoadList(directory["list.txt"], Grey);
        Assert.Equal([3, 0, 1], data.Labels.ToArray());
        Assert.Equal((4, null), (data.ClassCount, data.ClassNames));
        Assert.Equal([0.2f, 0.4f, 0.4f], Enumerable.Range(0, 3).Select(i => data.Input(i)[0]));
    }

    [Fact]
    public void A_list_with_names_is_read()
    {
        Write("1.png", 0.2f);
        File.WriteAllText(directory["list.txt"], "1.png dog\n1.png Cat\n1.png dog\n1.png 7\n");
        Dataset data = ImageFolder.LoadList(directory["list.txt"], Grey);
        Assert.Equal(["7", "Cat", "dog"], data.ClassNames);
        Assert.Equal([2, 1, 2, 0], data.Labels.ToArray());
        Dataset known = ImageFolder.LoadList(directory["list.txt"], Grey, new ImageOptions { ClassNames = ["dog", "Cat", "7", "cow"] });
        Assert.Equal([0, 1, 0, 2], known.Labels.ToArray());
        Assert.Equal(4, known.ClassCount);
    }

    [Fact]
    public void Bad_lists_are_refused_with_the_line()
    {
        Write("1.png", 0.2f);
        Assert.Contains("line 2: '1.png' is one word", Refusal("1.png 1\n1.png\n"));
        Assert.Contains("no images", Refusal("\n \n"));
        Assert.Contains("line 1 holds a zero byte", Refusal("1\0.png 1"));
        Assert.Contains("2.png", Refusal("1.png 1\n2.png 2"));
        Assert.Contains("line 2: there is no class 'x' among a, b", Refusal("1.png a\n1.png x", "a", "b"));
        Assert.Contains("line 1: the label is 2; with 2 classes it can be at most 1", Refusal("1.png 2", "a", "b"));
        string missing = directory["x.txt"];
        Assert.Contains(missing, Assert.Throws<FileNotFoundException>(() => ImageFolder.LoadList(missing, Grey)).Message);

        string Refusal(string list, params string[] classes)
        {
            File.WriteAllText(directory["list.txt"], list);
            ImageOptions options = new() { ClassNames = classes.Length == 0 ? null : classes };
            return Assert.Throws<InvalidDataException>(() => ImageFolder.LoadList(directory["list.txt"], Grey, options)).Message;
        }
    }

    private void Write(string name, float value)
    {
        string path = Make(name);
        if (path.EndsWith(".PGM", StringComparison.Ordinal))
            File.WriteAllBytes(path, [.. "P5 2 1 255\n"u8, (byte)(value * 255), (byte)(value * 255)]);
        else
            new Image(1, 1, 2, [value, value]).SavePng(path);
    }

    private string Make(string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(directory[name])!);
        return directory[name];
    }
}
