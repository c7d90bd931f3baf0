using System;

namespace NetGen;

/// <summary>A function of the user's, element by element: <c>[Activation(nameof(Swish))]</c> for <c>static float Swish(float x)</c> of the
/// same class. The generator derives its gradient.</summary>
/// <remarks>The body is of the kind that <see cref="DifferentiableAttribute"/> describes.</remarks>
public sealed class ActivationAttribute : LayerAttribute
{
    /// <param name="function">Name of a static method of the network's class: a float of one float, and of as many more as there are
    /// constants.</param>
    /// <param name="constants">What the further parameters are, or what they start at if the layer is <see cref="Learnable"/>.</param>
    public ActivationAttribute(string function, params float[] constants)
    {
        Function = function;
        Constants = constants;
    }

    /// <summary>Name of the method.</summary>
    public string Function { get; }

    /// <summary>Values of the parameters behind the first.</summary>
    public float[] Constants { get; }

    /// <summary>True trains the parameters behind the first, one of each for every unit: each feature of a vector (N) or sequence (T, F),
    /// each channel of an image (C, H, W). <c>beta</c> of <c>F(float x, float beta)</c> becomes the parameter <c>activation1.beta</c>
    /// [units], which weight decay leaves alone. Default false.</summary>
    public bool Learnable { get; set; }

    /// <summary>Prefix of the trained parameters' names; by default <c>activation1</c>, counted from 1.</summary>
    public string? Name { get; set; }

    /// <summary>False freezes the parameters of a <see cref="Learnable"/> layer. Default true.</summary>
    public bool Trainable { get; set; } = true;
}
