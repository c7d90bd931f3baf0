using System.Globalization;

namespace NetGen;

/// <summary>The state of a network's layers on a probe. <see cref="ToString"/> has a line for each layer.</summary>
/// <param name="Epoch">After which epoch it was taken, from 1; 0 before training.</param>
/// <param name="Loss">Mean loss on the probe, penalties included.</param>
/// <param name="Layers">The layers, in the order in which data flows.</param>
public sealed record HealthReport(int Epoch, double Loss, IReadOnlyList<LayerHealth> Layers)
{
    /// <summary>What is wrong, a sentence for each layer that holds NaN or an infinity; the first one is nearest to the inputs.</summary>
    public IReadOnlyList<string> Warnings =>
    [
        .. Layers.Where(layer => layer.BadParameters > 0).Select(layer => string.Create(CultureInfo.InvariantCulture,
            $"{layer.Name}: {layer.BadParameters} parameters are NaN or infinite")),
        .. Layers.Where(layer => layer.BadGradients > 0).Select(layer => string.Create(CultureInfo.InvariantCulture,
            $"{layer.Name}: {layer.BadGradients} gradients are NaN or infinite")),
    ];

    /// <summary>A line for each layer.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"epoch {Epoch} · loss {LossText.Of(Loss)}\n{string.Join('\n', Layers.Select(layer => $"  {layer}"))}");
}
