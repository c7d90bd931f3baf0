using System.Buffers.Binary;
using System.IO.Compression;

namespace NetGen.Tests;

public sealed class IdxTests : IDisposable
{
    private const string TrainImages = "train-images-idx3-ubyte", TrainLabels = "train-labels-idx1-ubyte";
    private const string TestImages = "t10k-images-idx3-ubyte", TestLabels = "t10k-labels-idx1-ubyte";
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory, InlineData(false), InlineData(true)]
    public void Training_pair_is_loaded_plain_or_zipped(bool zipped)
    {
        Write(TrainImages, Images(3), zipped);
        Write(TrainLabels, Labels(1, 0, 9), zipped);
        Write(TestImages, Images(1), zipped);
        Write(TestLabels, Labels(0), zipped);
        Dataset data = Idx.Load(directory.Path);
        Assert.Equal((3, 6, 10), (data.Count, data.InputLength, data.ClassCount));
        Assert.Equal([1, 0, 9], data.Labels.ToArray());
        Assert.Equal([0f, 1 / 255f, 2 / 255f, 3 / 255f, 4 / 255f, 1f], data.Input(0).ToArray());
        Assert.Equal(1, Idx.LoadTest(directory.Path).Count);
    }

    [Fact]
    public void Test_pair_stands_in_where_it_is_alone()
    {
        Write(TestImages, Images(2), zipped: true);
        Write("t10k-labels.idx1-ubyte", Labels(0, 1), zipped: false);
        Assert.Equal(2, Idx.Load(directory.Path).Count);
    }

    [Fact]
    public void Half_a_training_pair_is_not_passed_over()
    {
        Write(TrainImages, Images(2), zipped: false);
        Write(TestImages, Images(2), zipped: false);
        Write(TestLabels, Labels(0, 1), zipped: false);
        Assert.Contains(TrainLabels, Assert.Throws<FileNotFoundException>(() => Idx.Load(directory.Path)).Message);
    }

    [Fact]
    public void Missing_files_are_named_with_the_place()
    {
        string message = Assert.Throws<FileNotFoundException>(() => Idx.Load(directory.Path)).Message;
        foreach (string part in new[] { directory.Path, TrainImages, TrainLabels, TestImages, TestLabels, ".gz" })
            Assert.Contains(part, message);
        Assert.Contains(TestImages, Assert.Throws<FileNotFoundException>(() => Idx.LoadTest(directory.Path)).Message);
        Assert.Contains(directory["none"], Assert.Throws<DirectoryNotFoundException>(() => Idx.Load(directory["none"])).Message);
        Assert.Contains(directory["a"], Assert.Throws<FileNotFoundException>(() => Idx.Load(directory["a"], directory["b"])).Message);
    }

    [Fact]
    public void Any_cut_is_noticed()
    {
        byte[] whole = Images(2);
        Write(TestLabels, Labels(0, 1), zipped: false);
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(directory[TestImages], whole[..length]);
            Assert.Contains(TestImages, Assert.Throws<InvalidDataException>(() => Idx.Load(directory.Path)).Message);
        }
    }

    [Theory, InlineData(true), InlineData(false)]
    public void A_damaged_zipped_file_never_gives_other_data(bool cut)
    {
        Write(TestImages, Images(20), zipped: true);
        Write(TestLabels, Labels(new byte[20]), zipped: false);
        float[] intact = Idx.Load(directory.Path).Inputs.ToArray();
        byte[] whole = File.ReadAllBytes(directory[TestImages + ".gz"]);
        int refused = 0;
        for (int i = 0; i < whole.Length; i++)
        {
            byte[] damaged = cut ? whole[..i] : [.. whole];
            if (!cut)
                damaged[i] ^= 0x40;
            File.WriteAllBytes(directory[TestImages + ".gz"], damaged);
            try
            {
                // Bytes that carry no data (the time in the gzip header, an end marker) may be damaged without harm.
                Assert.Equal(intact, Idx.Load(directory.Path).Inputs.ToArray());
            }
            catch (InvalidDataException error)
            {
                Assert.Contains(TestImages, error.Message);
                refused++;
            }
        }

        Assert.InRange(refused, whole.Length - 20, whole.Length);
    }

    [Fact]
    public void Lengths_are_told()
    {
        Assert.Contains("2 × 2 × 3 = 12 bytes, 11 are there", LoadImages(Images(2)[..^1]));
        Assert.Contains("longer than the 2 × 2 × 3 = 12 bytes", LoadImages([.. Images(2), 0]));
        Assert.Contains("holds 3 images, but", LoadImages(Images(3)));
    }

    [Fact]
    public void Wrong_headers_are_told()
    {
        byte[] magic = Images(2);
        magic[2] = 0x0D;   // floats
        Assert.Contains("00000D03", LoadImages(magic));
        Assert.Contains("1 dimension; images need", LoadImages(Labels(0, 1)));
        Assert.Contains("dimension 0 has 0 entries", LoadImages(Header(0, 2, 3)));
        Assert.Contains("dimension 0 has 4294967295 entries", LoadImages(Header(-1, 2, 3)));
        Write(TestImages, Images(2), zipped: false);
        Write(TestLabels, Images(2), zipped: false);
        Assert.Contains("3 dimensions; labels need 1", Assert.Throws<InvalidDataException>(() => Idx.Load(directory.Path)).Message);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void A_header_alone_reserves_no_memory(bool zipped)
    {
        Write(TestImages, Header(1_000_000, 40, 40), zipped);
        Write(TestLabels, Labels(0), zipped: false);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("0 are there", Assert.Throws<InvalidDataException>(() => Idx.Load(directory.Path)).Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
        Write(TestImages, Header(int.MaxValue, int.MaxValue, int.MaxValue), zipped);
        Assert.Contains("fit in memory", Assert.Throws<InvalidDataException>(() => Idx.Load(directory.Path)).Message);
    }

    [Fact]
    public void Files_larger_than_one_chunk_are_read_whole()
    {
        byte[] image = [.. Header(3, 1000, 1000), .. Enumerable.Range(0, 3_000_000).Select(i => (byte)(i % 251))];
        Write(TestImages, image, zipped: true);
        Write(TestLabels, Labels(0, 1, 2), zipped: true);
        Dataset data = Idx.Load(directory.Path);
        for (int i = 0; i < 3_000_000; i += 997)
            Assert.Equal(i % 251 / 255f, data.Inputs[i]);
    }

    private static byte[] Header(params int[] extents)
    {
        byte[] header = new byte[4 + (4 * extents.Length)];
        header[2] = 8;
        header[3] = (byte)extents.Length;
        for (int i = 0; i < extents.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + (4 * i)), extents[i]);
        return header;
    }

    private static byte[] Labels(params byte[] labels) => [.. Header(labels.Length), .. labels];

    /// <summary>Images of 2 × 3 pixels 0, 1, 2, 3, 4, 255.</summary>
    private static byte[] Images(int count) =>
        [.. Header(count, 2, 3), .. Enumerable.Range(0, 6 * count).Select(i => (byte)(i % 6 == 5 ? 255 : i % 6))];

    private string LoadImages(byte[] content)
    {
        Write(TestImages, content, zipped: false);
        Write(TestLabels, Labels(0, 1), zipped: false);
        string message = Assert.Throws<InvalidDataException>(() => Idx.Load(directory.Path)).Message;
        Assert.Contains(directory[TestImages], message);
        return message;
    }

    private void Write(string name, byte[] content, bool zipped)
    {
        using FileStream file = File.Create(directory[name + (zipped ? ".gz" : "")]);
        using Stream stream = zipped ? new GZipStream(file, CompressionLevel.Fastest) : file;
        stream.Write(content);
    }
}
