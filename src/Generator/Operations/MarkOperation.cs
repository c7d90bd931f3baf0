using NetGen.Generator.Diagnostics;
using NetGen.Generator.Graph;

namespace NetGen.Generator.Operations;

/// <summary>Names of values: what <c>Mark</c> declares, and how layers find it.</summary>
internal static class MarkOperation
{
    /// <summary>Names the current value. It stays what it is: there is nothing to compute.</summary>
    public static Tensor? Build(LayerContext context, Tensor x)
    {
        string name = context.Argument("name", "");
        if (context.Builder.Marks.TryAdd(context.Instance, context.Number, name, x))
            return x;
        context.Report(Descriptors.DuplicateMark, context.Describe(), context.Network, name);
        return null;
    }

    /// <summary>The value that a layer brings back, or null after it was reported as missing.</summary>
    public static Tensor? Find(LayerContext context)
    {
        string name = context.Argument("name", "");
        if (context.Builder.Marks.Find(context.Instance, name) is Tensor found)
            return found;
        string known = string.Join(", ", context.Builder.Marks.Names(context.Instance).Select(mark => $"'{mark}'"));
        context.Report(Descriptors.MarkNotFound, context.Describe(), context.Network, name, known.Length == 0 ? "none" : known);
        return null;
    }
}
