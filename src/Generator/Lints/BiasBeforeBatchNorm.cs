using NetGen.Generator.Diagnostics;
using NetGen.Generator.Model;

namespace NetGen.Generator.Lints;

/// <summary>A bias that BatchNorm subtracts again: the mean that it takes away contains it. Ioffe and Szegedy 2015, section 3.2.</summary>
internal static class BiasBeforeBatchNorm
{
    public static IEnumerable<Problem> Run(LintedNetwork network)
    {
        for (int layer = 0; layer < network.Count; layer++)
        {
            if (LayerKinds.IsProduct(network.Kind(layer)) && network.Kind(layer + 1) == "BatchNorm" && network.Argument(layer, "Bias", true))
                yield return network.At(layer, Descriptors.BiasBeforeBatchNorm, network.Number(layer), network.Name, network.Kind(layer));
        }
    }
}
