using NetGen.Generator.Graph;
using NetGen.Generator.Model;

namespace NetGen.Generator.Lints;

/// <summary>Every rule: a new one is one line here.</summary>
internal static class LintTable
{
    private static readonly Lint[] Lints =
    [
        SaturatingStack.Run,
        SquaredErrorOfProbabilities.Run,
        SoftmaxInside.Run,
        CollapsingLayers.Run,
        DropoutAtEnd.Run,
        MismatchedInit.Run,
        HingeOfProbabilities.Run,
        BiasBeforeBatchNorm.Run,
    ];

    /// <summary>What the rules say of a declaration without errors, in the order of its attributes.</summary>
    /// <param name="declaration">The declaration.</param>
    /// <param name="layers">Its layers with their shapes.</param>
    public static IEnumerable<Problem> Run(NetworkDecl declaration, IReadOnlyList<LayerSummary> layers)
    {
        LintedNetwork network = new(declaration, layers);
        return Lints.SelectMany(lint => lint(network)).OrderBy(problem => problem.Attribute);
    }
}
