using NetGen;

const string usage = """
    Trains a convolutional auto-encoder on digits, and writes pictures of what goes in and what comes out.

    usage: AutoEncoder [--data DIR] [--epochs N] [--seed N]

      --data DIR    MNIST files in IDX format, plain or .gz; without it the program draws its own digits
      --epochs N    passes over the training images, by default 5
      --seed N      seed of the weights and of the order of training, by default 42
      --help        this text
    """;

return SampleProgram.Run(args, usage, Run);

static void Run(Options options)
{
    (Dataset train, Dataset test) = DigitImages.Load(options.Data);
    Console.WriteLine(AutoEncoder.Info);
    Console.WriteLine();

    var net = new AutoEncoder(options.Seed);
    SavePictures(net, test, "autoencoder-untrained.png");
    net.Train(ToThemselves(train), new TrainingOptions
    {
        Epochs = options.Epochs ?? 5,
        BatchSize = 64,
        Optimizer = new Adam(learningRate: 3e-3f),
        Schedule = new CosineAnnealing(),
        Seed = options.Seed,
        Validation = ToThemselves(test),
        Progress = new ConsoleProgress(),
    });

    SavePictures(net, test, "autoencoder-trained.png");
    Console.WriteLine();
    Console.WriteLine("autoencoder-untrained.png and autoencoder-trained.png in the working directory: test images, and what comes out");
    Console.WriteLine($"root mean squared error of a pixel: {Error(net, test):0.000}");
}

// The target of an image is the image.
static Dataset ToThemselves(Dataset images)
{
    float[] pixels = images.Inputs.ToArray();
    return Dataset.FromTargets(pixels, pixels, images.Count);
}

static double Error(AutoEncoder net, Dataset images)
{
    float[] made = net.Predict(images.Inputs);
    double sum = 0;
    for (int i = 0; i < made.Length; i++)
        sum += Math.Pow(made[i] - images.Inputs[i], 2);
    return Math.Sqrt(sum / made.Length);
}

static void SavePictures(AutoEncoder net, Dataset images, string path)
{
    const int columns = 12, side = 28, gap = 2;
    int width = gap + (columns * (side + gap)), height = gap + (2 * (side + gap));
    float[] picture = new float[height * width], made = net.Predict(images.Inputs[..(columns * side * side)]);
    for (int column = 0; column < columns; column++)
    {
        Place(images.Input(column), gap, gap + (column * (side + gap)));
        Place(made.AsSpan(column * side * side, side * side), gap + side + gap, gap + (column * (side + gap)));
    }

    new Image(1, height, width, picture).SavePng(path);

    void Place(ReadOnlySpan<float> image, int top, int left)
    {
        for (int y = 0; y < side; y++)
            image.Slice(y * side, side).CopyTo(picture.AsSpan(((top + y) * width) + left));
    }
}
