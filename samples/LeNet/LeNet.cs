using NetGen;

/// <summary>Reads a 28×28 image of a digit, greys in 0..1; gives the probabilities of 0 to 9.</summary>
/// <remarks>LeNet-5 of LeCun, Bottou, Bengio and Haffner, "Gradient-Based Learning Applied to Document Recognition", 1998, with rectifiers
/// and maximum pooling, as it is built today.</remarks>
[Network(1, 28, 28)]
[Conv2D(6, 5, Padding = 2), ReLU, MaxPool2D(2)]
[Conv2D(16, 5), ReLU, MaxPool2D(2)]
[Flatten]
[Dense(120), ReLU]
[Dense(84), ReLU]
[Dense(10), Softmax]
[CrossEntropy]
public sealed partial class LeNet;
