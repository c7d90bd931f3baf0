using NetGen.Generator.Expressions;

namespace NetGen.Generator.Operations;

/// <summary>Which loss, with its formula for comments; the kernel holds the code.</summary>
/// <param name="Name">The attribute's name.</param>
/// <param name="Formula">Per sample.</param>
/// <param name="GradientFormula">With respect to the kernel's input, before the factor 1 / samples.</param>
internal sealed record LossFunction(string Name, string Formula, string GradientFormula)
{
    /// <summary>The function of one output, where the loss is a mean over them; else null.</summary>
    public FormulaLoss? Element { get; init; }

    public static readonly LossFunction MeanSquaredError = new("MeanSquaredError", "mean (x - t)²", "2 (x - t) / outputs");

    public static readonly LossFunction HalfSquaredError = new("HalfSquaredError", "½ Σ (x - t)²", "x - t");

    public static readonly LossFunction BinaryCrossEntropy = new(
        "BinaryCrossEntropy", "mean (max(x, 0) - x t + ln(1 + exp(-|x|))), the cross entropy of sigmoid(x)", "(sigmoid(x) - t) / outputs");

    public static readonly LossFunction CrossEntropy = new(
        "CrossEntropy", "Σ t · ln Σ exp(x) - Σ t x, the cross entropy of softmax(x)", "softmax(x) · Σ t - t");
}
