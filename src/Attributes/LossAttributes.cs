using System;

namespace NetGen;

/// <summary>Base of the losses. A loss is the last attribute of a network that can be trained.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public abstract class LossAttribute : Attribute
{
}

/// <summary>(ŷ − y)², mean over outputs and samples.</summary>
public sealed class MeanSquaredErrorAttribute : LossAttribute
{
}

/// <summary>½ (ŷ − y)², summed over outputs, mean over samples.</summary>
public sealed class HalfSquaredErrorAttribute : LossAttribute
{
}

/// <summary>−(y ln ŷ + (1 − y) ln(1 − ŷ)), mean over outputs and samples. Follows <see cref="SigmoidAttribute"/>.</summary>
public sealed class BinaryCrossEntropyAttribute : LossAttribute
{
}

/// <summary>−Σ y ln ŷ over the classes, mean over samples. Follows <see cref="SoftmaxAttribute"/>; takes labels or probabilities.</summary>
public sealed class CrossEntropyAttribute : LossAttribute
{
}
