using NetGen.Generator.Diagnostics;
using NetGen.Generator.Emission;
using NetGen.Generator.Graph;

namespace NetGen.Generator.Operations;

/// <summary>What every normalisation has: a scale and, unless declared otherwise, a shift per channel.</summary>
internal sealed record NormParameters(Tensor Weight, Tensor? Bias, float Epsilon, bool IsTrainable)
{
    /// <summary>Weight and, if there is one, bias.</summary>
    public Tensor[] Operands => Bias is null ? [Weight] : [Weight, Bias];

    /// <summary>The parameters, or null after a problem was reported.</summary>
    public static NormParameters? Create(LayerContext context, NormShape shape, bool hasBias)
    {
        float epsilon = context.Argument("Epsilon", 1e-5f);
        if (!(epsilon > 0f) || float.IsInfinity(epsilon))
        {
            context.Report(Descriptors.EpsilonNotPositive, context.Number, context.Network, Literal.Of(epsilon));
            return null;
        }

        bool trainable = context.Argument("Trainable", true);
        Tensor weight = Add(".weight", trainable, 1f);
        Tensor? bias = hasBias && context.OwnArgument("Bias", true)
            ? Add(".bias", trainable && context.Argument("TrainBias", true), 0f)
            : null;
        return new NormParameters(weight, bias, epsilon, trainable);

        Tensor Add(string name, bool trains, float start) => context.Builder.AddParameter(
            context.Name + name, new Shape(shape.Channels), transposed: false, trains, decays: false, Initialization.Constant,
            shape.Channels, shape.Channels, start);
    }
}
