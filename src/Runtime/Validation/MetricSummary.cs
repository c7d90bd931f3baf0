using System.Globalization;

namespace NetGen;

/// <summary>One metric over several folds.</summary>
/// <param name="Mean">Mean over the folds, each counted once.</param>
/// <param name="StandardDeviation">Deviation of the folds from it, with the divisor n − 1; NaN for a single fold, which has none.</param>
public readonly record struct MetricSummary(double Mean, double StandardDeviation)
{
    /// <summary><c>0.9533 ± 0.0298</c>, or <c>3.907e-05 ± 1.200e-05</c>; the mean alone for a single fold.</summary>
    public override string ToString() => Format(LossText.FormatOf(Mean), 1);

    internal static MetricSummary Of(ReadOnlySpan<double> values)
    {
        double sum = 0, squares = 0;
        foreach (double value in values)
            sum += value;
        double mean = sum / values.Length;
        foreach (double value in values)
            squares += (value - mean) * (value - mean);
        return new MetricSummary(mean, values.Length < 2 ? double.NaN : Math.Sqrt(squares / (values.Length - 1)));
    }

    internal string Format(string format, double factor)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        string mean = (factor * Mean).ToString(format, culture);
        return double.IsNaN(StandardDeviation) ? mean : $"{mean} ± {(factor * StandardDeviation).ToString(format, culture)}";
    }
}
