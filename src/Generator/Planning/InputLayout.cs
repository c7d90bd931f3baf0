using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;
using NetGen.Generator.Operations;

namespace NetGen.Generator.Planning;

/// <summary>Decides who reads the caller's rows as they are and who needs them as panels.</summary>
/// <remarks>
/// To transpose a wide input costs as much as a tenth of a training step when it does not fit the second-level cache. So a first dense
/// layer with more inputs than outputs reads rows, and its result is transposed instead; its weight gradient reads rows in any case.
/// Where it trains and is large, its sums are split by terms (<see cref="TermSplit"/>).
/// </remarks>
internal static class InputLayout
{
    /// <summary>Rewrites the graph's nodes; afterwards only nodes that can read rows have the input among theirs.</summary>
    public static void Run(NetworkGraph graph)
    {
        Rewriter rewriter = new(graph.Input, [.. graph.Nodes.SelectMany(node => node.Outputs)
            .Where(output => output.Role == TensorRole.ParameterGradient).Select(output => output.Parameter!)]);
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

    private sealed class Rewriter(Tensor input, HashSet<Parameter> trained)
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
            Tensor x = node.Inputs[0], weight = node.Inputs[1], rows;
            TermSplit split = TermSplit.Of(x.Shape.Last, node.Output.Shape.Last);
            if (split.Parts > 1 && trained.Contains(weight.Parameter!))
            {
                Shape shape = new(split.Parts, node.Output.Shape.Last);
                PartialDenseOperation products = new(split, dense.HasBias, dense.Activation);
                Tensor parts = Apply(products, node, "_parts", shape, [.. node.Inputs]);
                rows = Apply(new SumOfPartsOperation(dense.Activation), node, "_rows", node.Output.Shape, parts);
            }
            else
            {
                rows = Apply(new RowsDenseOperation(dense.HasBias, dense.Activation), node, "_rows", node.Output.Shape, [.. node.Inputs]);
            }

            Node transposition = new(new PackOperation(), node.Name, [rows], node.Outputs);
            node.Output.Producer = transposition;
            nodes.Add(transposition);
        }

        /// <summary>Adds a node of a layer's; the name of its output is that of the layer's output with a suffix.</summary>
        private Tensor Apply(Operation operation, Node layer, string suffix, Shape shape, params Tensor[] inputs)
        {
            Tensor output = new(int.MinValue, layer.Output.Name + suffix, shape, TensorRole.Activation);
            output.Producer = new Node(operation, layer.Name, inputs, [output]);
            nodes.Add(output.Producer);
            return output;
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
