using System.Globalization;
using NetGen;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
ulong seed = 1;
if (args.Length > 0 && !ulong.TryParse(args[0], NumberStyles.None, CultureInfo.InvariantCulture, out seed))
{
    Console.Error.WriteLine("Usage: Xor [seed of the weights, a whole number; 1 if left out]");
    return 2;
}

float[] inputs = [0, 0, 0, 1, 1, 0, 1, 1];
float[] targets = [0, 1, 1, 0];

var net = new Xor(seed);
var optimizer = new Momentum(learningRate: 0.3f);
for (int step = 0; step <= 500; step++)
{
    float loss = net.Train(inputs, targets, optimizer);
    if (step % 100 == 0)
        Console.WriteLine($"step {step,3}: loss {loss:0.0000}");
}

Console.WriteLine();
Console.WriteLine("a b | a xor b | predicted");
float[] outputs = net.Predict(inputs);
for (int i = 0; i < outputs.Length; i++)
    Console.WriteLine($"{inputs[2 * i]} {inputs[2 * i + 1]} |    {targets[i]}    |   {outputs[i]:0.000}");
return 0;

/// <summary>Exclusive or: no straight line separates its two classes, so it takes a hidden layer.</summary>
[Network(2)]
[Dense(4), Tanh]
[Dense(1), Sigmoid]
[BinaryCrossEntropy]
public sealed partial class Xor;
