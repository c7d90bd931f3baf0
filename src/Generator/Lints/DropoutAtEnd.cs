using NetGen.Generator.Diagnostics;
using NetGen.Generator.Model;

namespace NetGen.Generator.Lints;

/// <summary>Dropout whose values no layer with weights reads: it zeroes outputs instead of features.</summary>
internal static class DropoutAtEnd
{
    public static IEnumerable<Problem> Run(LintedNetwork network)
    {
        for (int layer = network.Count - 1; layer >= 0; layer--)
        {
            string kind = network.Kind(layer);
            if (LayerKinds.IsDropout(kind))
                yield return network.At(layer, Descriptors.DropoutAtEnd, network.Number(layer), network.Name, kind);
            else if (!LayerKinds.IsActivation(kind) && !LayerKinds.IsShape(kind))
                yield break;
        }
    }
}
