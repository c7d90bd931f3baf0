using NetGen.Generator.Diagnostics;
using NetGen.Generator.Model;

namespace NetGen.Generator.Graph;

/// <summary>The inputs of a graph: one tensor that holds a sample, and its parts where there are several.</summary>
/// <param name="Sample">All inputs of a sample, back to back.</param>
/// <param name="Parts">The inputs in the order of their declaration; the sample itself where it is the only one.</param>
/// <param name="Ports">Their names and shapes, where there are several.</param>
internal sealed record NetworkInputs(Tensor Sample, IReadOnlyList<Tensor> Parts, IReadOnlyList<Port> Ports)
{
    /// <summary>Name of the input whose shape <c>[Network]</c> has, beside others.</summary>
    private const string FirstName = "input";

    /// <summary>Adds the inputs of a declaration to a graph; null after a problem was reported.</summary>
    public static NetworkInputs? Build(GraphBuilder builder, NetworkDecl declaration)
    {
        List<(int Attribute, Port Port)> inputs = [];
        EquatableArray<int> first = declaration.Network.Get("inputShape", EquatableArray<int>.Empty);
        List<LayerDecl> layers = [.. declaration.Layers];
        if (first.Count > 0 || !layers.Any(layer => layer.Kind == "Input"))
            inputs.Add((0, new Port(FirstName, new Shape(first))));
        for (int i = 0; i < layers.Count; i++)
        {
            if (layers[i].Kind == "Input")
                inputs.Add((i + 1, new Port(layers[i].Get("name", ""), new Shape(layers[i].Get("shape", EquatableArray<int>.Empty)))));
        }

        foreach ((int attribute, Port port) in inputs)
        {
            if (attribute > 0 && layers[attribute - 1].Block is not null)
            {
                builder.Report(Descriptors.PortInBlock, attribute, $"Input({port.Name})", declaration.Type.Name);
                return null;
            }

            if (!Check(builder, declaration.Type.Name, attribute, port.Shape))
                return null;
        }

        long floats = inputs.Sum(input => input.Port.Shape.Length);
        if (floats > GraphBuilder.MaximumValues)
        {
            builder.Report(
                Descriptors.ValueTooLarge, inputs[inputs.Count - 1].Attribute, declaration.Type.Name, "input", floats,
                GraphBuilder.MaximumValues);
            return null;
        }

        return inputs.Count == 1 ? BuildOne(builder, inputs[0]) : BuildSeveral(builder, declaration.Type.Name, inputs);
    }

    private static NetworkInputs BuildOne(GraphBuilder builder, (int Attribute, Port Port) input)
    {
        Tensor sample = builder.NewTensor(FirstName, input.Port.Shape, TensorRole.Input);
        if (input.Attribute > 0)
        {
            builder.Marks.TryAdd(0, input.Attribute, input.Port.Name, sample);
            builder.Marks.Find(0, input.Port.Name);
        }

        return new NetworkInputs(sample, [sample], []);
    }

    private static NetworkInputs? BuildSeveral(GraphBuilder builder, string network, List<(int Attribute, Port Port)> inputs)
    {
        Tensor sample = builder.NewTensor("sample", new Shape((int)inputs.Sum(input => input.Port.Shape.Length)), TensorRole.Input);
        List<Tensor> parts = [];
        int offset = 0;
        foreach ((int attribute, Port port) in inputs)
        {
            Tensor part = builder.Part(sample, port.Name, port.Shape, offset);
            offset += (int)port.Shape.Length;
            if (!builder.Marks.TryAdd(0, attribute, port.Name, part))
            {
                builder.Report(Descriptors.DuplicateMark, attribute, $"Input({port.Name})", network, port.Name);
                return null;
            }

            parts.Add(part);
        }

        // The layers begin with the first one.
        builder.Marks.Find(0, inputs[0].Port.Name);
        return new NetworkInputs(sample, parts, [.. inputs.Select(input => input.Port)]);
    }

    private static bool Check(GraphBuilder builder, string network, int attribute, Shape shape)
    {
        if (shape.Rank is < 1 or > 4)
        {
            if (shape.Rank == 0)
                builder.Report(Descriptors.EmptyInputShape, attribute, network);
            else
                builder.Report(Descriptors.TooManyAxes, attribute, network, shape.Rank, 4);
            return false;
        }

        for (int axis = 0; axis < shape.Rank; axis++)
        {
            if (shape.Extents[axis] < 1)
            {
                builder.Report(Descriptors.ExtentTooSmall, attribute, network, shape.Extents[axis], axis);
                return false;
            }
        }

        if (shape.Length <= GraphBuilder.MaximumValues)
            return true;
        builder.Report(Descriptors.ValueTooLarge, attribute, network, "input", shape.Length, GraphBuilder.MaximumValues);
        return false;
    }
}
