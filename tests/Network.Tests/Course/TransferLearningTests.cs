namespace NetGen.Network.Tests.Course;

public class TransferLearningTests
{
    private const string Trunk = "[Network(6)] [Dense(16, Name = \"trunk1\"), Tanh, Dense(12, Name = \"trunk2\"), Tanh, "
        + "Dense(4, Name = \"head\"), Softmax] [CrossEntropy]";

    private const string FineTuned = "[Network(6, Trainable = false)] [Dense(16, Name = \"trunk1\"), Tanh, "
        + "Dense(12, Name = \"trunk2\"), Tanh, Dense(2, Name = \"head\", Trainable = true), Softmax] [CrossEntropy]";

    /// <summary>The trunk learns which quadrant a point lies in; the head of another network, on top of it, whether both its
    /// coordinates are positive, from few samples.</summary>
    [Fact]
    public void A_new_head_learns_on_a_trunk_from_another_networks_file()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("netgen-").FullName, "trunk.safetensors");
        try
        {
            TestNetwork first = NetworkCompiler.Compile(Trunk).Create(1);
            Trainer.Train(first.Trainable, Points(1, 600, (a, b) => (a ? 2 : 0) + (b ? 1 : 0)),
                new TrainingOptions { Epochs = 40, Optimizer = new Adam(0.01f) });
            first.Save(path);

            TestNetwork second = NetworkCompiler.Compile(FineTuned).Create(2);
            float[] head = Head(second);
            TransferResult result = Safetensors.LoadMatching(path, second.Network);
            Assert.Equal(["trunk1.bias", "trunk1.weight", "trunk2.bias", "trunk2.weight"], result.Loaded.Order(StringComparer.Ordinal));
            Assert.Equal(
                ["head.bias is [4], needed is [2]", "head.weight is [4, 12], needed is [2, 12]"],
                result.Mismatched.Select(tensor => tensor.ToString()).Order(StringComparer.Ordinal));
            Assert.Equal(head, Head(second));

            Dataset few = Points(2, 60, (a, b) => a && b ? 1 : 0), test = Points(3, 500, (a, b) => a && b ? 1 : 0);
            Trainer.Train(second.Trainable, few, new TrainingOptions { Epochs = 60, Optimizer = new Adam(0.02f) });

            foreach (string name in result.Loaded)
                Assert.Equal(first.Extract(name), second.Extract(name));
            Assert.NotEqual(head, Head(second));
            Assert.InRange(Trainer.Evaluate(second.Trainable, test).Accuracy!.Value, 0.9, 1);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    }

    private static float[] Head(TestNetwork network) => [.. network.Extract("head.weight"), .. network.Extract("head.bias")];

    private static Dataset Points(int seed, int samples, Func<bool, bool, int> label)
    {
        float[] inputs = Samples.Normal(seed, samples * 6);
        int[] labels = [.. Enumerable.Range(0, samples).Select(i => label(inputs[i * 6] > 0, inputs[(i * 6) + 1] > 0))];
        return Dataset.FromLabels(inputs, labels, [.. Enumerable.Range(0, label(true, true) == 1 ? 2 : 4).Select(i => $"class {i}")]);
    }
}
