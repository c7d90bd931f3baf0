using NetGen.Generator.Diagnostics;
using NetGen.Generator.Model;

namespace NetGen.Generator.Lints;

/// <summary>A hinge loss on outputs in [0, 1]: it asks for −1 and 1, and a margin beyond them.</summary>
internal static class HingeOfProbabilities
{
    public static IEnumerable<Problem> Run(LintedNetwork network)
    {
        string last = network.Kind(network.LastValue());
        if (network.Loss is "Hinge" or "SquaredHinge" && LayerKinds.IsProbability(last))
            yield return network.AtLoss(Descriptors.HingeOfProbabilities, network.Loss, network.Name, last);
    }
}
