using NetGen.Generator.Graph;
using NetGen.Generator.Operations;

namespace NetGen.Generator.Planning;

/// <summary>Decides who reads the caller's rows as they are and who needs them as panels.</summary>
/// <remarks>
/// To transpose a wide input costs as much as a tenth of a training step when it does not fit the second-level cache. So a first dense
/// layer with more inputs than outputs reads rows, and its result is transposed instead; its weight gradient reads rows in any case.
/// </remarks>
internal static class InputLayout
{
    /// <summary>Rewrites the graph's nodes; afterwards only nodes that can read rows have the input among theirs.</summary>
    public static void Run(NetworkGraph graph)
    {
        Rewriter rewriter = new(graph.Input);
        foreach (Node node in graph.Nodes)
            rewriter.Add(node);
        graph.Output = rewriter.AsPanel(graph.Output);
        graph.Nodes = rewriter.Nodes;
    }

    /// <summary>Whether a dense layer reads the caller's rows as they are.</summary>
    public static bool ReadsRows(Node dense) => IsRow(dense.Inputs[0]) && dense.Inputs[0].Shape.Last > dense.Output.Shape.Last;

    /// <summary>Whether a value is a whole row of the caller's, not one of several inputs in it.</summary>
    private static bool IsRow(Tensor tensor) =>
        tensor.Storage.Role == TensorRole.Input && tensor.Shape.Rank == 1 && tensor.Shape.Length == tensor.Storage.Shape.Length;

    private sealed class Rewriter(Tensor input)
    {
        private readonly List<Node> nodes = [], packs = [];
        private readonly Dictionary<Tensor, Tensor> views = [];

        /// <summary>The rewritten nodes, the packing of the input or its parts first where somebody needs them.</summary>
        public IReadOnlyList<Node> Nodes => [.. packs, .. nodes];

        public void Add(Node node)
        {
            if (node.Inputs[0].Storage != input)
            {
                nodes.Add(node.Inputs.Any(tensor => tensor.Storage == input) ? Replace(node) : node);
                return;
            }

            switch (node.Operation)
            {
                case ViewOperation:
                    break;
                case DenseWeightGradientOperation when IsRow(node.Inputs[0]):
                    nodes.Add(node);
                    break;
                case DenseOperation dense when ReadsRows(node):
                    AddRowsDense(node, dense);
                    break;
                case ClearIdleLanesOperation:
                    nodes.Add(new Node(node.Operation, node.Name, [AsPanel(node.Inputs[0])], [AsPanel(node.Output)]));
                    break;
                default:
                    nodes.Add(Replace(node));
                    break;
            }
        }

        /// <summary>The panel that holds what a tensor over the input's rows holds; any other tensor is its own.</summary>
        public Tensor AsPanel(Tensor tensor)
        {
            if (tensor.Storage != input)
                return tensor;
            if (views.TryGetValue(tensor, out Tensor? panel))
                return panel;
            if (tensor.Place == tensor)
            {
                panel = new Tensor(-1 - packs.Count, tensor.Name, tensor.Shape, TensorRole.Activation);
                panel.Producer = new Node(new PackOperation(), tensor.Name, [tensor], [panel]);
                packs.Add(panel.Producer);
            }
            else
            {
                panel = new Tensor(tensor.Id, tensor.Name, tensor.Shape, TensorRole.Activation) { ViewOf = AsPanel(tensor.ViewOf!) };
            }

            views.Add(tensor, panel);
            return panel;
        }

        private void AddRowsDense(Node node, DenseOperation dense)
        {
            Tensor rows = new(int.MinValue, node.Output.Name + "_rows", node.Output.Shape, TensorRole.Activation);
            Node product = new(new RowsDenseOperation(dense.HasBias, dense.Activation), node.Name, node.Inputs, [rows]);
            rows.Producer = product;
            Node transposition = new(new PackOperation(), node.Name, [rows], node.Outputs);
            node.Output.Producer = transposition;
            nodes.AddRange([product, transposition]);
        }

        private Node Replace(Node node)
        {
            Node replaced = new(node.Operation, node.Name, [.. node.Inputs.Select(AsPanel)], node.Outputs);
            foreach (Tensor output in node.Outputs)
                output.Producer = replaced;
            return replaced;
        }
    }
}
