using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics;
using NetGen;

// Prints what must be the same from the JIT and from NativeAOT; the time goes to standard error, because it never is.
long start = Stopwatch.GetTimestamp();
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
Classifier net = new(seed: 1);
float[] inputs = new float[Classifier.InputLength];
for (int i = 0; i < inputs.Length; i++) inputs[i] = i % 17 / 16f;

float[] outputs = net.Predict(inputs);

double checksum = 0;
for (int i = 0; i < outputs.Length; i++) checksum += (i + 1) * (double)outputs[i];
Console.WriteLine($"vectors {WidestVector()} bits");
Console.WriteLine($"outputs {string.Join(' ', outputs.Select(output => output.ToString("R")))}");
Console.WriteLine($"checksum {checksum:R}");
Console.Error.WriteLine($"constructed, predicted and printed in {Stopwatch.GetElapsedTime(start).TotalMilliseconds:0.00} ms");

static int WidestVector() =>
    Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0;

/// <summary>No loss: no training code is generated, and the binary carries none.</summary>
[Network(784)]
[Dense(128), ReLU]
[Dense(10), Softmax]
public sealed partial class Classifier;
