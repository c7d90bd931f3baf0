using NetGen;

const string usage = """
    Trains LeNet-5 to read digits, on images that are turned and shifted a little anew in every epoch.

    usage: LeNet [--data DIR] [--epochs N] [--seed N]

      --data DIR    MNIST files in IDX format, plain or .gz; without it the program draws its own digits
      --epochs N    passes over the training images, by default 5, on MNIST 25
      --seed N      seed of the weights, the order of training and the variations, by default 42
      --help        this text
    """;

return SampleProgram.Run(args, usage, Run);

static void Run(Options options)
{
    (Dataset train, Dataset test) = DigitImages.Load(options.Data);
    Console.WriteLine(LeNet.Info);
    Console.WriteLine();

    var net = new LeNet(options.Seed);
    net.Train(train, new TrainingOptions
    {
        Epochs = options.Epochs ?? (options.Data is null ? 5 : 25),
        BatchSize = 64,
        Optimizer = new Adam(learningRate: 2e-3f),
        Schedule = new CosineAnnealing(),
        Augmentation = new ImageAugmentation(LeNet.Info.InputShape).Rotate(10).Shift(1, 1),
        Seed = options.Seed,
        Validation = test,                        // shown after every epoch, never learned from
        Progress = new ConsoleProgress(),
    });

    Evaluation evaluation = net.Evaluate(test);
    Console.WriteLine();
    Console.WriteLine(evaluation.ConfusionMatrix);
    Console.WriteLine();
    Console.WriteLine($"test accuracy {100 * evaluation.Accuracy:0.00} %");
}
