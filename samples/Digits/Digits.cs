using NetGen;

/// <summary>Reads a 28×28 image of a digit, greys in 0..1; gives the probabilities of 0 to 9.</summary>
[Network(784)]
[Dense(128), ReLU]
[Dense(10), Softmax]
[CrossEntropy]
public sealed partial class Digits;
