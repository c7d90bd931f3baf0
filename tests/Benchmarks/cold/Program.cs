using System.Globalization;
using System.Text;
using NetGen;

// Constructs a network, predicts once and writes one number: whoever started the program waits for the first byte.
Classifier network = new(seed: 1);
float[] inputs = new float[Classifier.InputLength];
for (int i = 0; i < inputs.Length; i++) inputs[i] = i % 17 / 16f;
float[] outputs = new float[Classifier.OutputLength];
network.Predict(inputs, outputs);

// Not through Console.Out: its encodings and locks would be most of the program.
using Stream output = Console.OpenStandardOutput();
output.Write(Encoding.ASCII.GetBytes(outputs[0].ToString(CultureInfo.InvariantCulture)));

/// <summary>No loss: no training code is generated, and the binary carries none.</summary>
[Network(784)]
[Dense(128), ReLU]
[Dense(10), Softmax]
public sealed partial class Classifier;
