using NetGen.Generator.Graph;
using NetGen.Generator.Model;

namespace NetGen.Generator.Tests.Graph;

/// <summary>Declarations as the parser would give them, without source text.</summary>
internal static class Declare
{
    /// <summary>A network class <c>Demo.Net</c>.</summary>
    public static NetworkDecl Network(int[] inputShape, params LayerDecl[] layers) =>
        Network(Layer("Network", ("inputShape", new EquatableArray<int>(inputShape))), layers);

    /// <summary>A network class <c>Demo.Net</c> with defaults for its layers.</summary>
    public static NetworkDecl Network(LayerDecl network, params LayerDecl[] layers) =>
        new(new TypeDecl("Demo", "Net", "public"), network, new EquatableArray<LayerDecl>(layers));

    /// <summary>One attribute.</summary>
    public static LayerDecl Layer(string kind, params (string Name, object Value)[] arguments) =>
        new(kind, new EquatableArray<ArgumentDecl>(arguments.Select(argument => new ArgumentDecl(argument.Name, argument.Value))));

    /// <summary>A Dense layer.</summary>
    public static LayerDecl Dense(int units, params (string Name, object Value)[] arguments) =>
        Layer("Dense", [("units", units), .. arguments]);

    /// <summary>The same layers several times.</summary>
    public static LayerDecl[] Repeat(int times, params LayerDecl[] layers) =>
        [.. Enumerable.Repeat(layers, times).SelectMany(copy => copy)];

    /// <summary>The graph of a declaration in which nothing is wrong.</summary>
    public static NetworkGraph Graph(NetworkDecl declaration, GraphPurpose purpose)
    {
        BuiltGraph built = GraphBuilder.Build(declaration, purpose);
        Assert.Equal([], built.Problems);
        return built.Graph!;
    }

    /// <summary>A builder for graphs made by hand.</summary>
    public static GraphBuilder Builder(GraphPurpose purpose = GraphPurpose.Training) => new(Network([1]), purpose);
}
