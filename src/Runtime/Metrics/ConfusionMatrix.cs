using System.Globalization;
using System.Text;

namespace NetGen;

/// <summary>How often each class was taken for each. <see cref="ToString"/> prints the table.</summary>
public sealed class ConfusionMatrix
{
    private readonly long[] counts;
    private readonly IReadOnlyList<string>? names;

    /// <param name="classCount">Number of classes, at least 1.</param>
    /// <param name="classNames">A name per class, if known; further classes are called by their number.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no class.</exception>
    public ConfusionMatrix(int classCount, IReadOnlyList<string>? classNames = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 1);
        ClassCount = classCount;
        names = classNames;
        counts = new long[checked(classCount * classCount)];
    }

    /// <summary>Number of classes.</summary>
    public int ClassCount { get; }

    /// <summary>Samples counted.</summary>
    public long Total => counts.Sum();

    /// <summary>Share of the samples on the diagonal; 0 without samples.</summary>
    public double Accuracy => Ratio(Enumerable.Range(0, ClassCount).Sum(label => this[label, label]), Total);

    /// <summary>Mean precision over the classes that occur, as a truth or as a prediction.</summary>
    public double MacroPrecision => Macro(metrics => metrics.Precision);

    /// <summary>Mean recall over the classes that occur, as a truth or as a prediction.</summary>
    public double MacroRecall => Macro(metrics => metrics.Recall);

    /// <summary>Mean F1 over the classes that occur, as a truth or as a prediction.</summary>
    public double MacroF1 => Macro(metrics => metrics.F1);

    /// <summary>Samples of class <paramref name="actual"/> that were predicted as <paramref name="predicted"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public long this[int actual, int predicted] => counts[Index(actual, predicted)];

    /// <summary>Counts one sample.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public void Add(int actual, int predicted) => counts[Index(actual, predicted)]++;

    /// <summary>Counts all samples of another table with as many classes.</summary>
    internal void Add(ConfusionMatrix other)
    {
        for (int i = 0; i < counts.Length; i++)
            counts[i] += other.counts[i];
    }

    /// <summary>Precision, recall and F1 of one class.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public ClassMetrics Metrics(int label)
    {
        long hits = this[label, label], actual = 0, predicted = 0;
        for (int other = 0; other < ClassCount; other++)
        {
            actual += this[label, other];
            predicted += this[other, label];
        }

        return new ClassMetrics(Ratio(hits, predicted), Ratio(hits, actual), Ratio(2 * hits, actual + predicted), actual);
    }

    /// <summary>The table: a row per true class, a column per predicted one, then precision, recall and F1 of the row's class.</summary>
    public override string ToString()
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        string[] labels = [.. Enumerable.Range(0, ClassCount).Select(Name)];
        int first = Math.Max("actual".Length, labels.Max(label => label.Length));
        int[] widths = [.. Enumerable.Range(0, ClassCount).Select(predicted => Math.Max(
            labels[predicted].Length, Enumerable.Range(0, ClassCount).Max(actual => this[actual, predicted].ToString(culture).Length)))];

        StringBuilder text = new();
        text.Append("actual".PadRight(first)).Append(" |");
        for (int predicted = 0; predicted < ClassCount; predicted++)
            text.Append(' ').Append(labels[predicted].PadLeft(widths[predicted]));
        text.Append(" | precision  recall      F1\n");
        for (int actual = 0; actual < ClassCount; actual++)
        {
            text.Append(labels[actual].PadRight(first)).Append(" |");
            for (int predicted = 0; predicted < ClassCount; predicted++)
                text.Append(' ').Append(this[actual, predicted].ToString(culture).PadLeft(widths[predicted]));
            ClassMetrics metrics = Metrics(actual);
            text.Append(culture, $" | {Percent(metrics.Precision),9}  {Percent(metrics.Recall),6}  {Percent(metrics.F1),6}\n");
        }

        return text.Append(culture,
            $"mean: precision {Percent(MacroPrecision)}, recall {Percent(MacroRecall)}, F1 {Percent(MacroF1)}").ToString();
    }

    private static string Percent(double ratio) => (100 * ratio).ToString("0.0", CultureInfo.InvariantCulture) + "%";

    private static double Ratio(long part, long whole) => whole == 0 ? 0 : (double)part / whole;

    private double Macro(Func<ClassMetrics, double> value)
    {
        double sum = 0;
        int occurring = 0;
        for (int label = 0; label < ClassCount; label++)
        {
            bool occurs = false;
            for (int other = 0; other < ClassCount && !occurs; other++)
                occurs = this[label, other] > 0 || this[other, label] > 0;
            if (!occurs)
                continue;
            occurring++;
            sum += value(Metrics(label));
        }

        return occurring == 0 ? 0 : sum / occurring;
    }

    private string Name(int label) =>
        names is not null && label < names.Count ? names[label] : label.ToString(CultureInfo.InvariantCulture);

    private int Index(int actual, int predicted)
    {
        Check(actual, nameof(actual));
        Check(predicted, nameof(predicted));
        return (actual * ClassCount) + predicted;
    }

    private void Check(int label, string name)
    {
        if ((uint)label >= (uint)ClassCount)
            throw new ArgumentOutOfRangeException(name, label, $"Class {label} is asked for; there are classes 0 to {ClassCount - 1}.");
    }
}
