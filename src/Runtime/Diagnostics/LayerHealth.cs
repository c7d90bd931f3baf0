using System.Globalization;

namespace NetGen;

/// <summary>What a probe says about one layer.</summary>
/// <param name="Name">The layer: <c>dense1</c> or <c>relu1</c>.</param>
/// <param name="Kind">The attribute's name, with what was given to it: <c>Dense(128)</c>.</param>
/// <param name="ParameterNorm">Root of the sum of squares of its parameters; null where it has none.</param>
/// <param name="GradientNorm">Root of the sum of squares of the mean gradient; null where it has no trainable parameter.</param>
/// <param name="BadParameters">How many of its parameters are NaN or infinite.</param>
/// <param name="BadGradients">How many components of its gradient are NaN or infinite.</param>
/// <param name="ActivationNorm">Root of the mean over the samples of the sum of squares of its outputs; null where it cannot be
/// recovered.</param>
/// <param name="DeadUnits">Share of its outputs that are 0 for every sample, 0 to 1: after a ReLU, the units that no longer learn; null
/// where it cannot be recovered.</param>
public sealed record LayerHealth(
    string Name, string Kind, double? ParameterNorm, double? GradientNorm, int BadParameters, int BadGradients, double? ActivationNorm,
    double? DeadUnits)
{
    /// <summary>One line.</summary>
    public override string ToString()
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        string text = Name;
        if (GradientNorm is { } gradient)
            text += string.Create(culture, $" · gradient {gradient:G3}");
        if (ParameterNorm is { } parameter)
            text += string.Create(culture, $" · parameters {parameter:G3}");
        if (ActivationNorm is { } activation)
            text += string.Create(culture, $" · activations {activation:G3}");
        if (DeadUnits is { } dead)
            text += string.Create(culture, $" · dead {100 * dead:0.#} %");
        return text;
    }
}
