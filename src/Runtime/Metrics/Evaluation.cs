using System.Globalization;

namespace NetGen;

/// <summary>Loss and metrics of a network on a dataset.</summary>
/// <remarks>
/// Classification (labels, or the targets of a cross-entropy) has <see cref="Accuracy"/>, and with one class per sample a
/// <see cref="ConfusionMatrix"/>; regression has <see cref="RootMeanSquaredError"/>, <see cref="MeanAbsoluteError"/> and <see cref="R2"/>.
/// </remarks>
public sealed class Evaluation
{
    /// <summary>Mean loss over the samples, without penalties of weights. With <see cref="Dataset.Weights"/> the weighted mean; all else
    /// counts every sample alike.</summary>
    public required double Loss { get; init; }

    /// <summary>Samples evaluated.</summary>
    public required int Count { get; init; }

    /// <summary>Share of samples whose class is right, 0 to 1: the highest output, or one output on the right side of 0.5, of 0
    /// with a hinge loss. With several yes-or-no outputs, the share of outputs. Null in regression.</summary>
    public double? Accuracy { get; init; }

    /// <summary>The mean 0-1 loss: share of wrong answers, 1 − <see cref="Accuracy"/>. Null in regression.</summary>
    public double? ErrorRate => 1 - Accuracy;

    /// <summary>Who was taken for whom; null in regression and with several yes-or-no outputs.</summary>
    public ConfusionMatrix? ConfusionMatrix { get; init; }

    /// <summary>Root of the mean squared error over all outputs; null in classification.</summary>
    public double? RootMeanSquaredError { get; init; }

    /// <summary>Mean absolute error over all outputs; null in classification.</summary>
    public double? MeanAbsoluteError { get; init; }

    /// <summary>Coefficient of determination R² = 1 − Σ(y−ŷ)² / Σ(y−ȳ)², mean over the outputs; null in classification.</summary>
    /// <remarks>1 is perfect, 0 is as good as always answering the mean. A target that never changes counts as 1 if it is met exactly,
    /// else 0.</remarks>
    public double? R2 { get; init; }

    /// <summary>One line: <c>loss 0.0812 · accuracy 97.6 %</c>.</summary>
    public override string ToString()
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        string text = $"loss {LossText.Of(Loss)}";
        if (Accuracy is { } accuracy)
            text += string.Create(culture, $" · accuracy {100 * accuracy:0.0} %");
        if (RootMeanSquaredError is { } error)
            text += string.Create(culture, $" · RMSE {error:G4} · R² {R2:0.000}");
        return text;
    }
}
