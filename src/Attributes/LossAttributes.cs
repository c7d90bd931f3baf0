using System;

namespace NetGen;

/// <summary>Base of the losses, and a loss of the user's: <c>[Loss(nameof(Quantile))]</c> for
/// <c>static float Quantile(float prediction, float target)</c> of the same class. Mean over outputs and samples.</summary>
/// <remarks>
/// A loss is the last attribute of a network that can be trained. The generator derives the gradient of the user's; its body is of the kind
/// that <see cref="DifferentiableAttribute"/> describes.
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public class LossAttribute : Attribute
{
    /// <param name="function">Name of a static method of the network's class: a float of prediction and target, and of as many floats
    /// more as there are constants.</param>
    /// <param name="constants">What the further parameters are.</param>
    public LossAttribute(string function, params float[] constants)
    {
        Function = function;
        Constants = constants;
    }

    /// <summary>A loss of another name.</summary>
    protected LossAttribute()
    {
        Function = "";
        Constants = [];
    }

    /// <summary>Name of the method.</summary>
    public string Function { get; }

    /// <summary>Values of the parameters behind prediction and target.</summary>
    public float[] Constants { get; }

    /// <summary>Name of the output that it judges, where the network has several.</summary>
    public string? Output { get; set; }

    /// <summary>Factor of this loss in the sum of all, finite. Default 1.</summary>
    public float Weight { get; set; } = 1f;
}

/// <summary>(ŷ − y)², mean over outputs and samples.</summary>
public sealed class MeanSquaredErrorAttribute : LossAttribute
{
}

/// <summary>½ (ŷ − y)², summed over outputs, mean over samples.</summary>
public sealed class HalfSquaredErrorAttribute : LossAttribute
{
}

/// <summary>|ŷ − y|, mean over outputs and samples.</summary>
public sealed class MeanAbsoluteErrorAttribute : LossAttribute
{
}

/// <summary>½ (ŷ − y)² where |ŷ − y| &lt; 1, else |ŷ − y| − ½; mean over outputs and samples.</summary>
public sealed class HuberAttribute : LossAttribute
{
}

/// <summary>ln cosh(ŷ − y), mean over outputs and samples.</summary>
public sealed class LogCoshAttribute : LossAttribute
{
}

/// <summary>max(0, 1 − y ŷ) for targets y of −1 and 1, mean over outputs and samples. Labels become −1 and 1.</summary>
public sealed class HingeAttribute : LossAttribute
{
}

/// <summary>max(0, 1 − y ŷ)² for targets y of −1 and 1, mean over outputs and samples. Labels become −1 and 1.</summary>
public sealed class SquaredHingeAttribute : LossAttribute
{
}

/// <summary>Σ y (ln y − ln ŷ) over the classes, mean over samples; y = 0 adds 0. Follows <see cref="SoftmaxAttribute"/>.</summary>
public sealed class KLDivergenceAttribute : LossAttribute
{
}

/// <summary>−(y ln ŷ + (1 − y) ln(1 − ŷ)), mean over outputs and samples. Follows <see cref="SigmoidAttribute"/>.</summary>
public sealed class BinaryCrossEntropyAttribute : LossAttribute
{
    /// <summary>What positive targets weigh: −(p y ln ŷ + (1 − y) ln(1 − ŷ)). Above 1 where they are rare.
    /// Finite and positive. Default 1.</summary>
    /// <remarks>PyTorch's <c>pos_weight</c>: the mean is still one over all outputs and samples.</remarks>
    public float PositiveWeight { get; set; } = 1f;
}

/// <summary>−Σ y ln ŷ over the classes, mean over samples. Follows <see cref="SoftmaxAttribute"/>; takes labels or probabilities.</summary>
public sealed class CrossEntropyAttribute : LossAttribute
{
    /// <summary>ε of label smoothing: targets y over K classes become (1 − ε) y + ε / K. At least 0 and below 1. Default 0.</summary>
    public float LabelSmoothing { get; set; }

    /// <summary>A weight w per class, finite and at least 0, not all 0: −Σ w y ln ŷ, and the mean over the samples divides by the sum of
    /// Σ w y instead of their number. Default: none.</summary>
    /// <remarks>PyTorch's <c>weight</c> with class labels; probabilities are treated like labels, so that both forms of a label agree. The
    /// weights count in <c>Evaluate</c>'s loss too; its metrics count samples.</remarks>
    public float[]? ClassWeights { get; set; }
}

/// <summary>Not a loss to train with: it counts wrong answers, so its gradient is 0 wherever there is one. Train on
/// <see cref="CrossEntropyAttribute"/> and read <c>Evaluation.ErrorRate</c>.</summary>
public sealed class ZeroOneLossAttribute : LossAttribute
{
}
