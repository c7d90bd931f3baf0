using System.Globalization;

namespace NetGen;

/// <summary>What one epoch gave.</summary>
/// <param name="Epoch">Number of the epoch, from 1.</param>
/// <param name="TrainingLoss">Mean over the samples of the loss before their step, penalties included.</param>
/// <param name="Validation">Loss and metrics on the validation data after the epoch; null without any.</param>
/// <param name="Elapsed">Time spent on training in this epoch, without validation and callbacks.</param>
/// <param name="SamplesPerSecond">Training samples per second in that time.</param>
public sealed record EpochResult(int Epoch, double TrainingLoss, Evaluation? Validation, TimeSpan Elapsed, double SamplesPerSecond)
{
    /// <summary>Mean loss on the validation data, or null.</summary>
    public double? ValidationLoss => Validation?.Loss;

    /// <summary>Accuracy on the validation data, 0 to 1, or null.</summary>
    public double? ValidationAccuracy => Validation?.Accuracy;

    /// <summary>One line.</summary>
    public override string ToString()
    {
        string validation = Validation is null ? "" : $" · validation {Validation}";
        return string.Create(CultureInfo.InvariantCulture,
            $"epoch {Epoch} · loss {LossText.Of(TrainingLoss)}{validation} · {Elapsed.TotalSeconds:0.00} s");
    }
}
