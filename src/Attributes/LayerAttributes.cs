using System;

namespace NetGen;

/// <summary>Base of every attribute that adds a layer to a network. Layers run in source order.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public abstract class LayerAttribute : Attribute
{
}

/// <summary>Base of the layers that hold parameters.</summary>
public abstract class ParameterLayerAttribute : LayerAttribute
{
    /// <summary>Prefix of the parameters' names; by default the kind, counted from 1: <c>dense1</c>.</summary>
    public string? Name { get; set; }

    /// <summary>How the weights start. Default <see cref="NetGen.Init.Auto"/>.</summary>
    public Init Init { get; set; }

    /// <summary>Whether a bias is added. Default true.</summary>
    public bool Bias { get; set; } = true;

    /// <summary>False freezes weights and bias: no gradient code is generated for them. Default true.</summary>
    public bool Trainable { get; set; } = true;

    /// <summary>False freezes the bias alone. Default true.</summary>
    public bool TrainBias { get; set; } = true;
}

/// <summary>Fully connected layer on the last axis: y = W·x + b. Weight [units, inputs], bias [units].</summary>
public sealed class DenseAttribute : ParameterLayerAttribute
{
    /// <param name="units">Number of outputs, at least 1.</param>
    public DenseAttribute(int units) => Units = units;

    /// <summary>Number of outputs.</summary>
    public int Units { get; }
}

/// <summary>Reads a sample of any shape as one vector, in row-major order. Costs nothing at run time.</summary>
public sealed class FlattenAttribute : LayerAttribute
{
}

/// <summary>max(x, 0).</summary>
public sealed class ReLUAttribute : LayerAttribute
{
}

/// <summary>x where x &gt; 0, otherwise slope · x.</summary>
public sealed class LeakyReLUAttribute : LayerAttribute
{
    /// <param name="slope">Slope for negative inputs, finite. Default 0.01.</param>
    public LeakyReLUAttribute(float slope = 0.01f) => Slope = slope;

    /// <summary>Slope for negative inputs.</summary>
    public float Slope { get; }
}

/// <summary>1 / (1 + exp(−x)).</summary>
public sealed class SigmoidAttribute : LayerAttribute
{
}

/// <summary>Hyperbolic tangent.</summary>
public sealed class TanhAttribute : LayerAttribute
{
}

/// <summary>exp(xᵢ) / Σⱼ exp(xⱼ) over the last axis.</summary>
public sealed class SoftmaxAttribute : LayerAttribute
{
}
