using Microsoft.CodeAnalysis;
using NetGen.Generator.Graph;
using NetGen.Generator.Model;
using NetGen.Generator.Operations;

namespace NetGen.Generator.Lints;

/// <summary>A sound declaration, as the rules look at it: layers in the order of the data.</summary>
internal sealed class LintedNetwork
{
    private readonly NetworkDecl declaration;
    private readonly IReadOnlyList<LayerSummary> layers;
    private readonly int[] positions, losses;

    /// <param name="declaration">The declaration.</param>
    /// <param name="layers">Its layers with their shapes; attributes that declare an input or a loss are none.</param>
    public LintedNetwork(NetworkDecl declaration, IReadOnlyList<LayerSummary> layers)
    {
        this.declaration = declaration;
        this.layers = layers;
        positions = Positions(kind => kind != "Input" && LossTable.Find(kind) is null);
        losses = Positions(kind => LossTable.Find(kind) is not null);
    }

    /// <summary>The network's name, for messages.</summary>
    public string Name => declaration.Type.Name;

    /// <summary>Number of layers.</summary>
    public int Count => layers.Count;

    /// <summary>Kind of the only loss; null where there is none, or one for each of several outputs.</summary>
    public string? Loss => losses.Length == 1 ? declaration.Layers[losses[0]].Kind : null;

    /// <summary>Kind of a layer, or empty behind the last one.</summary>
    public string Kind(int layer) => layer >= 0 && layer < Count ? declaration.Layers[positions[layer]].Kind : "";

    /// <summary>Shape of what a layer reads.</summary>
    public Shape Input(int layer) => layer == 0 ? FirstInput : layers[layer - 1].OutputShape;

    /// <summary>Shape of what a layer gives.</summary>
    public Shape Output(int layer) => layers[layer].OutputShape;

    /// <summary>What the user wrote at the layer, or else the given value; the network's defaults are not the layer's.</summary>
    public T Own<T>(int layer, string argument, T otherwise) => declaration.Layers[positions[layer]].Get(argument, otherwise);

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

    /// <summary>A layer's place among the attributes, from 1, for messages.</summary>
    public int Number(int layer) => positions[layer] + 1;

    /// <summary>A remark at a layer's attribute.</summary>
    public Problem At(int layer, DiagnosticDescriptor descriptor, params object[] arguments) =>
        Problem.Create(descriptor, Number(layer), arguments);

    /// <summary>A remark at the only loss.</summary>
    public Problem AtLoss(DiagnosticDescriptor descriptor, params object[] arguments) =>
        Problem.Create(descriptor, losses[0] + 1, arguments);

    /// <summary>Shape of the input where the layers begin: <c>[Network]</c> has it, or else the first <c>[Input]</c>.</summary>
    private Shape FirstInput
    {
        get
        {
            EquatableArray<int> shape = declaration.Network.Get("inputShape", EquatableArray<int>.Empty);
            return new Shape(shape.Count > 0 ? shape : declaration.Layers.First(layer => layer.Kind == "Input").Get("shape", shape));
        }
    }

    private int[] Positions(Func<string, bool> isOne) =>
        [.. Enumerable.Range(0, declaration.Layers.Count).Where(i => isOne(declaration.Layers[i].Kind))];
}
