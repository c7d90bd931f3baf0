namespace NetGen.Tests;

public sealed class ImageTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void Colour_becomes_grey_by_luma_and_grey_becomes_three_planes()
    {
        Image colour = new(3, 1, 4, [1, 0, 0, 0.3f, 0, 1, 0, 0.3f, 0, 0, 1, 0.3f]);
        Assert.Equal([0.299f, 0.587f, 0.114f, 0.3f], colour.WithChannels(1).Pixels);
        Assert.Equal([0.1f, 0.2f, 0.1f, 0.2f, 0.1f, 0.2f], new Image(1, 1, 2, [0.1f, 0.2f]).WithChannels(3).Pixels);
        Assert.Same(colour, colour.WithChannels(3));
    }

    [Fact]
    public void Greys_survive_the_way_through_colour()
    {
        float[] greys = [.. Enumerable.Range(0, 256).Select(i => i / 255f)];
        Assert.Equal(greys, new Image(1, 16, 16, greys).WithChannels(3).WithChannels(1).Pixels);
    }

    /// <summary>Calculated by hand from the formula: halving takes weights 3, 3, 1 of 7 at the edges; doubling 1/4 and 3/4.</summary>
    [Fact]
    public void Resizing_follows_the_formula()
    {
        Image row = new(1, 1, 4, [0, 0.8f, 0.4f, 1]);
        AssertNear([2.8 / 7, 5.0 / 7], row.Resize(1, 2).Pixels, 1e-7);
        AssertNear([0, 0.2, 0.6, 0.8], new Image(1, 1, 2, [0, 0.8f]).Resize(1, 4).Pixels, 1e-7);
        AssertNear([0, 0.2, 0.6, 0.8], new Image(1, 2, 1, [0, 0.8f]).Resize(4, 1).Pixels, 1e-7);
        Assert.Same(row, row.Resize(1, 4));
    }

    /// <summary>The formula again, as one sum over both directions and all pixels.</summary>
    [Theory]
    [InlineData(7, 5, 3, 4), InlineData(5, 7, 11, 2), InlineData(3, 3, 8, 9), InlineData(40, 30, 1, 1), InlineData(64, 48, 28, 28)]
    public void Resizing_agrees_with_a_sum_over_all_pixels(int height, int width, int newHeight, int newWidth)
    {
        foreach (int channels in new[] { 1, 3 })
        {
            float[] pixels = [.. Enumerable.Range(0, channels * height * width).Select(i => i * i % 11 / 10f)];
            float[] resized = new Image(channels, height, width, pixels).Resize(newHeight, newWidth).Pixels;
            for (int c = 0; c < channels; c++)
            {
                for (int y = 0; y < newHeight; y++)
                {
                    for (int x = 0; x < newWidth; x++)
                    {
                        double sum = 0, total = 0;
                        for (int j = 0; j < height; j++)
                        {
                            for (int i = 0; i < width; i++)
                            {
                                double weight = Weight(j, y, (double)height / newHeight) * Weight(i, x, (double)width / newWidth);
                                sum += weight * pixels[(((c * height) + j) * width) + i];
                                total += weight;
                            }
                        }

                        // Rounded to float once in each direction, and values are at most 1.
                        double tolerance = 2 * Math.Pow(2, -24);
                        double expected = sum / total, found = resized[(((c * newHeight) + y) * newWidth) + x];
                        Assert.InRange(found, expected - tolerance, expected + tolerance);
                    }
                }
            }
        }

        static double Weight(int source, int target, double scale) =>
            Math.Max(0, 1 - (Math.Abs(source + 0.5 - ((target + 0.5) * scale)) / Math.Max(scale, 1)));
    }

    [Fact]
    public void An_even_picture_stays_even()
    {
        float[] resized = new Image(1, 37, 23, [.. Enumerable.Repeat(0.7f, 37 * 23)]).Resize(11, 50).Pixels;
        Assert.All(resized, value => Assert.Equal(0.7f, value));
    }

    [Fact]
    public void Bad_sizes_are_refused()
    {
        Assert.Contains("2 channels", Assert.Throws<ArgumentOutOfRangeException>(() => new Image(2, 1, 1, new float[2])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Image(1, 0, 1, []));
        Assert.Contains("(1, 2, 3) has 6", Assert.Throws<ArgumentException>(() => new Image(1, 2, 3, new float[5])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Image(1, 1, 1, [0]).Resize(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Image(1, 1, 1, [0]).Resize(100_000, 100_000));
    }

    [Fact]
    public void Errors_name_the_file()
    {
        File.WriteAllText(directory["a.png"], "nothing");
        string message = Assert.Throws<InvalidDataException>(() => Image.Load(directory["a.png"])).Message;
        Assert.Contains(directory["a.png"], message);
        Assert.Contains("6E6F7468696E67", message);
        Assert.Contains(directory["b.png"], Assert.Throws<FileNotFoundException>(() => Image.Load(directory["b.png"])).Message);
    }

    private static void AssertNear(double[] expected, float[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.Second, pair.First - tolerance, pair.First + tolerance));
    }
}
