using System.Globalization;
using System.Text;
using NetGen;

Console.OutputEncoding = Encoding.UTF8;
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
try
{
    Options options = Options.Parse(args);
    if (options.Help)
        Console.WriteLine(Options.Usage);
    else
        Run(options);
    return 0;
}
catch (FormatException error)
{
    Console.Error.WriteLine(error.Message);
    return 2;
}
catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(error.Message);
    return 1;
}

static void Run(Options options)
{
    (Dataset train, Dataset test) = options.Data is null ? Draw() : LoadMnist(options.Data);
    Console.WriteLine($"{train.Count:N0} images to train, {test.Count:N0} to test, {(options.Data is null ? "drawn" : "read")}");
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

static (Dataset Train, Dataset Test) Draw()
{
    (float[] images, int[] labels) = DrawnDigits.Draw(25_000, seed: 1);
    return Dataset.FromLabels(images, labels).Split(20_000);
}

// MNIST's four files; or, where only the t10k pair is there, its first four fifths to train and the rest to test.
static (Dataset Train, Dataset Test) LoadMnist(string directory)
{
    Dataset data = Idx.Load(directory);
    if (data.InputLength != Digits.InputLength || data.ClassCount > Digits.OutputLength)
    {
        throw new InvalidDataException($"'{directory}' holds images of {data.InputLength} pixels in {data.ClassCount} classes; "
            + $"the network reads {Digits.InputLength} pixels and tells {Digits.OutputLength} classes.");
    }

    return Directory.EnumerateFiles(directory, "train-images*").Any() ? (data, Idx.LoadTest(directory)) : data.Split(data.Count * 4 / 5);
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
