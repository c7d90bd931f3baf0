using NetGen.Generator.Diagnostics;
using NetGen.Generator.Model;

namespace NetGen.Generator.Lints;

/// <summary>A softmax that is not the end: an activation or a product reads its probabilities.</summary>
internal static class SoftmaxInside
{
    public static IEnumerable<Problem> Run(LintedNetwork network)
    {
        for (int layer = 0; layer < network.Count; layer++)
        {
            if (network.Kind(layer) != "Softmax")
                continue;
            int next = network.SkipShapes(layer + 1);
            string reader = network.Kind(next);
            if (LayerKinds.IsActivation(reader))
                yield return network.At(next, Descriptors.ActivationAfterSoftmax, network.Number(next), network.Name, reader);
            else if (LayerKinds.IsProduct(reader))
                yield return network.At(layer, Descriptors.SoftmaxBeforeLayer, network.Number(layer), network.Name, reader);
        }
    }
}
