using System.Globalization;

namespace NetGen;

/// <summary>How training went.</summary>
public sealed class TrainingHistory
{
    /// <summary>The whole epochs, in order.</summary>
    public required IReadOnlyList<EpochResult> Epochs { get; init; }

    /// <summary>Number (from 1) of the epoch with the lowest validation loss, without validation the lowest training loss; 0 without
    /// epochs.</summary>
    public required int BestEpoch { get; init; }

    /// <summary>Number (from 1) of the epoch whose parameters the network was given back, or null where it stays as trained.
    /// <see cref="TrainingOptions.EpochsDone"/>, by default 0, stands for the parameters before training.</summary>
    public int? RestoredEpoch { get; init; }

    /// <summary>Why training ended.</summary>
    public required StopReason StoppedBecause { get; init; }

    /// <summary>Time from start to end, validation and callbacks included.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>One line.</summary>
    public override string ToString()
    {
        string reason = StoppedBecause switch
        {
            StopReason.EarlyStopping => ", stopped early",
            StopReason.Cancelled => ", cancelled",
            StopReason.Diverged => ", stopped because the loss was no longer finite (go on with a new optimizer and a lower learning rate)",
            _ => "",
        };
        CultureInfo culture = CultureInfo.InvariantCulture;
        string best = BestEpoch == 0 ? "" : string.Create(culture, $"; best epoch {BestEpoch}");
        string restored = RestoredEpoch switch
        {
            null => "",
            0 => ", parameters from before training restored",
            int epoch => string.Create(culture, $", parameters of epoch {epoch} restored"),
        };
        return string.Create(
            culture, $"{Epochs.Count} {(Epochs.Count == 1 ? "epoch" : "epochs")} in {Elapsed.TotalSeconds:0.00} s{reason}{best}{restored}");
    }
}
