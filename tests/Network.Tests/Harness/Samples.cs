namespace NetGen.Network.Tests;

/// <summary>Numbers for tests: the same for the same seed.</summary>
internal static class Samples
{
    /// <summary>Normally distributed.</summary>
    public static float[] Normal(int seed, int count, double scale = 1)
    {
        Random random = new(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = (float)(scale * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        return values;
    }

    /// <summary>Class labels.</summary>
    public static int[] Labels(int seed, int count, int classes)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(classes))];
    }

    /// <summary>Targets that fit a network's loss: any numbers, numbers in [0, 1] with hard 0 and 1 among them, -1 and 1, or a
    /// distribution per row.</summary>
    public static float[] Targets(NetworkInfo info, int seed, int samples)
    {
        int count = samples * info.OutputLength, classes = info.OutputShape[^1];
        Random random = new(seed);
        switch (info.Loss)
        {
            case "BinaryCrossEntropy":
                return [.. Enumerable.Range(0, count).Select(i => i % 3 == 0 ? random.NextSingle() : random.Next(2))];
            case "Hinge" or "SquaredHinge":
                return [.. Enumerable.Range(0, count).Select(_ => (2f * random.Next(2)) - 1)];
            case "CrossEntropy" or "KLDivergence":
                float[] targets = new float[count];
                for (int row = 0; row < count; row += classes)
                {
                    for (int c = 0; c < classes; c++)
                        targets[row + c] = random.NextSingle();
                    float sum = targets.AsSpan(row, classes).ToArray().Sum();
                    int label = random.Next(2 * classes);
                    for (int c = 0; c < classes; c++)
                        targets[row + c] = label < classes ? (c == label ? 1f : 0f) : targets[row + c] / sum;
                }

                return targets;
            default:
                return Normal(seed, count);
        }
    }

    /// <summary>Replaces all parameters, biases included, so that nothing hides behind a 0.</summary>
    public static void Randomize(TestNetwork network, int seed)
    {
        foreach (ParameterInfo parameter in network.Info.Parameters)
        {
            int inputs = parameter.Shape.Length > 1 ? parameter.Shape[1] : 4;
            float[] values = Normal(seed++, parameter.Length, 1 / Math.Sqrt(inputs));
            if (parameter.Name.EndsWith(".variance", StringComparison.Ordinal))
                values = Array.ConvertAll(values, value => 0.1f + Math.Abs(value));
            network.SetParameter(parameter.Name, values);
        }
    }
}
