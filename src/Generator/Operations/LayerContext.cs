using System.Globalization;
using Microsoft.CodeAnalysis;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Emission;
using NetGen.Generator.Graph;
using NetGen.Generator.Model;

namespace NetGen.Generator.Operations;

/// <summary>What a layer's rule sees: its attribute, the graph under construction and where to report.</summary>
internal sealed class LayerContext(GraphBuilder builder, NetworkDecl declaration, int index, string name)
{
    private LayerDecl Layer => declaration.Layers[index];

    public GraphBuilder Builder { get; } = builder;

    /// <summary>The network's name, for messages.</summary>
    public string Network => declaration.Type.Name;

    /// <summary>The layer's name and the prefix of its parameters' names: <c>dense1</c>.</summary>
    public string Name { get; } = name;

    /// <summary>Position among the layers, from 1, for messages.</summary>
    public int Number => index + 1;

    /// <summary>The insertion of a block that the layer belongs to; 0 is the network itself.</summary>
    public int Instance => Layer.Block?.Instance ?? 0;

    /// <summary>Multiply-adds of one sample's forward pass, for the summary.</summary>
    public long MultiplyAdds { get; set; }

    /// <summary>The attribute's name, for messages.</summary>
    public string Kind => Layer.Kind;

    /// <summary>Kind of the following attribute, or empty. Passes over those that leave it to the next one what happens to the
    /// value.</summary>
    public string NextKind =>
        declaration.Layers.Skip(index + 1).FirstOrDefault(layer => layer.Kind is not ("Mark" or "Add" or "Output"))?.Kind ?? "";

    /// <summary>Whether the network ends in a loss.</summary>
    public bool Trains => declaration.Layers.Any(layer => LossTable.Find(layer.Kind) is not null);

    /// <summary>An argument of the attribute; else the network's default of that name; else the given one.</summary>
    public T Argument<T>(string argument, T otherwise) => Layer.Get(argument, declaration.Network.Get(argument, otherwise));

    /// <summary>An argument of the attribute; else the given one, whatever the network's default of that name is.</summary>
    public T OwnArgument<T>(string argument, T otherwise) => Layer.Get(argument, otherwise);

    /// <summary>Whether a penalty's coefficient, the layer's own or the network's, can be one;
    /// if not, it has been reported where it stands.</summary>
    public bool CheckPenalty(string argument)
    {
        float coefficient = Argument(argument, 0f);
        if (coefficient >= 0 && !float.IsInfinity(coefficient))
            return true;
        bool isOwn = Layer.Arguments.Any(own => own.Name == argument);
        Builder.Report(Descriptors.InvalidPenalty, isOwn ? Number : 0, argument, Network, Literal.Of(coefficient));
        return false;
    }

    /// <summary>How the layer's weights start, or null after it was reported as unknown.</summary>
    public Initialization? WeightStart()
    {
        // The numbers are those of the public enum NetGen.Init; from 1 on the order is the same.
        const int Last = (int)Initialization.Orthogonal + 1;
        int init = Argument("Init", 0);
        if (init == 0)
            return LayerTable.IsRectifier(NextKind) ? Initialization.He : Initialization.Xavier;
        if (init is >= 1 and <= Last)
            return (Initialization)(init - 1);
        Report(Descriptors.InvalidInit, Number, Network, init, Last);
        return null;
    }

    /// <summary>Whether an argument is in its range; otherwise it is reported.</summary>
    /// <param name="argument">Its name.</param>
    /// <param name="value">What it is.</param>
    /// <param name="least">The smallest value.</param>
    /// <param name="most">The largest value, or null where any fits.</param>
    public bool CheckRange(string argument, int value, int least, int? most = null)
    {
        if (value >= least && value <= (most ?? int.MaxValue))
            return true;
        string range = string.Format(CultureInfo.InvariantCulture, most is null ? "at least {0:N0}" : "from {0:N0} to {1:N0}", least, most);
        Report(Descriptors.ArgumentOutOfRange, argument, Number, Network, value, range);
        return false;
    }

    /// <summary>Reports a problem at the layer's attribute.</summary>
    public void Report(DiagnosticDescriptor descriptor, params object[] arguments) => Builder.Report(descriptor, index + 1, arguments);

    /// <summary>The attribute as the user wrote it, for the summary: <c>Dense(128)</c>.</summary>
    public string Describe()
    {
        string arguments = string.Join(", ", Layer.Arguments
            .Where(argument => argument.Name is not ("Name" or FunctionArgument.Expression or FunctionArgument.Parameters)
                && argument.Value is not EquatableArray<float> { Count: 0 })
            .Select(argument => char.IsLower(argument.Name[0]) ? Format(argument) : $"{argument.Name} = {Format(argument)}"));
        return arguments.Length == 0 ? Layer.Kind : $"{Layer.Kind}({arguments})";
    }

    private static string Format(ArgumentDecl argument) => argument.Value switch
    {
        int init when argument.Name == "Init" => init == 0 ? "Auto" : ((Initialization)(init - 1)).ToString(),
        ConvolutionLayers.Same when argument.Name == "Padding" => "Same",
        bool truth => truth ? "true" : "false",
        float number => number.ToString("R", CultureInfo.InvariantCulture),
        EquatableArray<float> numbers => string.Join(", ", numbers.Select(number => number.ToString("R", CultureInfo.InvariantCulture))),
        EquatableArray<int> numbers => string.Join(", ", numbers.Select(number => number.ToString(CultureInfo.InvariantCulture))),
        _ => Convert.ToString(argument.Value, CultureInfo.InvariantCulture),
    };
}
