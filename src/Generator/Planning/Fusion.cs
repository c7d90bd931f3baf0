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

    private static Node? Merge(Node producer, Node consumer, bool single) => (producer.Operation, consumer.Operation) switch
    {
        (DenseOperation { Activation: null } dense, ElementwiseOperation { Function: { } function })
            when single || function is { Cheap: true, SavesInput: false } => new Node(dense.With(function), $"{producer.Name}, {consumer.Name}", producer.Inputs, consumer.Outputs),
        (DenseOperation { Activation: null, IsScaled: false } dense, ScaleOperation { Activation: null, Shape.Inner: 1 }) when single || !InputLayout.ReadsRows(producer) =>
            new Node(new DenseOperation(dense.HasBias, isScaled: true), $"{producer.Name}, {consumer.Name}", [.. producer.Inputs, .. consumer.Inputs.Skip(1)], consumer.Outputs),
        (ConvolutionOperation { Activation: null, IsScaled: false } convolution, ScaleOperation { Activation: null, Shape.Outer: 1 }) => new Node(
            new ConvolutionOperation(convolution.Geometry, convolution.HasBias, isScaled: true), $"{producer.Name}, {consumer.Name}",
            [.. producer.Inputs, .. consumer.Inputs.Skip(1)], consumer.Outputs),
        (BatchNormOperation { Activation: null } norm, ElementwiseOperation { Function: { Cheap: true, SavesInput: false } function }) =>
            new Node(norm.With(function), $"{producer.Name}, {consumer.Name}", producer.Inputs, consumer.Outputs),
        (ScaleOperation { Activation: null } scale, ElementwiseOperation { Function: { } function }) when single || function.Cheap =>
            new Node(scale.With(function), $"{producer.Name}, {consumer.Name}", producer.Inputs, consumer.Outputs),
        (GroupNormOperation { Activation: null } norm, ElementwiseOperation { Function: { } function })
            when single || function is { Cheap: true, SavesInput: false } => new Node(
                norm.With(function), $"{producer.Name}, {consumer.Name}", producer.Inputs, [consumer.Output, .. producer.Outputs.Skip(1)]),
        (DenseInputGradientOperation { Activation: null }, ElementwiseGradientOperation { Function.Cheap: true } gradient) =>
            new Node(
                new DenseInputGradientOperation(gradient.Function), $"{producer.Name}, {consumer.Name}",
                [.. producer.Inputs, consumer.Inputs[1]], consumer.Outputs),
        (ConvolutionOperation { Activation: null } convolution, ElementwiseOperation { Function: { Cheap: true } function })
            when single || !function.SavesInput =>
            new Node(
                convolution.With(function), $"{producer.Name}, {consumer.Name}",
                producer.Inputs, consumer.Outputs),
        (ConvolutionInputGradientOperation { Activation: null } product, ElementwiseGradientOperation { Function.Cheap: true } gradient) =>
            new Node(
                new ConvolutionInputGradientOperation(product.Geometry, gradient.Function), $"{producer.Name}, {consumer.Name}",
                [.. producer.Inputs, consumer.Inputs[1]], consumer.Outputs),
        (MaxPoolGradientOperation { Activation: null } pool, ElementwiseGradientOperation { Function: { Cheap: true, SavesInput: false } function })
            when producer.Inputs[1] == consumer.Inputs[1] => new Node(
                new MaxPoolGradientOperation(pool.Geometry, function), $"{producer.Name}, {consumer.Name}", producer.Inputs, consumer.Outputs),
        (SpreadOperation { Activation: null } spread, ElementwiseGradientOperation { Function.Cheap: true } gradient) =>
            new Node(
                new SpreadOperation(spread.Geometry, spread.Scale, gradient.Function), $"{producer.Name}, {consumer.Name}",
                [.. producer.Inputs, consumer.Inputs[1]], consumer.Outputs),
        (AddOperation { Activation: null }, ElementwiseOperation { Function: { } function })
            when function.Cheap && (single || !function.SavesInput) =>
            new Node(new AddOperation(function), $"{producer.Name}, {consumer.Name}", producer.Inputs, consumer.Outputs),
        (AddOperation { Activation: null }, ElementwiseGradientOperation { Function.Cheap: true } gradient) =>
            new Node(
                new AddGradientOperation(gradient.Function), $"{producer.Name}, {consumer.Name}",
                [.. producer.Inputs, consumer.Inputs[1]], consumer.Outputs),
        _ => null,
    };
}
