using NetGen.Generator.Graph;
using NetGen.Generator.Operations;

namespace NetGen.Generator.Planning;

/// <summary>A run of nodes that threads may share without meeting: all split by samples, or all by parameter rows.</summary>
internal sealed record Phase(Scope Scope, IReadOnlyList<Node> Nodes)
{
    /// <summary>Everything that its nodes read and write; a tensor may come twice.</summary>
    public IEnumerable<Tensor> Tensors => Nodes.SelectMany(node => node.Inputs.Concat(node.Outputs));
}

/// <summary>Orders the nodes into as few phases as their dependencies allow.</summary>
/// <remarks>
/// A sample's whole way forward and back touches no other sample, and the parameter gradients then sum over all of them: a dense network
/// trains in two phases with one meeting of the threads between them. Statistics of the whole batch in the middle of the network add two phases
/// each way. The kernel that sums a parameter's gradient may change the parameter at once, so it waits for all that read it.
/// </remarks>
internal static class Schedule
{
    public static IReadOnlyList<Phase> Of(NetworkGraph graph)
    {
        Dictionary<Node, int> phases = [];
        foreach (Node node in graph.Nodes)
        {
            // Even phases work by samples, odd ones by parameters.
            int phase = node.Operation.Scope == Scope.Samples ? 0 : 1;
            foreach (Tensor input in node.Inputs)
            {
                if (input.Producer is Node producer && phases.TryGetValue(producer, out int before))
                    phase = Math.Max(phase, producer.Operation.Scope == node.Operation.Scope ? before : before + 1);
            }

            phases[node] = phase;
        }

        foreach (Node node in graph.Nodes)
        {
            if (node.Outputs.Any(output => output.Role == TensorRole.ParameterGradient))
                phases[node] = Math.Max(phases[node], FirstUpdate(graph, phases, node));
        }

        return
        [
            .. graph.Nodes.GroupBy(node => phases[node]).OrderBy(group => group.Key)
                .Select(group => new Phase(group.Key % 2 == 0 ? Scope.Samples : Scope.Parameters, [.. group])),
        ];
    }

    /// <summary>The first phase in which the parameters of a gradient may change: all others that read them come before.</summary>
    private static int FirstUpdate(NetworkGraph graph, Dictionary<Node, int> phases, Node update) => graph.Nodes
        .Where(node => node != update && node.Inputs.Any(input => input.Parameter is Parameter read
            && update.Outputs.Any(output => ReferenceEquals(output.Parameter, read))))
        .Select(node => phases[node] + (node.Operation.Scope == Scope.Samples ? 1 : 2)).DefaultIfEmpty(0).Max();
}
