using NetGen.Generator.Graph;
using NetGen.Generator.Operations;

namespace NetGen.Generator.Planning;

/// <summary>Lets the parts of a concatenation be computed where they belong in the result, so that there is nothing to copy.</summary>
/// <remarks>
/// Not a part that lies elsewhere already: the caller's input, or what is part of another concatenation. Not a part of a sequence's
/// features, for those take turns with the other part's.
/// </remarks>
internal static class Concatenations
{
    /// <summary>Places the parts.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="granularity">Floats of a sample that a part's place must be a multiple of: where kernels write whole vectors, those at
    /// the end of one part would reach into the next.</param>
    public static void Run(NetworkGraph graph, int granularity)
    {
        foreach (Node node in graph.Nodes.Where(node => node.Operation is ConcatOperation && ConcatOperation.IsContiguous(node)))
        {
            for (int part = 0; part < node.Inputs.Count; part++)
            {
                int start = ConcatOperation.StartOf(node, part);
                Tensor owner = node.Inputs[part].Storage;
                bool fits = owner.Shape.Length == node.Inputs[part].Shape.Length && start % granularity == 0
                    && (part == node.Inputs.Count - 1 || owner.Shape.Length % granularity == 0);
                if (!fits || owner.Role != TensorRole.Activation || owner.Producer?.Operation.OutputLayout != Layout.Panel
                    || owner == node.Output.Storage)
                {
                    continue;
                }

                owner.ViewOf = node.Output;
                owner.ViewOffset = start;
            }
        }
    }
}
