namespace NetGen.Tests;

public sealed class PngTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    /// <summary>Every colour type and depth, plain and interlaced, all filters, widths around bytes and passes.</summary>
    [Theory]
    [InlineData(0, 1), InlineData(0, 2), InlineData(0, 4), InlineData(0, 8), InlineData(0, 16)]
    [InlineData(2, 8), InlineData(2, 16)]
    [InlineData(3, 1), InlineData(3, 2), InlineData(3, 4), InlineData(3, 8)]
    [InlineData(4, 8), InlineData(4, 16)]
    [InlineData(6, 8), InlineData(6, 16)]
    public void Every_kind_of_file_is_read(int colour, int depth)
    {
        RandomSource random = new((ulong)((colour * 100) + depth));
        byte[] palette = [.. Enumerable.Range(0, 3 << Math.Min(depth, 8)).Select(_ => (byte)random.NextInt(256))];
        foreach ((int height, int width) in new[] { (1, 1), (2, 3), (5, 8), (8, 5), (9, 17), (33, 31) })
        {
            foreach (bool interlaced in new[] { false, true })
            {
                int most = (1 << depth) - 1, samples = PngFile.SamplesOf(colour);
                int[] values = [.. Enumerable.Range(0, height * width * samples).Select(_ => random.NextInt(most + 1))];
                PngFile file = new()
                {
                    Width = width,
                    Height = height,
                    Depth = depth,
                    Colour = colour,
                    Interlaced = interlaced,
                    Palette = colour == 3 ? palette : null,
                    Filter = row => (row + width) % 5,
                    Stored = width % 2 == 0,
                    ChunkBytes = 1 + random.NextInt(60),
                };

                Image image = Image.Decode(file.Write((y, x, i) => values[(((y * width) + x) * samples) + i]));
                Assert.Equal((colour is 0 or 4 ? 1 : 3, height, width), (image.Channels, image.Height, image.Width));
                for (int c = 0; c < image.Channels; c++)
                {
                    for (int pixel = 0; pixel < height * width; pixel++)
                    {
                        float expected = colour == 3
                            ? palette[(3 * values[pixel]) + c] / 255f
                            : values[(pixel * samples) + c] / (float)most;
                        Assert.Equal(expected, image.Pixels[(c * height * width) + pixel]);
                    }
                }
            }
        }
    }

    /// <summary>Written by other programs, as found all over the web: a black pixel of grey and alpha, and a red one, half
    /// transparent.</summary>
    [Fact]
    public void Files_of_others_are_read()
    {
        Image black = Image.Decode(Convert.FromBase64String(
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="));
        Assert.Equal((1, 1, 1), (black.Channels, black.Height, black.Width));
        Assert.Equal([0f], black.Pixels);
        Image red = Image.Decode(Convert.FromBase64String(
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="));
        Assert.Equal((3, 1, 1), (red.Channels, red.Height, red.Width));
        Assert.Equal([1f, 0f, 0f], red.Pixels);
    }

    [Theory, InlineData(1, 1, 1), InlineData(1, 28, 28), InlineData(3, 5, 7), InlineData(3, 64, 33)]
    public void What_is_saved_is_loaded(int channels, int height, int width)
    {
        RandomSource random = new(3);
        float[] pixels = [.. Enumerable.Range(0, channels * height * width).Select(_ => random.NextInt(256) / 255f)];
        new Image(channels, height, width, pixels).SavePng(directory["a.png"]);
        Image loaded = Image.Load(directory["a.png"]);
        Assert.Equal((channels, height, width), (loaded.Channels, loaded.Height, loaded.Width));
        Assert.Equal(pixels, loaded.Pixels);
    }

    [Fact]
    public void Values_are_rounded_and_clamped_when_saved()
    {
        new Image(1, 1, 6, [-1, float.NaN, 0.1f, 0.4999f / 255, 0.5001f / 255, float.PositiveInfinity]).SavePng(directory["a.png"]);
        Assert.Equal([0, 0, 26 / 255f, 0, 1 / 255f, 1], Image.Load(directory["a.png"]).Pixels);
    }

    [Fact]
    public void Any_cut_and_any_changed_byte_is_noticed()
    {
        byte[] file = Picture();
        Image whole = Image.Decode(file);
        for (int length = 0; length < file.Length; length++)
            Assert.Throws<InvalidDataException>(() => Image.Decode(file.AsSpan(0, length)));
        for (int i = 0; i < file.Length; i++)
        {
            byte[] changed = [.. file];
            changed[i] ^= 0x10;
            Assert.Throws<InvalidDataException>(() => Image.Decode(changed));
        }

        Assert.Equal(whole.Pixels, Image.Decode([.. file, 1, 2, 3]).Pixels);      // what follows the end is no part of it
    }

    [Fact]
    public void Wrong_files_are_told_apart()
    {
        byte[] header = PngFile.Chunk("IHDR", PngFile.Header(2, 2, 8, 0, 0)), end = PngFile.Chunk("IEND", []);
        byte[] rows = [0, 1, 2, 0, 3, 4], data = PngFile.Chunk("IDAT", PngFile.Deflate(rows));
        Assert.Equal(4, Image.Decode([.. PngFile.Signature, .. header, .. data, .. end]).Pixels.Length);

        Check("first chunk is IDAT", [], data, end);
        Check("two IHDR", header, header, data, end);
        Check("before its IEND", header, data);
        Check("6 bytes of rows, 0 are there", header, end);
        Check("6 bytes of rows, 5 are there", header, PngFile.Chunk("IDAT", PngFile.Deflate(rows[..5])), end);
        Check("compressed rows are damaged", header, PngFile.Chunk("IDAT", [1, 2, 3, 4, 5, 6, 7, 8, 9]), end);
        Check("filter 5", header, PngFile.Chunk("IDAT", PngFile.Deflate([5, 1, 2, 0, 3, 4])), end);
        Check("WEIR is unknown", header, PngFile.Chunk("WEIR", []), data, end);
        Check("palette has 0 bytes", PngFile.Chunk("IHDR", PngFile.Header(2, 2, 8, 3, 0)), data, end);
        Check("palette has 4 bytes", PngFile.Chunk("IHDR", PngFile.Header(2, 2, 8, 3, 0)), PngFile.Chunk("PLTE", new byte[4]),
            data, end);
        Check("colour 3; the palette has 3", PngFile.Chunk("IHDR", PngFile.Header(2, 2, 8, 3, 0)), PngFile.Chunk("PLTE", new byte[9]),
            data, end);
        Check("0 × 2", PngFile.Chunk("IHDR", PngFile.Header(0, 2, 8, 0, 0)), data, end);
        Check("header has 12 bytes", PngFile.Chunk("IHDR", PngFile.Header(2, 2, 8, 0, 0)[..12]), data, end);
        Check("colour type 2 with 4 bits", PngFile.Chunk("IHDR", PngFile.Header(2, 2, 4, 2, 0)), data, end);
        Check("colour type 5", PngFile.Chunk("IHDR", PngFile.Header(2, 2, 8, 5, 0)), data, end);
        Check("0, 0, 2", PngFile.Chunk("IHDR", PngFile.Header(2, 2, 8, 0, 2)), data, end);

        static void Check(string expected, params byte[][] chunks)
        {
            byte[] file = [.. PngFile.Signature, .. chunks.SelectMany(chunk => chunk)];
            Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => Image.Decode(file)).Message);
        }
    }

    [Theory, InlineData(8192, 8192), InlineData(1, 1 << 26), InlineData(0xFFFFFFFF, 0xFFFFFFFF), InlineData(1L << 31, 2)]
    public void A_huge_header_reserves_nothing(long width, long height)
    {
        byte[] file = [.. PngFile.Signature, .. PngFile.Chunk("IHDR", PngFile.Header(width, height, 16, 6, 0)),
            .. PngFile.Chunk("IDAT", PngFile.Deflate(new byte[100])), .. PngFile.Chunk("IEND", [])];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidDataException>(() => Image.Decode(file));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    /// <summary>Changes behind right checksums, so that every part of the reader meets them.</summary>
    [Fact]
    public void Noise_is_refused_or_read_and_nothing_else()
    {
        RandomSource random = new(9);
        byte[] rows = [.. Enumerable.Range(0, 60).Select(_ => (byte)random.NextInt(5))];
        int read = 0, refused = 0;
        for (int round = 0; round < 20_000; round++)
        {
            byte[] header = PngFile.Header(
                1 + random.NextInt(6), 1 + random.NextInt(6), 1 << random.NextInt(5), random.NextInt(7), random.NextInt(2));
            byte[] data = random.NextInt(2) == 0 ? PngFile.Deflate(rows[..(1 + random.NextInt(rows.Length - 1))]) : PngFile.Deflate(rows);
            byte[] palette = new byte[random.NextInt(10)];
            if (random.NextInt(3) == 0)
                header[random.NextInt(header.Length)] ^= (byte)(1 << random.NextInt(8));
            if (random.NextInt(3) == 0)
                data[random.NextInt(data.Length)] ^= (byte)(1 << random.NextInt(8));
            byte[] file = [.. PngFile.Signature, .. PngFile.Chunk("IHDR", header), .. PngFile.Chunk("PLTE", palette),
                .. PngFile.Chunk("IDAT", data), .. PngFile.Chunk("IEND", [])];
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                Image image = Image.Decode(file);
                Assert.All(image.Pixels, value => Assert.InRange(value, 0, 1));
                read++;
            }
            catch (InvalidDataException)
            {
                refused++;
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
        }

        Assert.True(read > 1000 && refused > 1000, $"{read} read, {refused} refused");
    }

    private static byte[] Picture() => new PngFile { Width = 9, Height = 7, Colour = 2, Filter = row => row % 5 }
        .Write((y, x, i) => (y * 31) + (x * 7) + i);
}
