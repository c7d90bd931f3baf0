using Microsoft.CodeAnalysis;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Graph;
using NetGen.Generator.Model;

namespace NetGen.Generator.Operations;

/// <summary>Adds a loss to the graph; null after a problem was reported.</summary>
internal delegate LossOutputs? LossRule(LossContext context, Tensor prediction);

/// <summary>What a loss leaves in the graph.</summary>
/// <param name="Targets">What the caller gives, laid out like the prediction.</param>
/// <param name="Losses">Loss per sample.</param>
/// <param name="Differentiated">The value whose gradient the loss gives: the prediction, or what goes into its fused last layer.</param>
/// <param name="Gradient">That gradient, of the mean loss; null outside training.</param>
internal sealed record LossOutputs(Tensor Targets, Tensor Losses, Tensor Differentiated, Tensor? Gradient);

/// <summary>What a loss's rule sees.</summary>
internal sealed class LossContext(GraphBuilder builder, NetworkDecl declaration, int index)
{
    public GraphBuilder Builder { get; } = builder;

    public string Network => declaration.Type.Name;

    /// <summary>The attribute before the loss, for messages.</summary>
    public string LastLayer => declaration.Layers.Take(index).LastOrDefault(layer => !IsTransparent(layer))?.Kind ?? "its input";

    /// <summary>Factor of the loss in the network's.</summary>
    public float Weight { get; set; } = 1f;

    /// <summary>The targets of this loss, where they are a part of a row for several outputs; else null.</summary>
    public Tensor? Targets { get; set; }

    /// <summary>An argument of the attribute, or the given one.</summary>
    public T Argument<T>(string argument, T otherwise) => declaration.Layers[index].Get(argument, otherwise);

    /// <summary>Whether the network's loss is this one, of its whole output.</summary>
    public bool IsAlone => Targets is null && declaration.Layers.Count(layer => LossTable.Find(layer.Kind) is not null) == 1;

    /// <summary>Whether the attribute has a value for an argument.</summary>
    public bool Names(string argument) => declaration.Layers[index].Arguments.Any(own => own.Name == argument);

    public void Report(DiagnosticDescriptor descriptor, params object[] arguments) => Builder.Report(descriptor, index + 1, arguments);

    private static bool IsTransparent(LayerDecl layer) =>
        layer.Kind is "Mark" or "Output" or "Input" || LossTable.Find(layer.Kind) is not null;
}

/// <summary>Every loss attribute: a new loss is one line here.</summary>
internal static class LossTable
{
    private static readonly Dictionary<string, LossRule> Rules = new()
    {
        ["MeanSquaredError"] = LossOperation.Build(LossFunction.MeanSquaredError),
        ["HalfSquaredError"] = LossOperation.Build(LossFunction.HalfSquaredError),
        ["BinaryCrossEntropy"] = LossOperation.BuildAfter<ElementwiseOperation>(
            LossOperation.BinaryCrossEntropy, layer => layer.Function == ElementwiseFunction.Sigmoid,
            Descriptors.BinaryCrossEntropyNeedsSigmoid),
        ["CrossEntropy"] = LossOperation.BuildAfter<SoftmaxOperation>(
            LossFunction.CrossEntropy, last => !last.IsLog, Descriptors.CrossEntropyNeedsSoftmax, LossOperation.ClassTargets),
        ["KLDivergence"] = LossOperation.BuildAfter<SoftmaxOperation>(
            LossFunction.KLDivergence, last => !last.IsLog, Descriptors.KLDivergenceNeedsSoftmax),
        ["MeanAbsoluteError"] = LossOperation.Build(LossFunction.MeanAbsoluteError),
        ["Huber"] = LossOperation.Build(LossFunction.Huber),
        ["LogCosh"] = LossOperation.Build(LossFunction.LogCosh),
        ["Hinge"] = LossOperation.Build(LossFunction.Hinge),
        ["SquaredHinge"] = LossOperation.Build(LossFunction.SquaredHinge),
        ["Loss"] = LossOperation.BuildFunction,
        ["ZeroOneLoss"] = LossOperation.RefuseZeroOne,
    };

    /// <summary>The rule of a loss attribute, or null for anything else.</summary>
    public static LossRule? Find(string kind) => Rules.TryGetValue(kind, out LossRule? rule) ? rule : null;

    /// <summary>Whether the loss trains from class labels as well.</summary>
    public static bool TakesLabels(string kind) => kind == "CrossEntropy";
}
