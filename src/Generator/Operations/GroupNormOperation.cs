using NetGen.Generator.Diagnostics;
using NetGen.Generator.Emission;
using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;

namespace NetGen.Generator.Operations;

/// <summary>y[c] = f(weight[c] · (x[c] - μ) / √(σ² + ε) + bias[c]), μ and σ² over each group of one sample.  Shapes: x and y [.., C] or
/// [C, H, W], weight and bias [C].</summary>
/// <remarks>
/// LayerNorm has the last axis as its only group (Ba, Kiros and Hinton 2016), GroupNorm groups of channels (Wu and He 2018), RMSNorm the
/// mean square instead of σ² and μ = 0 (Zhang and Sennrich 2019). With x̂ = (x - μ) / √(σ² + ε) and h = weight · dy, backward is
/// dx = (h - mean h - x̂ · mean(h · x̂)) / √(σ² + ε),  dweight = Σ dy · x̂,  dbias = Σ dy. Saves its input and each sample's μ and
/// 1 / √(σ² + ε). f is the identity, or an activation that fusion has moved here: for blocks of samples a cheap one.
/// </remarks>
internal sealed class GroupNormOperation(
    NormShape shape, float epsilon, bool isCentered, bool hasBias, bool saves, ElementwiseFunction? activation = null) : Operation
{
    public ElementwiseFunction? Activation { get; } = activation;

    public override string Name => (isCentered ? "GroupNorm" : "RMSNorm") + Activation?.Name;

    public static Tensor? BuildLayerNorm(LayerContext context, Tensor x) =>
        IsVector(context, x, "LayerNorm") ? Build(context, x, NormShape.OfRows(x.Shape), isCentered: true) : null;

    public static Tensor? BuildRMSNorm(LayerContext context, Tensor x) =>
        IsVector(context, x, "RMSNorm") ? Build(context, x, NormShape.OfRows(x.Shape), isCentered: false) : null;

    public static Tensor? BuildGroupNorm(LayerContext context, Tensor x)
    {
        int groups = context.Argument("groups", 1);
        NormShape shape = NormShape.Of(x);
        if (shape.Outer > 1)
        {
            context.Report(Descriptors.GroupNormOfSequence, groups, context.Network, x.Shape.Describe());
            return null;
        }

        if (groups < 1 || shape.Channels % groups != 0)
        {
            context.Report(Descriptors.NormGroupsDoNotDivide, groups, context.Network, shape.Channels);
            return null;
        }

        return Build(context, x, shape with { Groups = groups }, isCentered: true);
    }

    /// <summary>The same with an activation behind it.</summary>
    public GroupNormOperation With(ElementwiseFunction function) => new(shape, epsilon, isCentered, hasBias, saves, function);

    public override void Differentiate(Differentiation d, Node node)
    {
        Tensor x = node.Inputs[0], weight = node.Inputs[1], dy = d.GradientOf(node.Output)!;
        Tensor[] statistics = [.. node.Outputs.Skip(1)];
        d.Contribute(x, new GroupNormGradientOperation(shape, isCentered), node, [dy, x, .. statistics, weight]);
        NormSumsOperation.Contribute(d, node, shape, isBatch: false, dy, x, statistics, weight, hasBias ? node.Inputs[2] : null);
    }

    public override void EmitPanels(StepWriter steps, Node node) => steps.Call(
        new GroupNormKernel(shape, epsilon, isCentered, hasBias, saves, Activation),
        [.. node.Inputs.Concat(node.Outputs).Select(steps.Ref)]);

    public override void EmitSingle(StepWriter steps, Node node) => steps.Call(
        new GroupNormSingle(shape, epsilon, isCentered, hasBias, Activation), [.. node.Inputs.Select(steps.Ref), steps.Ref(node.Output)]);

    private static bool IsVector(LayerContext context, Tensor x, string kind)
    {
        if (x.Shape.Rank <= 2)
            return true;
        context.Report(Descriptors.NormNeedsVector, kind, context.Network, x.Shape.Describe());
        return false;
    }

    private static Tensor? Build(LayerContext context, Tensor x, NormShape shape, bool isCentered)
    {
        if (NormParameters.Create(context, shape, hasBias: isCentered) is not NormParameters parameters)
            return null;
        if (isCentered && shape.GroupLength == 1)
            context.Report(Descriptors.NormOfOneValue, context.Number, context.Network, shape.Channels);

        bool saves = context.Builder.Training;
        GroupNormOperation operation = new(shape, parameters.Epsilon, isCentered, parameters.Bias is not null, saves);
        Tensor y = context.Builder.NewTensor(context.Name, x.Shape);
        Tensor[] outputs = [y];
        if (saves && isCentered)
            outputs = [.. outputs, context.Builder.NewTensor(context.Name + "_mean", new Shape(shape.GroupCount))];
        if (saves)
            outputs = [.. outputs, context.Builder.NewTensor(context.Name + "_root", new Shape(shape.GroupCount))];
        context.MultiplyAdds = x.Shape.Length;
        context.Builder.Apply(operation, context.Name, [x, .. parameters.Operands], outputs);
        return y;
    }
}

/// <summary>dx of <see cref="GroupNormOperation"/>.  Inputs: dy, x, μ of each group (not for RMSNorm), 1 / √(σ² + ε), weight.</summary>
internal sealed class GroupNormGradientOperation(NormShape shape, bool isCentered) : Operation
{
    public override string Name => isCentered ? "GroupNormGradient" : "RMSNormGradient";

    public override void EmitPanels(StepWriter steps, Node node) =>
        steps.Call(new GroupNormGradient(shape, isCentered), [.. node.Inputs.Select(steps.Ref), steps.Ref(node.Output)]);
}
