namespace NetGen.Tests;

public class ScalerTests
{
    private static readonly Dataset Train = Dataset.FromTargets([1, 10, 5, 3, 30, 5], [0, 1], 2);
    private static readonly Dataset Test = Dataset.FromTargets([5, 20, 7], [0], 1);

    [Fact]
    public void Standardize_uses_mean_and_deviation_of_the_training_part()
    {
        Scaler scaler = Scaler.Standardize(Train);
        Assert.Equal([2, 20, 5], scaler.Offsets.ToArray());
        Assert.Equal([1, 0.1, 0], scaler.Factors.ToArray());
        Assert.Equal([-1f, -1f, 0f, 1f, 1f, 0f], scaler.Apply(Train).Inputs.ToArray());
        Assert.Equal([3f, 0f, 0f], scaler.Apply(Test).Inputs.ToArray());
    }

    [Fact]
    public void Normalize_maps_the_training_part_to_zero_to_one()
    {
        Scaler scaler = Scaler.Normalize(Train);
        Assert.Equal([0f, 0f, 0f, 1f, 1f, 0f], scaler.Apply(Train).Inputs.ToArray());
        Assert.Equal([2f, 0.5f, 0f], scaler.Apply(Test).Inputs.ToArray());
    }

    [Fact]
    public void Constant_columns_become_zero_even_where_their_mean_is_rounded()
    {
        float[] tenths = Enumerable.Repeat(0.1f, 1000).ToArray();
        Dataset data = Dataset.FromTargets(tenths, tenths, 1000);
        Assert.All(Scaler.Standardize(data).Apply(data).Inputs.ToArray(), value => Assert.Equal(0, value));
        Assert.All(Scaler.Normalize(data).Apply(data).Inputs.ToArray(), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Scaling_leaves_the_dataset_and_keeps_targets()
    {
        Dataset scaled = Scaler.Normalize(Train).Apply(Train);
        Assert.Equal(1f, Train.Inputs[0]);
        Assert.Equal([0f, 1f], scaled.Targets.ToArray());
    }

    [Fact]
    public void Spans_are_scaled_in_place()
    {
        float[] inputs = [1, 10, 5, 3, 30, 5];
        Scaler.Standardize(Train).Apply(inputs);
        Assert.Equal([-1f, -1f, 0f, 1f, 1f, 0f], inputs);
    }

    [Fact]
    public void A_saved_scaler_has_the_same_bits()
    {
        using TemporaryDirectory directory = new();
        Scaler scaler = Scaler.Standardize(Dataset.FromTargets([0.1f, 7, -3e20f, 0.7f, 7, 1e-20f, 1.3f, 7, 5], [0, 1, 2], 3));
        scaler.Save(directory["scaler.safetensors"]);
        Scaler loaded = Scaler.Load(directory["scaler.safetensors"]);
        Assert.Equal(scaler.Offsets.ToArray(), loaded.Offsets.ToArray());
        Assert.Equal(scaler.Factors.ToArray(), loaded.Factors.ToArray());

        using MemoryStream stream = new();
        scaler.Save(stream);
        Assert.Equal(File.ReadAllBytes(directory["scaler.safetensors"]), stream.ToArray());
        stream.Position = 0;
        Assert.Equal(scaler.Factors.ToArray(), Scaler.Load(stream).Factors.ToArray());
    }

    [Fact]
    public void A_file_of_something_else_is_no_scaler()
    {
        using TemporaryDirectory directory = new();
        string path = directory["net.safetensors"];
        Safetensors.Save(path, new LinearNetwork(3, 2));
        Assert.Equal(
            $"'{path}' holds no scaler: two F64 tensors of one length, offsets and factors, with finite values are needed.",
            Assert.Throws<InvalidDataException>(() => Scaler.Load(path)).Message);

        using MemoryStream stream = new();
        Scaler.Normalize(Train).Save(stream);
        byte[] bytes = stream.ToArray();
        BitConverter.TryWriteBytes(bytes.AsSpan(bytes.Length - sizeof(double)), double.NaN);
        Assert.Contains("'stream' holds no scaler", Assert.Throws<InvalidDataException>(() => Scaler.Load(new MemoryStream(bytes))).Message);
        Assert.Contains("is not a valid", Assert.Throws<InvalidDataException>(() => Scaler.Load(new MemoryStream(bytes[..^1]))).Message);
        Assert.Throws<FileNotFoundException>(() => Scaler.Load(directory["none"]));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Scaler scaler = Scaler.Standardize(Train);
        Assert.Contains("1 inputs per sample; the scaler was fitted on 3",
            Assert.Throws<ArgumentException>(() => scaler.Apply(Dataset.FromTargets([1], [1], 1))).Message);
        Assert.Contains("4 floats", Assert.Throws<ArgumentException>(() => scaler.Apply(new float[4])).Message);
        Assert.Contains("Input 1 of sample 1 is NaN",
            Assert.Throws<ArgumentException>(() => Scaler.Standardize(Dataset.FromTargets([1, 2, 3, float.NaN], [0, 0], 2))).Message);
    }
}
