using NetGen;

/// <summary>Squeezes a 28×28 image into 64 numbers, and makes the image of them again.</summary>
/// <remarks>Strided convolutions make it smaller, 28, 14, 7, 4, and transposed ones larger. Greys are taken for probabilities of ink, so
/// that binary cross-entropy is the loss.</remarks>
[Network(1, 28, 28)]
[Conv2D(16, 3, Stride = 2, Padding = 1), ReLU]
[Conv2D(16, 3, Stride = 2, Padding = 1), ReLU]
[Conv2D(4, 3, Stride = 2, Padding = 1, Name = "code")]
[ConvTranspose2D(16, 3, Stride = 2, Padding = 1), ReLU]
[ConvTranspose2D(16, 4, Stride = 2, Padding = 1), ReLU]
[ConvTranspose2D(1, 4, Stride = 2, Padding = 1), Sigmoid]
[BinaryCrossEntropy]
public sealed partial class AutoEncoder;
