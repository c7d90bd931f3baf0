using System.Globalization;
using NetGen;

// 150 flowers of three species, four measurements in centimetres each: R. A. Fisher, "The use of multiple measurements in taxonomic
// problems", 1936; the file is the one of the UCI Machine Learning Repository (https://archive.ics.uci.edu/dataset/53/iris).
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
Dataset flowers = Csv.Load(Path.Combine(AppContext.BaseDirectory, "iris.csv"), target: "species");
Console.WriteLine($"{flowers}: {string.Join(", ", flowers.ClassNames!)}");

const int repeats = 5;
double sum = 0;
for (ulong seed = 0; seed < repeats; seed++)
{
    (Dataset train, Dataset test) = flowers.Split(0.8, seed);
    Scaler scaler = Scaler.Standardize(train);            // fitted on the training part alone: the test part stays unseen
    (train, test) = (scaler.Apply(train), scaler.Apply(test));

    var net = new Iris(seed);
    net.Train(train, new TrainingOptions { Epochs = 100, BatchSize = 16, Optimizer = new Adam(learningRate: 5e-3f), Seed = seed });

    Evaluation evaluation = net.Evaluate(test);
    Console.WriteLine($"split {seed + 1}: {train.Count} to train, {test.Count} to test · {evaluation}");
    sum += evaluation.Accuracy!.Value;
}

Console.WriteLine($"mean accuracy {100 * sum / repeats:0.0} %");

/// <summary>Tells the species of an iris from the lengths and widths of its sepals and petals.</summary>
[Network(4)]
[Dense(16), Tanh]
[Dense(3), Softmax]
[CrossEntropy]
public sealed partial class Iris;
