using NetGen.Generator.Diagnostics;
using NetGen.Generator.Model;

namespace NetGen.Generator.Lints;

/// <summary>Two dense layers with no activation between them: W₂(W₁x + b₁) + b₂ is one dense layer.</summary>
/// <remarks>
/// A first layer that is narrower than both its neighbours limits the rank of W₂W₁: a factorisation that people mean, and not reported.
/// Dropout between them acts in training only; what is learned is one linear map all the same.
/// </remarks>
internal static class CollapsingLayers
{
    public static IEnumerable<Problem> Run(LintedNetwork network)
    {
        for (int layer = 0; layer < network.Count; layer++)
        {
            if (network.Kind(layer) != "Dense")
                continue;
            int next = layer + 1;
            while (LayerKinds.IsDropout(network.Kind(next)))
                next++;
            if (network.Kind(next) != "Dense")
                continue;
            int inputs = network.Input(layer).Last, units = network.Output(layer).Last, outputs = network.Output(next).Last;
            if (units >= Math.Min(inputs, outputs))
            {
                yield return network.At(
                    next, Descriptors.CollapsingLayers, network.Number(layer), network.Name, network.Number(next), inputs, outputs);
            }
        }
    }
}
