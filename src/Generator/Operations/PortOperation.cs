using NetGen.Generator.Diagnostics;
using NetGen.Generator.Graph;

namespace NetGen.Generator.Operations;

/// <summary>Where a network's layers go on, and where its outputs leave. There is nothing to compute.</summary>
internal static class PortOperation
{
    /// <summary>The inputs are there before the first layer.</summary>
    public static Tensor? BuildInput(LayerContext context, Tensor x) => x;

    /// <summary>Another value becomes the current one.</summary>
    public static Tensor? BuildFrom(LayerContext context, Tensor x) => MarkOperation.Find(context);

    /// <summary>The current value becomes an output; it has a name then, as if it were marked.</summary>
    public static Tensor? BuildOutput(LayerContext context, Tensor x)
    {
        string name = context.Argument("name", "");
        if (context.Instance > 0)
        {
            context.Report(Descriptors.PortInBlock, context.Describe(), context.Network);
            return null;
        }

        if (!context.Builder.Marks.TryAdd(0, context.Number, name, x))
        {
            context.Report(Descriptors.DuplicateMark, context.Describe(), context.Network, name);
            return null;
        }

        context.Builder.Marks.Find(0, name);
        context.Builder.Outputs.Add(name, x);
        return x;
    }
}
