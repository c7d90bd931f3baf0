using NetGen;

const string usage = """
    Trains a 784-128-10 network to read digits, tests it, saves it and loads it again.

    usage: Digits [--data DIR] [--epochs N] [--seed N]

      --data DIR    MNIST files in IDX format, plain or .gz; without it the program draws its own digits
      --epochs N    passes over the training images, by default 10, on MNIST 20
      --seed N      seed of the weights and of the order of training, by default 42
      --help        this text
    """;

return SampleProgram.Run(args, usage, Run);

static void Run(Options options)
{
    (Dataset train, Dataset test) = DigitImages.Load(options.Data);
    Console.WriteLine(Digits.Info);
    Console.WriteLine();

    var net = new Digits(options.Seed);
    net.Train(train, new TrainingOptions
    {
        Epochs = options.Epochs ?? (options.Data is null ? 10 : 20),
        BatchSize = 64,
        Optimizer = new Adam(learningRate: 1e-3f),
        Seed = options.Seed,
        Validation = test,                        // shown after every epoch, never learned from
        Progress = new ConsoleProgress(),
    });

    Evaluation evaluation = net.Evaluate(test);
    Console.WriteLine();
    Console.WriteLine(evaluation.ConfusionMatrix);
    Console.WriteLine();
    ShowMisread(net, test);
    SaveAndLoad(net, test);
    Console.WriteLine($"test accuracy {100 * evaluation.Accuracy:0.0} %");
}

static void ShowMisread(Digits net, Dataset test)
{
    float[] outputs = net.Predict(test.Inputs);
    var misread = new List<(string Caption, float[] Image)>();
    for (int i = 0; i < test.Count && misread.Count < 6; i++)
    {
        ReadOnlySpan<float> probabilities = outputs.AsSpan(i * Digits.OutputLength, Digits.OutputLength);
        float highest = 0f;
        int digit = 0;
        for (int k = 0; k < probabilities.Length; k++)
        {
            if (probabilities[k] > highest)
                (highest, digit) = (probabilities[k], k);
        }

        if (digit != test.Labels[i])
            misread.Add(($"{test.Labels[i]} read as {digit} ({100 * highest:0} % sure)", test.Input(i).ToArray()));
    }

    Gallery.Show(misread);
}

static void SaveAndLoad(Digits net, Dataset test)
{
    const string file = "digits.safetensors";
    net.Save(file);
    var loaded = new Digits(seed: 7);
    loaded.Load(file);
    if (!net.Predict(test.Inputs).AsSpan().SequenceEqual(loaded.Predict(test.Inputs)))
        throw new InvalidDataException($"The network that was loaded from {file} predicts something else.");
    Console.WriteLine($"saved to {file} in the working directory, loaded into a fresh network: "
        + $"the same {test.Count * Digits.OutputLength:N0} probabilities, bit for bit");
}
