using System.Globalization;

namespace NetGen;

/// <summary>Mean and deviation of every metric over the folds of a cross-validation. <see cref="ToString"/> is one line.</summary>
/// <remarks>Metrics that a fold does not have are null: accuracy in regression, errors in classification.</remarks>
public sealed class ValidationResult
{
    internal ValidationResult(IReadOnlyList<FoldResult> folds, IReadOnlyList<string>? classNames)
    {
        Folds = folds;
        Loss = Summarize(evaluation => evaluation.Loss)!.Value;
        Accuracy = Summarize(evaluation => evaluation.Accuracy);
        RootMeanSquaredError = Summarize(evaluation => evaluation.RootMeanSquaredError);
        MeanAbsoluteError = Summarize(evaluation => evaluation.MeanAbsoluteError);
        R2 = Summarize(evaluation => evaluation.Count < 2 ? null : evaluation.R2);
        MacroPrecision = Summarize(evaluation => evaluation.Count < 2 ? null : evaluation.ConfusionMatrix?.MacroPrecision);
        MacroRecall = Summarize(evaluation => evaluation.Count < 2 ? null : evaluation.ConfusionMatrix?.MacroRecall);
        MacroF1 = Summarize(evaluation => evaluation.Count < 2 ? null : evaluation.ConfusionMatrix?.MacroF1);
        ConfusionMatrix = Pool(folds, classNames);
    }

    /// <summary>The folds, in order.</summary>
    public IReadOnlyList<FoldResult> Folds { get; }

    /// <summary>Mean loss on the held-out samples.</summary>
    public MetricSummary Loss { get; }

    /// <summary>Share of the held-out samples whose class is right, 0 to 1.</summary>
    public MetricSummary? Accuracy { get; }

    /// <summary>Mean precision over the classes of a fold; null also where a fold holds out a single sample.</summary>
    public MetricSummary? MacroPrecision { get; }

    /// <summary>Mean recall over the classes of a fold; null also where a fold holds out a single sample.</summary>
    public MetricSummary? MacroRecall { get; }

    /// <summary>Mean F1 over the classes of a fold; null also where a fold holds out a single sample.</summary>
    public MetricSummary? MacroF1 { get; }

    /// <summary>Root of a fold's mean squared error.</summary>
    public MetricSummary? RootMeanSquaredError { get; }

    /// <summary>A fold's mean absolute error.</summary>
    public MetricSummary? MeanAbsoluteError { get; }

    /// <summary>A fold's coefficient of determination; null also where a fold holds out a single sample, which does not vary.</summary>
    public MetricSummary? R2 { get; }

    /// <summary>Who was taken for whom in all folds together: each held-out sample counts once.</summary>
    public ConfusionMatrix? ConfusionMatrix { get; }

    /// <summary>One line: <c>5 folds · loss 0.1204 ± 0.0611 · accuracy 95.3 ± 3.0 %</c>.</summary>
    public override string ToString()
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"{Folds.Count} {(Folds.Count == 1 ? "fold" : "folds")} · loss {Loss}");
        if (Accuracy is { } accuracy)
            text += $" · accuracy {accuracy.Format("0.0", 100)} %";
        if (RootMeanSquaredError is { } error)
            text += $" · RMSE {error.Format("G4", 1)}";
        if (R2 is { } r2)
            text += $" · R² {r2.Format("0.000", 1)}";
        return text;
    }

    private static ConfusionMatrix? Pool(IReadOnlyList<FoldResult> folds, IReadOnlyList<string>? classNames)
    {
        if (folds[0].Evaluation.ConfusionMatrix is not { ClassCount: int classes })
            return null;
        ConfusionMatrix pooled = new(classes, classNames);
        foreach (FoldResult fold in folds)
            pooled.Add(fold.Evaluation.ConfusionMatrix!);
        return pooled;
    }

    private MetricSummary? Summarize(Func<Evaluation, double?> metric)
    {
        double[] values = new double[Folds.Count];
        for (int i = 0; i < values.Length; i++)
        {
            if (metric(Folds[i].Evaluation) is not { } value)
                return null;
            values[i] = value;
        }

        return MetricSummary.Of(values);
    }
}
