using Microsoft.CodeAnalysis;
using NetGen.Generator.Graph;
using NetGen.Generator.Model;

namespace NetGen.Generator.Lints;

/// <summary>A sound declaration, as the rules look at it.</summary>
internal sealed class LintedNetwork(NetworkDecl declaration, IReadOnlyList<LayerSummary> layers)
{
    /// <summary>The network's name, for messages.</summary>
    public string Name => declaration.Type.Name;

    /// <summary>Layers in the order of the data; the loss is none of them.</summary>
    public int Count => layers.Count;

    /// <summary>Kind of the loss, or null.</summary>
    public string? Loss => Count < declaration.Layers.Count ? declaration.Layers[declaration.Layers.Count - 1].Kind : null;

    /// <summary>Kind of a layer, or empty behind the last one.</summary>
    public string Kind(int layer) => layer >= 0 && layer < Count ? declaration.Layers[layer].Kind : "";

    /// <summary>Shape of what a layer reads.</summary>
    public Shape Input(int layer) => layer == 0
        ? new Shape(declaration.Network.Get("inputShape", EquatableArray<int>.Empty))
        : layers[layer - 1].OutputShape;

    /// <summary>Shape of what a layer gives.</summary>
    public Shape Output(int layer) => layers[layer].OutputShape;

    /// <summary>What the user wrote at the layer, or else the given value; the network's defaults are not the layer's.</summary>
    public T Own<T>(int layer, string argument, T otherwise) => declaration.Layers[layer].Get(argument, otherwise);

    /// <summary>An argument of the layer, or the network's default.</summary>
    public T Argument<T>(int layer, string argument, T otherwise) => Own(layer, argument, declaration.Network.Get(argument, otherwise));

    /// <summary>The next layer that changes values, from <paramref name="layer"/> on: the shape of a value does not matter here.</summary>
    public int SkipShapes(int layer)
    {
        while (LayerKinds.IsShape(Kind(layer)))
            layer++;
        return layer;
    }

    /// <summary>The last layer that changes values; -1 where there is none.</summary>
    public int LastValue()
    {
        int layer = Count - 1;
        while (LayerKinds.IsShape(Kind(layer)))
            layer--;
        return layer;
    }

    /// <summary>A remark at a layer's attribute.</summary>
    public static Problem At(int layer, DiagnosticDescriptor descriptor, params object[] arguments) =>
        Problem.Create(descriptor, layer + 1, arguments);

    /// <summary>A remark at the loss.</summary>
    public Problem AtLoss(DiagnosticDescriptor descriptor, params object[] arguments) => At(declaration.Layers.Count - 1, descriptor, arguments);
}
