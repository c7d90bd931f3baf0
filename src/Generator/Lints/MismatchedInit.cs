using NetGen.Generator.Diagnostics;
using NetGen.Generator.Model;
using NetGen.Generator.Operations;

namespace NetGen.Generator.Lints;

/// <summary>An initialisation set by hand that was derived for other activations than the one that follows.</summary>
/// <remarks>
/// Xavier keeps the variance where the slope at 0 is 1 (Glorot and Bengio 2010); He doubles it for the half that a rectifier sets to 0
/// (He et al. 2015).
/// </remarks>
internal static class MismatchedInit
{
    public static IEnumerable<Problem> Run(LintedNetwork network)
    {
        for (int layer = 0; layer < network.Count; layer++)
        {
            if (!LayerKinds.IsProduct(network.Kind(layer)))
                continue;
            string activation = network.Kind(layer + 1);
            // The numbers are those of the public enum NetGen.Init.
            Problem? mismatch = network.Own(layer, "Init", 0) switch
            {
                4 when LayerTable.IsRectifier(activation) => Mismatch(network, layer, "Xavier", activation, "He"),
                5 when LayerKinds.IsSaturating(activation) => Mismatch(network, layer, "He", activation, "Xavier"),
                6 when LayerTable.IsRectifier(activation) => Mismatch(network, layer, "XavierNormal", activation, "HeNormal"),
                7 when LayerKinds.IsSaturating(activation) => Mismatch(network, layer, "HeNormal", activation, "XavierNormal"),
                _ => null,
            };
            if (mismatch is not null)
                yield return mismatch;
        }
    }

    private static Problem Mismatch(LintedNetwork network, int layer, string found, string activation, string better) =>
        network.At(layer, Descriptors.MismatchedInit, network.Number(layer), network.Name, found, activation, better);
}
