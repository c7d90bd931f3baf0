using NetGen.Generator.Graph;
using NetGen.Generator.Operations;

namespace NetGen.Generator.Planning;

/// <summary>A run of nodes that threads may share without meeting: all split by samples, by terms or by parameter rows.</summary>
internal sealed record Phase(Scope Scope, IReadOnlyList<Node> Nodes)
{
    /// <summary>Everything that its nodes read and write; a tensor may come twice.</summary>
    public IEnumerable<Tensor> Tensors => Nodes.SelectMany(node => node.Inputs.Concat(node.Outputs));
}

/// <summary>Orders the nodes into as few phases as their dependencies allow.</summary>
/// <remarks>
/// A sample's whole way forward and back touches no other sample, and the parameter gradients then sum over all of them: a dense network
/// trains in two phases with one meeting of the threads between them, or in three where the terms of a large first layer come first.
/// Statistics of the whole batch in the middle of the network add two phases each way. The kernel that sums a parameter's gradient may
/// change the parameter at once, so it waits for all that read it; of a parameter with several uses only the last one changes it.
/// </remarks>
internal static class Schedule
{
    public static IReadOnlyList<Phase> Of(NetworkGraph graph)
    {
        Dictionary<Node, int> phases = [];
        foreach (Node node in graph.Nodes)
        {
            // Even phases work by samples, odd ones by parameters. The terms of first layers come before both.
            int phase = node.Operation.Scope switch
            {
                Scope.Terms => -1,
                Scope.Samples => 0,
                _ => 1,
            };
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

        IReadOnlyList<Phase> ordered =
        [
            .. graph.Nodes.GroupBy(node => phases[node]).OrderBy(group => group.Key)
                .Select(group => new Phase(group.First().Operation.Scope, [.. group])),
        ];
        Share(ordered);
        return ordered;
    }

    /// <summary>Says of the gradients of parameters that are used several times which is the first and which the last.</summary>
    private static void Share(IReadOnlyList<Phase> phases)
    {
        foreach (IGrouping<Parameter, Tensor> uses in phases.SelectMany(phase => phase.Nodes).SelectMany(node => node.Outputs)
            .Where(output => output.Role == TensorRole.ParameterGradient).GroupBy(gradient => gradient.Parameter!))
        {
            Tensor[] gradients = [.. uses];
            for (int i = 0; i < gradients.Length; i++)
            {
                gradients[i].Share = gradients.Length == 1 ? GradientShare.Whole
                    : i == 0 ? GradientShare.First
                    : i == gradients.Length - 1 ? GradientShare.Last
                    : GradientShare.Next;
            }
        }
    }

    /// <summary>The first phase in which the parameters of a gradient may change: all others that read them come before.</summary>
    private static int FirstUpdate(NetworkGraph graph, Dictionary<Node, int> phases, Node update) => graph.Nodes
        .Where(node => !AreUsesOfOneParameter(node, update) && node.Inputs.Any(input => input.Parameter is Parameter read
            && update.Outputs.Any(output => ReferenceEquals(output.Parameter, read))))
        .Select(node => phases[node] + (node.Operation.Scope == Scope.Samples ? 1 : 2)).DefaultIfEmpty(0).Max();

    /// <summary>Whether both give a share of one gradient: the shares are summed before the parameter changes.</summary>
    private static bool AreUsesOfOneParameter(Node one, Node other) =>
        one.Outputs.Any(left => left.Role == TensorRole.ParameterGradient && other.Outputs.Any(right => ReferenceEquals(left.Parameter, right.Parameter)));
}
