using System.Globalization;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Model;

namespace NetGen.Generator.Lints;

/// <summary>Four or more sigmoids or hyperbolic tangents with nothing between them that keeps the gradient up.</summary>
/// <remarks>
/// σ'(x) ≤ 1/4, so n of them multiply the gradient by at most 0.25ⁿ, besides the weights. Hochreiter 1991; Glorot and Bengio 2010. Before
/// BinaryCrossEntropy the last sigmoid does not count: the pair's gradient is ŷ − y.
/// </remarks>
internal static class SaturatingStack
{
    private const int Limit = 4;

    public static IEnumerable<Problem> Run(LintedNetwork network)
    {
        int sigmoids = 0, tangents = 0, last = -1;
        bool fused = network.Loss == "BinaryCrossEntropy";
        for (int layer = 0; layer <= network.Count; layer++)
        {
            string kind = network.Kind(layer);
            if (LayerKinds.IsSaturating(kind) && !(fused && layer == network.LastValue()))
            {
                sigmoids += kind == "Sigmoid" ? 1 : 0;
                tangents += kind == "Tanh" ? 1 : 0;
                last = layer;
                continue;
            }

            if (LayerKinds.PassesGradient(kind))
                continue;
            if (sigmoids + tangents >= Limit)
            {
                yield return network.At(
                    last, Descriptors.SaturatingStack, network.Number(last), network.Name, sigmoids + tangents, Shrinkage(sigmoids));
            }

            sigmoids = tangents = 0;
        }
    }

    private static string Shrinkage(int sigmoids) => sigmoids == 0
        ? "tanh has a slope of 1 only at 0, and below 0.42 beyond ±1, so the gradient shrinks with each"
        : string.Format(
            CultureInfo.InvariantCulture,
            "a sigmoid's slope is at most 0.25, so what reaches the first layer is at most 0.25^{0} = {1:0.######} of the gradient",
            sigmoids, Math.Pow(0.25, sigmoids));
}
