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

    /// <summary>λ of the penalty λ · Σ|w| on the layer's trainable weights, never on biases: it adds λ · sign(w) to their gradient.
    /// Finite, at least 0. Default 0.</summary>
    /// <remarks>The training loss includes it, <c>Evaluate</c> does not. What is frozen has no penalty, which would be constant.</remarks>
    public float L1 { get; set; }

    /// <summary>λ of the penalty ½ λ · Σw² on the layer's trainable weights, never on biases: it adds λ · w to their gradient.
    /// Finite, at least 0. Default 0.</summary>
    /// <remarks><inheritdoc cref="L1" path="/remarks"/></remarks>
    public float L2 { get; set; }

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

/// <summary>x where x &gt; 0, otherwise alpha · (exp(x) − 1).</summary>
public sealed class ELUAttribute : LayerAttribute
{
    /// <param name="alpha">Minus the value at −∞, finite. Default 1.</param>
    public ELUAttribute(float alpha = 1f) => Alpha = alpha;

    /// <summary>Minus the value at −∞.</summary>
    public float Alpha { get; }
}

/// <summary>1.0507 · (x where x &gt; 0, otherwise 1.67326 · (exp(x) − 1)).</summary>
public sealed class SELUAttribute : LayerAttribute
{
}

/// <summary>min(max(x, 0), 6).</summary>
public sealed class ReLU6Attribute : LayerAttribute
{
}

/// <summary>x · Φ(x), with the distribution Φ of the standard normal: the exact form, not the one with tanh.</summary>
public sealed class GELUAttribute : LayerAttribute
{
}

/// <summary>x / (1 + exp(−x)), also known as Swish.</summary>
public sealed class SiLUAttribute : LayerAttribute
{
}

/// <summary>x · tanh(ln(1 + exp(x))).</summary>
public sealed class MishAttribute : LayerAttribute
{
}

/// <summary>min(max(x + 3, 0), 6) / 6.</summary>
public sealed class HardSigmoidAttribute : LayerAttribute
{
}

/// <summary>x · min(max(x + 3, 0), 6) / 6.</summary>
public sealed class HardSwishAttribute : LayerAttribute
{
}

/// <summary>ln(1 + exp(x)).</summary>
public sealed class SoftplusAttribute : LayerAttribute
{
}

/// <summary>x / (1 + |x|).</summary>
public sealed class SoftsignAttribute : LayerAttribute
{
}

/// <summary>exp(xᵢ) / Σⱼ exp(xⱼ) over the last axis.</summary>
public sealed class SoftmaxAttribute : LayerAttribute
{
}
