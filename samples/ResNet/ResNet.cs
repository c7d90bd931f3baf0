using NetGen;

/// <summary>Tells ten classes of 32×32 colour images apart, red, green and blue in 0..1.</summary>
/// <remarks>ResNet-20 of He, Zhang, Ren and Sun, "Deep Residual Learning for Image Recognition", 2016, section 4.2: nine blocks of two
/// convolutions each. Where a block halves the image, its shortcut is a convolution (their option B).</remarks>
[Network(3, 32, 32, L2 = 1e-4f)]
[Conv2D(16, 3, Padding = 1, Bias = false), BatchNorm, ReLU]
[Use<Residual16>(Repeat = 3)]
[Use<Halving32>, Use<Residual32>(Repeat = 2)]
[Use<Halving64>, Use<Residual64>(Repeat = 2)]
[GlobalAveragePool, Dense(10), Softmax]
[CrossEntropy]
public sealed partial class ResNet;

/// <summary>Two convolutions, whose result is added to what comes in: (16, h, w) to the same.</summary>
[Block]
[Mark("in")]
[Conv2D(16, 3, Padding = 1, Bias = false), BatchNorm, ReLU]
[Conv2D(16, 3, Padding = 1, Bias = false), BatchNorm]
[Add("in"), ReLU]
public sealed class Residual16;

/// <summary>The same for (32, h, w).</summary>
[Block]
[Mark("in")]
[Conv2D(32, 3, Padding = 1, Bias = false), BatchNorm, ReLU]
[Conv2D(32, 3, Padding = 1, Bias = false), BatchNorm]
[Add("in"), ReLU]
public sealed class Residual32;

/// <summary>The same for (64, h, w).</summary>
[Block]
[Mark("in")]
[Conv2D(64, 3, Padding = 1, Bias = false), BatchNorm, ReLU]
[Conv2D(64, 3, Padding = 1, Bias = false), BatchNorm]
[Add("in"), ReLU]
public sealed class Residual64;

/// <summary>Halves height and width on both ways, and doubles the channels: (16, h, w) to (32, h/2, w/2).</summary>
[Block]
[Mark("in")]
[Conv2D(32, 1, Stride = 2, Bias = false), BatchNorm, Mark("shortcut")]
[From("in")]
[Conv2D(32, 3, Stride = 2, Padding = 1, Bias = false), BatchNorm, ReLU]
[Conv2D(32, 3, Padding = 1, Bias = false), BatchNorm]
[Add("shortcut"), ReLU]
public sealed class Halving32;

/// <summary>The same from (32, h, w) to (64, h/2, w/2).</summary>
[Block]
[Mark("in")]
[Conv2D(64, 1, Stride = 2, Bias = false), BatchNorm, Mark("shortcut")]
[From("in")]
[Conv2D(64, 3, Stride = 2, Padding = 1, Bias = false), BatchNorm, ReLU]
[Conv2D(64, 3, Padding = 1, Bias = false), BatchNorm]
[Add("shortcut"), ReLU]
public sealed class Halving64;
