using NetGen;

const string usage = """
    Trains ResNet-20 to tell ten classes of colour images apart.

    usage: ResNet [--data DIR] [--epochs N] [--seed N]

      --data DIR    CIFAR-10, binary version; without it the program draws 2,000 shapes to train and 500 to test
      --epochs N    passes over the training images, by default 4, on CIFAR-10 60
      --seed N      seed of the weights, the order of training and the variations, by default 42
      --help        this text
    """;

return SampleProgram.Run(args, usage, Run);

static void Run(Options options)
{
    bool drawn = options.Data is null;
    (Dataset train, Dataset test) = drawn
        ? (DrawnShapes.Draw(2_000, seed: 1), DrawnShapes.Draw(500, seed: 2))
        : (Cifar10.Load(options.Data!), Cifar10.LoadTest(options.Data!));
    Console.WriteLine($"{train.Count:N0} images to train, {test.Count:N0} to test, {(drawn ? "drawn" : "read")}");
    Console.WriteLine(ResNet.Info);
    Console.WriteLine();

    // The authors' variations: moved by up to 4 pixels, mirrored.
    var variations = new ImageAugmentation(ResNet.Info.InputShape).Crop(4).Flip();
    var net = new ResNet(options.Seed);
    net.Train(train, new TrainingOptions
    {
        Epochs = options.Epochs ?? (drawn ? 4 : 60),
        BatchSize = drawn ? 32 : 128,
        Optimizer = new Nesterov(learningRate: drawn ? 0.05f : 0.1f),
        Schedule = new OneCycle(),
        Augmentation = variations,
        Seed = options.Seed,
        Validation = test,                        // shown after every epoch, never learned from
        Progress = new ConsoleProgress(),
    });

    Evaluation evaluation = net.Evaluate(test);
    Console.WriteLine();
    Console.WriteLine(evaluation.ConfusionMatrix);
    Console.WriteLine();
    Console.WriteLine($"test accuracy {100 * evaluation.Accuracy:0.0} %");
}
