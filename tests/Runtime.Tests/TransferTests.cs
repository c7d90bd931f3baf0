using System.Text;

namespace NetGen.Tests;

public class TransferTests
{
    [Fact]
    public void Tensors_that_fit_are_loaded_and_the_rest_is_listed()
    {
        using TemporaryDirectory directory = new();
        byte[] header = Encoding.UTF8.GetBytes("""
            {
              "dense1.bias": { "dtype": "F32", "shape": [2], "data_offsets": [0, 8] },
              "dense1.weight": { "dtype": "F32", "shape": [3, 1], "data_offsets": [8, 20] },
              "dense9.bias": { "dtype": "F32", "shape": [1], "data_offsets": [20, 24] }
            }
            """);
        File.WriteAllBytes(directory["a"], [.. BitConverter.GetBytes((long)header.Length), .. header, .. Floats(5, 6, 1, 2, 3, 9)]);

        LinearNetwork network = new(1, 2);
        network.Parameters.Fill(7);
        TransferResult result = Safetensors.LoadMatching(directory["a"], network);

        Assert.Equal([7, 7, 5, 6], network.Parameters);
        Assert.Equal(["dense1.bias"], result.Loaded);
        Assert.Equal([], result.Missing);
        Assert.Equal([new TensorMismatch("dense1.weight", "is [3, 1], needed is [2, 1]")], result.Mismatched);
        Assert.Equal(["dense9.bias"], result.Unused);
        Assert.Equal("loaded: dense1.bias\nnot fitting: dense1.weight is [3, 1], needed is [2, 1]\nunused: dense9.bias", result.ToString());
    }

    [Fact]
    public void Missing_and_unreadable_tensors_are_listed()
    {
        using TemporaryDirectory directory = new();
        byte[] header = Encoding.UTF8.GetBytes("""{"dense1.bias":{"dtype":"I32","shape":[1],"data_offsets":[0,4]}}""");
        File.WriteAllBytes(directory["a"], [.. BitConverter.GetBytes((long)header.Length), .. header, .. new byte[4]]);
        LinearNetwork network = new(1, 1);
        network.Parameters.Fill(7);
        TransferResult result = Safetensors.LoadMatching(directory["a"], network);
        Assert.Equal([7, 7], network.Parameters);
        Assert.Equal(["dense1.weight"], result.Missing);
        Assert.Contains("I32", Assert.Single(result.Mismatched).ToString(), StringComparison.Ordinal);
        Assert.Empty(result.Loaded);
    }

    [Fact]
    public void Weights_keep_their_documented_layout()
    {
        using TemporaryDirectory directory = new();
        LinearNetwork saved = new(3, 2), loaded = new(3, 2);
        for (int i = 0; i < saved.Parameters.Length; i++)
            saved.Parameters[i] = i;
        Safetensors.Save(directory["a"], saved);
        Assert.Equal(["dense1.weight", "dense1.bias"], Safetensors.LoadMatching(directory["a"], loaded).Loaded);
        Assert.Equal(saved.Parameters, loaded.Parameters);
    }

    [Fact]
    public void A_damaged_file_changes_nothing()
    {
        using TemporaryDirectory directory = new();
        LinearNetwork saved = new(3, 2);
        saved.Parameters.Fill(1);
        Safetensors.Save(directory["a"], saved);
        byte[] whole = File.ReadAllBytes(directory["a"]);
        for (int length = 0; length < whole.Length; length += 3)
        {
            File.WriteAllBytes(directory["b"], whole[..length]);
            LinearNetwork network = new(3, 2);
            network.Parameters.Fill(7);
            Assert.Throws<InvalidDataException>(() => Safetensors.LoadMatching(directory["b"], network));
            Assert.All(network.Parameters.ToArray(), value => Assert.Equal(7, value));
        }

        Assert.Throws<FileNotFoundException>(() => Safetensors.LoadMatching(directory["none"], new LinearNetwork(1, 1)));
    }

    private static byte[] Floats(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];
}
