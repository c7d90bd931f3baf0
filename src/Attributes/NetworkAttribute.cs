using System;

namespace NetGen;

/// <summary>Declares a neural network: the partial class that bears it is completed by the generator.</summary>
/// <remarks>
/// Layer attributes follow on the same declaration, in the order in which data flows; a loss comes last. Without a loss the
/// network predicts only and no training code is generated.
/// </remarks>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class NetworkAttribute : Attribute
{
    /// <param name="inputShape">Shape of one sample without the batch: (N), (T, F) or (C, H, W). Every extent is at least 1.</param>
    public NetworkAttribute(params int[] inputShape) => InputShape = inputShape;

    /// <summary>Shape of one sample, batch excluded.</summary>
    public int[] InputShape { get; }

    /// <summary>Default for every layer's <see cref="ParameterLayerAttribute.Init"/>.</summary>
    public Init Init { get; set; }

    /// <summary>Default for every layer's <see cref="ParameterLayerAttribute.Bias"/>. Default true.</summary>
    public bool Bias { get; set; } = true;

    /// <summary>Default for every layer's <see cref="ParameterLayerAttribute.L1"/>. Default 0.</summary>
    public float L1 { get; set; }

    /// <summary>Default for every layer's <see cref="ParameterLayerAttribute.L2"/>. Default 0.</summary>
    public float L2 { get; set; }

    /// <summary>Default for every layer's <see cref="ParameterLayerAttribute.Trainable"/>. Default true.</summary>
    public bool Trainable { get; set; } = true;

    /// <summary>Default for every layer's <see cref="ParameterLayerAttribute.TrainBias"/>. Default true.</summary>
    public bool TrainBias { get; set; } = true;
}

/// <summary>How the weights of a layer start. Biases always start at 0.</summary>
public enum Init
{
    /// <summary><see cref="He"/> before ReLU-like activations, <see cref="Xavier"/> otherwise.</summary>
    Auto = 0,

    /// <summary>All 0. Hidden units of such a layer stay equal to each other: for linear models and tests.</summary>
    Zeros,

    /// <summary>Uniform in [-0.05, 0.05).</summary>
    Uniform,

    /// <summary>Normal with mean 0 and standard deviation 0.05.</summary>
    Normal,

    /// <summary>Uniform in ±√(6 / (fanIn + fanOut)). Glorot and Bengio 2010.</summary>
    Xavier,

    /// <summary>Uniform in ±√(6 / fanIn). He et al. 2015.</summary>
    He,

    /// <summary>Normal with mean 0 and variance 2 / (fanIn + fanOut). Glorot and Bengio 2010.</summary>
    XavierNormal,

    /// <summary>Normal with mean 0 and variance 2 / fanIn. He et al. 2015.</summary>
    HeNormal,

    /// <summary>Normal with mean 0 and variance 1 / fanIn, what SELU expects. LeCun et al. 1998.</summary>
    LeCun,

    /// <summary>Uniform in ±√(3 / fanIn), of the same variance as <see cref="LeCun"/>.</summary>
    LeCunUniform,

    /// <summary>Orthonormal rows, or columns where they are fewer, so that lengths are kept. Saxe et al. 2014.</summary>
    Orthogonal,
}
