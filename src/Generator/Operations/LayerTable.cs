using NetGen.Generator.Expressions;
using NetGen.Generator.Graph;

namespace NetGen.Generator.Operations;

/// <summary>Infers a layer's output and adds its nodes and parameters; null after a problem was reported.</summary>
internal delegate Tensor? LayerRule(LayerContext context, Tensor input);

/// <summary>Every layer attribute and what it builds: a new layer is one line here.</summary>
internal static class LayerTable
{
    private static readonly Dictionary<string, LayerRule> Rules = new()
    {
        ["Dense"] = DenseOperation.Build,
        ["Conv1D"] = ConvolutionLayers.BuildConv1D,
        ["Conv2D"] = ConvolutionLayers.BuildConv2D,
        ["DepthwiseConv2D"] = ConvolutionLayers.BuildDepthwise,
        ["SeparableConv2D"] = ConvolutionLayers.BuildSeparable,
        ["ConvTranspose2D"] = ConvolutionLayers.BuildTransposed,
        ["Flatten"] = ViewOperation.BuildFlatten,
        ["Reshape"] = ViewOperation.BuildReshape,
        ["MaxPool2D"] = PoolLayers.BuildMaxPool2D,
        ["MaxPool1D"] = PoolLayers.BuildMaxPool1D,
        ["AveragePool2D"] = PoolLayers.BuildAveragePool2D,
        ["AveragePool1D"] = PoolLayers.BuildAveragePool1D,
        ["GlobalMaxPool"] = PoolLayers.BuildGlobalMaxPool,
        ["GlobalAveragePool"] = PoolLayers.BuildGlobalAveragePool,
        ["Upsample"] = PoolLayers.BuildUpsample,
        ["ZeroPad"] = ZeroPadOperation.Build,
        ["ReLU"] = ElementwiseOperation.Build(ElementwiseFunction.ReLU),
        ["LeakyReLU"] = ElementwiseOperation.BuildLeakyReLU,
        ["PReLU"] = UnitwiseOperation.BuildPReLU,
        ["Sigmoid"] = ElementwiseOperation.Build(ElementwiseFunction.Sigmoid),
        ["Tanh"] = ElementwiseOperation.Build(ElementwiseFunction.Tanh),
        ["ELU"] = ElementwiseOperation.BuildELU,
        ["SELU"] = ElementwiseOperation.Build(Activations.SELU.ToFunction()),
        ["ReLU6"] = ElementwiseOperation.Build(Activations.ReLU6.ToFunction()),
        ["GELU"] = ElementwiseOperation.Build(Activations.GELU.ToFunction()),
        ["SiLU"] = ElementwiseOperation.Build(Activations.SiLU.ToFunction()),
        ["Mish"] = ElementwiseOperation.Build(Activations.Mish.ToFunction()),
        ["HardSigmoid"] = ElementwiseOperation.Build(Activations.HardSigmoid.ToFunction()),
        ["HardSwish"] = ElementwiseOperation.Build(Activations.HardSwish.ToFunction()),
        ["Softplus"] = ElementwiseOperation.Build(Activations.Softplus.ToFunction()),
        ["Softsign"] = ElementwiseOperation.Build(Activations.Softsign.ToFunction()),
        ["Activation"] = ElementwiseOperation.BuildFunction,
        ["BatchNorm"] = BatchNormOperation.Build,
        ["LayerNorm"] = GroupNormOperation.BuildLayerNorm,
        ["GroupNorm"] = GroupNormOperation.BuildGroupNorm,
        ["RMSNorm"] = GroupNormOperation.BuildRMSNorm,
        ["Maxout"] = MaxoutOperation.Build,
        ["Step"] = ElementwiseOperation.BuildStep,
        ["Softmax"] = SoftmaxOperation.Build(isLog: false),
        ["LogSoftmax"] = SoftmaxOperation.Build(isLog: true),
        ["Dropout"] = DropoutOperation.Build,
        ["ChannelDropout"] = DropoutOperation.BuildOfChannels,
        ["Mark"] = MarkOperation.Build,
        ["Add"] = AddOperation.Build,
        ["Concat"] = ConcatOperation.Build,
        ["Multiply"] = MultiplyOperation.Build,
        ["Input"] = PortOperation.BuildInput,
        ["From"] = PortOperation.BuildFrom,
        ["Output"] = PortOperation.BuildOutput,
    };

    /// <summary>The rule of a layer attribute, or null for a loss or an unknown name.</summary>
    public static LayerRule? Find(string kind) => Rules.TryGetValue(kind, out LayerRule? rule) ? rule : null;

    /// <summary>Whether He's initialisation suits a layer before this one.</summary>
    public static bool IsRectifier(string kind) => kind is "ReLU" or "LeakyReLU" or "PReLU" or "ELU" or "ReLU6" or "GELU" or "SiLU" or "Mish" or "HardSwish"
        or "Softplus";
}
