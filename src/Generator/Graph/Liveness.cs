namespace NetGen.Generator.Graph;

/// <summary>Which nodes are needed for the results asked for.</summary>
internal static class Liveness
{
    /// <summary>The nodes that contribute to the results, in their order.
    /// What nobody needs, such as a frozen layer's gradient, is gone.</summary>
    public static IReadOnlyList<Node> Reachable(IReadOnlyList<Node> nodes, IEnumerable<Tensor> results)
    {
        HashSet<Tensor> needed = [.. results];
        List<Node> kept = [];
        for (int i = nodes.Count - 1; i >= 0; i--)
        {
            if (!nodes[i].Outputs.Any(needed.Contains))
                continue;
            kept.Add(nodes[i]);
            needed.UnionWith(nodes[i].Inputs);
        }

        kept.Reverse();
        return kept;
    }
}
