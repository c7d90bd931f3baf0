using System.Globalization;

namespace NetGen;

/// <summary>What one fold gave.</summary>
/// <param name="Fold">Its number, from 1.</param>
/// <param name="TestSamples">Indices of the samples that were held out, ascending; all others were trained on.</param>
/// <param name="History">How its network was trained.</param>
/// <param name="Evaluation">Loss and metrics on the held-out samples.</param>
public sealed record FoldResult(int Fold, IReadOnlyList<int> TestSamples, TrainingHistory History, Evaluation Evaluation)
{
    /// <summary>One line.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"fold {Fold} · {TestSamples.Count} held out · {Evaluation}");
}
