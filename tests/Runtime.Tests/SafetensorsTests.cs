using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace NetGen.Tests;

public sealed class SafetensorsTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly LinearNetwork network = new(3, 2);

    public SafetensorsTests()
    {
        for (int i = 0; i < network.Parameters.Length; i++)
            network.Parameters[i] = 1 + (i * 0.1f);
    }

    private string FilePath => directory["net.safetensors"];

    public void Dispose() => directory.Dispose();

    [Fact]
    public void Every_bit_comes_back()
    {
        float[] strange = [float.NaN, float.NegativeInfinity, -0f, float.Epsilon, 1e38f, 0.1f, -7,
            BitConverter.Int32BitsToSingle(0x7FC12345)];
        strange.CopyTo(network.Parameters);
        Safetensors.Save(FilePath, network);
        LinearNetwork loaded = new(3, 2);
        Safetensors.Load(FilePath, loaded);
        Assert.Equal(strange.Select(BitConverter.SingleToInt32Bits), loaded.Parameters.ToArray().Select(BitConverter.SingleToInt32Bits));
        Assert.Equal([FilePath], Directory.GetFiles(directory.Path));
    }

    [Fact]
    public void A_stream_holds_the_bytes_of_a_file_from_its_position_on()
    {
        Safetensors.Save(FilePath, network);
        using MemoryStream stream = new();
        stream.Write([1, 2, 3]);
        Safetensors.Save(stream, network);
        Assert.Equal(File.ReadAllBytes(FilePath), stream.ToArray()[3..]);

        LinearNetwork loaded = new(3, 2);
        stream.Position = 3;
        Safetensors.Load(stream, loaded);
        Assert.Equal(network.Parameters.ToArray(), loaded.Parameters.ToArray());
        Assert.True(stream.CanRead);
    }

    [Fact]
    public void A_stream_need_not_be_able_to_seek()
    {
        using MemoryStream compressed = new();
        using (GZipStream writer = new(compressed, CompressionMode.Compress, leaveOpen: true))
            Safetensors.Save(writer, network);
        compressed.Position = 0;
        LinearNetwork loaded = new(3, 2);
        using GZipStream reader = new(compressed, CompressionMode.Decompress);
        Safetensors.Load(reader, loaded);
        Assert.Equal(network.Parameters.ToArray(), loaded.Parameters.ToArray());
    }

    [Fact]
    public void A_stream_that_does_not_fit_leaves_the_network_as_it_was()
    {
        using MemoryStream stream = new();
        Safetensors.Save(stream, new LinearNetwork(2, 2));
        stream.Position = 0;
        float[] before = network.Parameters.ToArray();
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => Safetensors.Load(stream, network));
        Assert.Equal("'stream' does not fit Linear: not fitting: dense1.weight is [2, 2], needed is [2, 3]. The network is unchanged.", error.Message);
        error = Assert.Throws<InvalidDataException>(() => Safetensors.Load(new MemoryStream([1, 2, 3]), network));
        Assert.Equal("'stream' is not a valid safetensors file: 3 bytes; at least 8 are needed for the header's length.", error.Message);
        Assert.Equal(before, network.Parameters.ToArray());
    }

    [Fact]
    public void File_has_the_documented_form()
    {
        Safetensors.Save(FilePath, network);
        byte[] file = File.ReadAllBytes(FilePath);
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        Assert.Equal(0, (8 + length) % 8);
        const string Weight = """{"dense1.weight":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},""";
        const string Bias = """ "dense1.bias":{"dtype":"F32","shape":[2],"data_offsets":[24,32]}}""";
        Assert.Equal(Weight + Bias.TrimStart(), Encoding.UTF8.GetString(file, 8, length).TrimEnd(' '));
        Assert.Equal(8 + length + 32, file.Length);

        // Stored [in, out] = 1, 1.1 | 1.2, 1.3 | 1.4, 1.5; on disk [out, in].
        float[] expected = [1, 1.2f, 1.4f, 1.1f, 1.3f, 1.5f, 1.6f, 1.7f];
        for (int i = 0; i < 8; i++)
            Assert.Equal(expected[i], BinaryPrimitives.ReadSingleLittleEndian(file.AsSpan(8 + length + (4 * i))), 1e-6f);
    }

    [Fact]
    public void Other_types_and_another_order_are_read()
    {
        byte[] data = new byte[6 * 8 + 2 * 2];
        for (int i = 0; i < 2; i++)
            BinaryPrimitives.WriteHalfLittleEndian(data.AsSpan(2 * i), (Half)(i + 0.5f));
        for (int i = 0; i < 6; i++)
            BinaryPrimitives.WriteDoubleLittleEndian(data.AsSpan(4 + (8 * i)), i);
        Write("""
            {"__metadata__":{"format":"pt"},"dense1.weight":{"shape":[2,3],"dtype":"F64","data_offsets":[4,52]},
             "dense1.bias":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}
            """, data);
        Safetensors.Load(FilePath, network);
        Assert.Equal([0f, 3f, 1f, 4f, 2f, 5f, 0.5f, 1.5f], network.Parameters.ToArray());

        byte[] bias = [0x80, 0x3F, 0x20, 0xC0];   // 1 and −2.5 as bfloat16
        Write("""
            {"dense1.weight":{"dtype":"F32","shape":[2,3],"data_offsets":[4,28]},
             "dense1.bias":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}}
            """, [.. bias, .. new byte[24]]);
        Safetensors.Load(FilePath, network);
        Assert.Equal([0f, 0f, 0f, 0f, 0f, 0f, 1f, -2.5f], network.Parameters.ToArray());
    }

    [Fact]
    public void Any_cut_is_noticed()
    {
        Safetensors.Save(FilePath, network);
        byte[] whole = File.ReadAllBytes(FilePath);
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(FilePath, whole[..length]);
            Refused("not a valid safetensors file");
        }

        File.WriteAllBytes(FilePath, [.. whole, 0]);
        Refused("the tensors take 32 bytes, but 33 follow");
    }

    [Theory]
    [InlineData("[]", "StartObject is needed")]
    [InlineData("{", "not the JSON expected")]
    [InlineData("{} {}", "not the JSON expected")]
    [InlineData("""{"a":1}""", "StartObject is needed")]
    [InlineData("""{"a":{}}""", "'a' needs dtype, shape and two data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[8],"data_offsets":[0,32]},"a":{"dtype":"F32","shape":[8],"data_offsets":[0,32]}}""",
        "'a' twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[8],"data_offsets":[0,32],"b":1}}""", "unknown property 'b'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[8],"data_offsets":[0]}}""", "two data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-8],"data_offsets":[0,32]}}""", "-8 is negative")]
    [InlineData("""{"a":{"dtype":"F32","shape":[8.5],"data_offsets":[0,32]}}""", "not the JSON expected")]
    [InlineData("""{"a":{"dtype":"F32","shape":"8","data_offsets":[0,32]}}""", "StartArray is needed")]
    [InlineData("""{"a":{"dtype":7,"shape":[8],"data_offsets":[0,32]}}""", "String is needed")]
    [InlineData("""{"a":{"dtype":"F32","shape":[8],"data_offsets":[32,0]}}""", "must start at 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[7],"data_offsets":[4,32]}}""", "must start at 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[5],"data_offsets":[0,20]},"b":{"dtype":"F32","shape":[4],"data_offsets":[16,32]}}""",
        "must start at 20")]
    [InlineData("""{"a":{"dtype":"F32","shape":[7],"data_offsets":[0,32]}}""", "does not fill its 32 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[9223372036854775807,9223372036854775807,4],"data_offsets":[0,32]}}""",
        "does not fill its 32 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[9],"data_offsets":[0,36]}}""", "the tensors take 36 bytes, but 32 follow")]
    public void Damaged_headers_are_refused(string header, string message)
    {
        Write(header, new byte[32]);
        Refused(message);
    }

    [Theory, InlineData(ulong.MaxValue), InlineData(1UL << 40), InlineData(1000UL)]
    public void Header_length_beyond_the_file_is_refused(ulong length)
    {
        byte[] file = new byte[100];
        BinaryPrimitives.WriteUInt64LittleEndian(file, length);
        File.WriteAllBytes(FilePath, file);
        Refused($"the header's length is {length} bytes, but 92 bytes follow");
    }

    [Fact]
    public void Tensors_that_do_not_fit_are_all_listed()
    {
        Write("""
            {"dense1.weight":{"dtype":"F32","shape":[3,2],"data_offsets":[0,24]},
             "other":{"dtype":"F32","shape":[],"data_offsets":[24,28]}}
            """, new byte[28]);
        Refused("missing: dense1.bias [2]; extra: other []; not fitting: dense1.weight is [3, 2], needed is [2, 3]");
        Write("""
            {"dense1.weight":{"dtype":"I32","shape":[2,3],"data_offsets":[0,24]},
             "dense1.bias":{"dtype":"F32","shape":[2],"data_offsets":[24,32]}}
            """, new byte[32]);
        Refused("dense1.weight has the type I32, needed is F32");
    }

    [Fact]
    public void Missing_file_is_named() =>
        Assert.Contains(FilePath, Assert.Throws<FileNotFoundException>(() => Safetensors.Load(FilePath, network)).Message);

    [Fact]
    public void Saving_replaces_the_older_file()
    {
        File.WriteAllText(FilePath, "older");
        Safetensors.Save(FilePath, network);
        LinearNetwork loaded = new(3, 2);
        Safetensors.Load(FilePath, loaded);
        Assert.Equal(network.Parameters.ToArray(), loaded.Parameters.ToArray());
    }

    [Fact]
    public void A_failed_save_leaves_the_older_file_and_no_other()
    {
        Safetensors.Save(FilePath, network);
        byte[] older = File.ReadAllBytes(FilePath);

        // Fails in the middle of writing: the second parameter reaches beyond the vector.
        NetworkInfo info = network.Info;
        LinearNetwork broken = new(3, 2)
        {
            Info = new NetworkInfo
            {
                Name = "Broken",
                InputShape = info.InputShape,
                Layers = info.Layers,
                PredictionBytes = 0,
                TrainingBytes = 0,
                BlockSize = 1,
                Parameters = [info.Parameters[0], info.Parameters[1] with { Offset = 100 }],
            },
        };
        Assert.ThrowsAny<ArgumentException>(() => Safetensors.Save(FilePath, broken));
        Assert.Equal(older, File.ReadAllBytes(FilePath));
        Assert.Equal([FilePath], Directory.GetFiles(directory.Path));
    }

    [Fact]
    public void An_unwritable_target_leaves_nothing_behind()
    {
        // A directory with content cannot be renamed over, whoever runs the test.
        Directory.CreateDirectory(FilePath);
        File.WriteAllText(Path.Combine(FilePath, "content"), "kept");
        Assert.ThrowsAny<SystemException>(() => Safetensors.Save(FilePath, network));
        Assert.Equal("kept", File.ReadAllText(Path.Combine(FilePath, "content")));
        Assert.Empty(Directory.GetFiles(directory.Path));
        Assert.Equal(
            $"There is no directory '{directory["none"]}' to save in.",
            Assert.Throws<DirectoryNotFoundException>(() => Safetensors.Save(Path.Combine(directory["none"], "net"), network)).Message);
    }

    private void Refused(string message)
    {
        float[] before = network.Parameters.ToArray();
        string found = Assert.Throws<InvalidDataException>(() => Safetensors.Load(FilePath, network)).Message;
        Assert.Contains(message, found);
        Assert.Contains(FilePath, found);
        Assert.Equal(before, network.Parameters.ToArray());
    }

    private void Write(string header, byte[] data)
    {
        byte[] json = Encoding.UTF8.GetBytes(header), length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        File.WriteAllBytes(FilePath, [.. length, .. json, .. data]);
    }
}
