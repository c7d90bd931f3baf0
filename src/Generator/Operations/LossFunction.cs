using NetGen.Generator.Emission;
using NetGen.Generator.Expressions;

namespace NetGen.Generator.Operations;

/// <summary>Which loss, with its formula for comments; the kernel holds the code.</summary>
/// <param name="Name">The attribute's name.</param>
/// <param name="Formula">Per sample.</param>
/// <param name="GradientFormula">With respect to the kernel's input, before the factor 1 / samples.</param>
/// <param name="Term">What each output adds to the loss, their mean, where one formula says it; else null.</param>
internal sealed record LossFunction(string Name, string Formula, string GradientFormula, FormulaLoss? Term = null)
{
    public static readonly LossFunction MeanSquaredError = new("MeanSquaredError", "mean (x - t)²", "2 (x - t) / outputs");

    public static readonly LossFunction HalfSquaredError = new("HalfSquaredError", "½ Σ (x - t)²", "x - t");

    public static readonly LossFunction BinaryCrossEntropy = new(
        "BinaryCrossEntropy", "mean (max(x, 0) - x t + ln(1 + exp(-|x|))), the cross entropy of sigmoid(x)", "(sigmoid(x) - t) / outputs");

    public static readonly LossFunction CrossEntropy = new(
        "CrossEntropy", "Σ t · ln Σ exp(x) - Σ t x, the cross entropy of softmax(x)", "softmax(x) · Σ t - t");

    public static readonly LossFunction KLDivergence = new(
        "KLDivergence", "Σ t · ln Σ exp(x) - Σ t (x - ln t), the divergence of softmax(x) from t", "softmax(x) · Σ t - t");

    public static readonly LossFunction MeanAbsoluteError = Mean("MeanAbsoluteError", Losses.AbsoluteError);

    public static readonly LossFunction Huber = Mean("Huber", Losses.Huber);

    public static readonly LossFunction LogCosh = Mean("LogCosh", Losses.LogCosh);

    public static readonly LossFunction Hinge = Mean("Hinge", Losses.Hinge);

    public static readonly LossFunction SquaredHinge = Mean("SquaredHinge", Losses.SquaredHinge);

    /// <summary>Of binary cross-entropy: what positive targets weigh.</summary>
    public float PositiveWeight { get; init; } = 1f;

    /// <summary>Whether it compares one distribution over the classes per sample.</summary>
    public bool ComparesClasses => Name is "CrossEntropy" or "KLDivergence";

    /// <summary>Binary cross-entropy whose positive targets weigh more or less than the negative ones.</summary>
    public static LossFunction WeightedBinaryCrossEntropy(float weight) => new(
        "BinaryCrossEntropy",
        $"mean ((1 - t) x + (1 + ({Literal.Of(weight)} - 1) t) (ln(1 + exp(-|x|)) + max(-x, 0))), the weighted cross entropy of sigmoid(x)",
        $"(sigmoid(x) (1 + ({Literal.Of(weight)} - 1) t) - {Literal.Of(weight)} t) / outputs")
    { PositiveWeight = weight };

    /// <summary>The mean of a term over the outputs.</summary>
    public static LossFunction Mean(string name, FormulaLoss term) =>
        new(name, $"mean ({term.Formula})", $"({term.GradientFormula}) / outputs", term);
}
