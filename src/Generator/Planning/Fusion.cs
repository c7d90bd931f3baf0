using NetGen.Generator.Graph;
using NetGen.Generator.Operations;

namespace NetGen.Generator.Planning;

/// <summary>Moves cheap activations, and their derivatives, into the product before them: the value is still in a register there.</summary>
internal static class Fusion
{
    /// <summary>Rewrites the graph's nodes.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="single">For one sample at a time: a product then has few accumulators, so every activation fits behind it.</param>
    public static void Run(NetworkGraph graph, bool single)
    {
        Dictionary<Tensor, int> consumers = graph.CountConsumers();
        HashSet<Tensor> results = [graph.Output];
        if (graph.InputGradient is not null)
            results.Add(graph.InputGradient);
        Dictionary<Node, Node> fused = [];
        HashSet<Node> gone = [];
        foreach (Node node in graph.Nodes)
        {
            if (node.Inputs.Count == 0 || node.Inputs[0].Producer is not Node producer || consumers[node.Inputs[0]] != 1
                || results.Contains(node.Inputs[0]) || Merge(producer, node, single) is not Node merged)
            {
                continue;
            }

            fused[producer] = merged;
            foreach (Tensor output in merged.Outputs)
                output.Producer = merged;
            gone.Add(node);
        }

        // What reads parameters alone comes first: a product may read it that stood before it.
        graph.Nodes = [.. graph.Nodes.Where(node => !gone.Contains(node)).Select(Latest).OrderBy(node => !ReadsParametersOnly(node))];

        // What was merged may have been merged again.
        Node Latest(Node node)
        {
            while (fused.TryGetValue(node, out Node? merged))
                node = merged;
            return node;
        }
    }

    private static bool ReadsParametersOnly(Node node) => node.Inputs.All(input => input.Role is TensorRole.Parameter or TensorRole.State);

    /// <summary>Two nodes as one, or null: it reads what both read and writes what both write, but for the value between them.</summary>
    private static Node? Merge(Node producer, Node consumer, bool single)
    {
        if (Merged(producer, consumer, single) is not Operation operation)
            return null;
        // A maximum's gradient reads the windows, which are all that the activation has saved.
        IEnumerable<Tensor> others = operation is MaxPoolGradientOperation ? [] : consumer.Inputs.Skip(1);
        return new Node(
            operation, $"{producer.Name}, {consumer.Name}", [.. producer.Inputs, .. others],
            [consumer.Output, .. producer.Outputs.Skip(1)]);
    }

    private static Operation? Merged(Node producer, Node consumer, bool single) => (producer.Operation, consumer.Operation) switch
    {
        (DenseOperation { Activation: null } dense, ElementwiseOperation { Function: { } function }) when single || IsFree(function) =>
            dense.With(function),
        (DenseOperation { Activation: null, IsScaled: false } dense, ScaleOperation { Activation: null, Shape.Inner: 1 })
            when single || !InputLayout.ReadsRows(producer) => new DenseOperation(dense.HasBias, isScaled: true),
        (DenseInputGradientOperation { Activation: null }, ElementwiseGradientOperation { Function: { Cheap: true } function }) =>
            new DenseInputGradientOperation(function),
        (ConvolutionOperation { Activation: null } convolution, ElementwiseOperation { Function: { Cheap: true } function })
            when single || IsFree(function) => convolution.With(function),
        (ConvolutionOperation { Activation: null, IsScaled: false } convolution, ScaleOperation { Activation: null, Shape.Outer: 1 }) =>
            new ConvolutionOperation(convolution.Geometry, convolution.HasBias, isScaled: true),
        (ConvolutionInputGradientOperation { Activation: null } product, ElementwiseGradientOperation { Function: { Cheap: true } function }) =>
            new ConvolutionInputGradientOperation(product.Geometry, function),
        (BatchNormOperation { Activation: null } norm, ElementwiseOperation { Function: { } function }) when IsFree(function) =>
            norm.With(function),
        (ScaleOperation { Activation: null } scale, ElementwiseOperation { Function: { } function }) when single || function.Cheap =>
            scale.With(function),
        (GroupNormOperation { Activation: null } norm, ElementwiseOperation { Function: { } function }) when single || IsFree(function) =>
            norm.With(function),
        (MaxPoolGradientOperation { Activation: null } pool, ElementwiseGradientOperation { Function: { } function })
            when IsFree(function) && producer.Inputs[1] == consumer.Inputs[1] => new MaxPoolGradientOperation(pool.Geometry, function),
        (SpreadOperation { Activation: null } spread, ElementwiseGradientOperation { Function: { Cheap: true } function }) =>
            new SpreadOperation(spread.Geometry, spread.Scale, function),
        (AddOperation { Activation: null }, ElementwiseOperation { Function: { Cheap: true } function }) when single || IsFree(function) =>
            new AddOperation(function),
        (AddOperation { Activation: null }, ElementwiseGradientOperation { Function: { Cheap: true } function }) =>
            new AddGradientOperation(function),
        _ => null,
    };

    /// <summary>Whether a function fits behind any product, and nobody needs its argument later.</summary>
    private static bool IsFree(ElementwiseFunction function) => function is { Cheap: true, SavesInput: false };
}
