using System;

namespace NetGen;

/// <summary>A function of the user's, element by element: <c>[Activation(nameof(Swish))]</c> for <c>static float Swish(float x)</c> of the
/// same class. The generator derives its gradient.</summary>
/// <remarks>The body is of the kind that <see cref="DifferentiableAttribute"/> describes.</remarks>
public sealed class ActivationAttribute : LayerAttribute
{
    /// <param name="function">Name of a static method of the network's class: a float of one float, and of as many more as there are
    /// constants.</param>
    /// <param name="constants">What the further parameters are.</param>
    public ActivationAttribute(string function, params float[] constants)
    {
        Function = function;
        Constants = constants;
    }

    /// <summary>Name of the method.</summary>
    public string Function { get; }

    /// <summary>Values of the parameters behind the first.</summary>
    public float[] Constants { get; }
}
