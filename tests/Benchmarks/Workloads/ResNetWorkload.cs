namespace NetGen.Benchmarks.Workloads;

/// <summary>ResNet-20, the network of <c>samples/ResNet</c>, in batches of 64.</summary>
public readonly struct ResNetWorkload : IWorkload<ResNetWorkload>
{
    private readonly ResNet network;

    private ResNetWorkload(ResNet network) => this.network = network;

    /// <inheritdoc/>
    public static string Name => "ResNet20";

    /// <inheritdoc/>
    public static int BatchSize => 64;

    /// <inheritdoc/>
    public static ReadOnlySpan<int> PredictionSizes => [1, 64];

    /// <inheritdoc/>
    public static ResNetWorkload Create() => new(new ResNet(seed: 1));

    /// <inheritdoc/>
    public static Optimizer CreateOptimizer() => new Adam(learningRate: 1e-6f);

    /// <inheritdoc/>
    public ITrainableNetwork Network => network;

    /// <summary>Writes a slightly trained network and what it predicts, for other libraries to compute the same.</summary>
    /// <param name="folder">Receives <c>network.safetensors</c>, <c>inputs.f32</c> [samples, 3, 32, 32] and <c>outputs.f32</c>
    /// [samples, 10], both little-endian.</param>
    /// <returns>The program's exit code.</returns>
    public static int Export(string folder)
    {
        const int Samples = 32, Steps = 20;
        Random random = new(1);
        float[] inputs = new float[Samples * ResNet.InputLength];
        int[] labels = new int[Samples];
        ResNet network = new(seed: 1);
        Adam optimizer = new();
        for (int step = 0; step < Steps; step++)
        {
            for (int i = 0; i < inputs.Length; i++)
                inputs[i] = random.NextSingle();
            for (int i = 0; i < Samples; i++)
                labels[i] = random.Next(ResNet.OutputLength);
            network.Train(inputs, labels, optimizer);
        }

        Directory.CreateDirectory(folder);
        network.Save(Path.Combine(folder, "network.safetensors"));
        Write("inputs.f32", inputs);
        Write("outputs.f32", network.Predict(inputs));
        return 0;

        void Write(string name, float[] values)
        {
            using BinaryWriter file = new(File.Create(Path.Combine(folder, name)));
            foreach (float value in values)
                file.Write(value);
        }
    }

    /// <inheritdoc/>
    public void Predict(ReadOnlySpan<float> inputs, Span<float> outputs) => network.Predict(inputs, outputs);

    /// <inheritdoc/>
    public float Train(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, ReadOnlySpan<int> labels, Optimizer optimizer) =>
        network.Train(inputs, labels, optimizer);
}
