using NetGen.Generator.Diagnostics;
using NetGen.Generator.Model;

namespace NetGen.Generator.Lints;

/// <summary>A squared error of probabilities.</summary>
/// <remarks>
/// d/dz (σ(z) − y)² = 2 (σ(z) − y) σ'(z): where the network is sure and wrong, σ' is 0 and it learns nothing. With the cross-entropy σ'
/// cancels. Goodfellow, Bengio and Courville 2016, section 6.2.2.2.
/// </remarks>
internal static class SquaredErrorOfProbabilities
{
    public static IEnumerable<Problem> Run(LintedNetwork network)
    {
        int last = network.LastValue();
        string? better = network.Kind(last) switch
        {
            "Sigmoid" => "BinaryCrossEntropy",
            "Softmax" when network.Output(network.Count - 1).Rank == 1 => "CrossEntropy",
            _ => null,
        };
        if (better is not null && network.Loss is "MeanSquaredError" or "HalfSquaredError")
            yield return network.AtLoss(Descriptors.SquaredErrorOfProbabilities, network.Loss, network.Name, network.Kind(last), better);
    }
}
