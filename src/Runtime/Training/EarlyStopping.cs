using System.Globalization;

namespace NetGen;

/// <summary>Stops training when the validation loss (without validation: the training loss) no longer falls.</summary>
public sealed class EarlyStopping
{
    /// <summary>Epochs without improvement after which training stops, at least 1.</summary>
    public int Patience { get; init; } = 5;

    /// <summary>An epoch improves when its loss is lower than the best by more than this; at least 0.</summary>
    public double MinimumImprovement { get; init; }

    /// <summary>Whether the parameters of the best epoch are put back when training ends, however it ends; only an exception leaves them as
    /// trained.</summary>
    public bool RestoreBest { get; init; } = true;

    internal void Validate()
    {
        if (Patience < 1)
            throw new ArgumentException($"{nameof(EarlyStopping)}.{nameof(Patience)} is {Patience}; at least 1 epoch is needed.");
        if (!(MinimumImprovement >= 0) || double.IsInfinity(MinimumImprovement))
        {
            throw new ArgumentException($"{nameof(EarlyStopping)}.{nameof(MinimumImprovement)} is "
                + $"{MinimumImprovement.ToString(CultureInfo.InvariantCulture)}; it must be at least 0 and finite.");
        }
    }
}
