using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;

namespace NetGen.Generator.Emission;

/// <summary>Prints operations with every feature in a variable of its own, whose lanes are samples.</summary>
internal sealed class LaneWriter(SourceWriter writer, InstructionSet isa)
{
    private readonly Dictionary<Tensor, string[]> values = [];

    /// <summary>The loss calls its variables so; names of layers that differ may give equal identifiers.</summary>
    private readonly HashSet<string> used = ["difference"];

    public InstructionSet Isa { get; } = isa;

    /// <summary>The variables of a tensor, one per feature; of a parameter, the reads of its floats in storage order.</summary>
    public string[] this[Tensor tensor] => values[tensor];

    /// <summary>Names a tensor's variables; somebody else prints them.</summary>
    public string[] Name(Tensor tensor)
    {
        string name = NameOf(tensor);
        string[] names = [.. Enumerable.Range(0, (int)tensor.Shape.Length).Select(i => $"{name}_{i}")];
        values[tensor] = names;
        return names;
    }

    /// <summary>Prints where a parameter starts. Every use reads it anew: there are more parameters than registers.</summary>
    public void Refer(Tensor parameter, string start)
    {
        string name = NameOf(parameter);
        writer.Line($"ref float {name} = ref {start};");
        values[parameter] = [.. Enumerable.Range(0, (int)parameter.Shape.Length).Select(i => Isa.Create(Address.At(name, i)))];
    }

    /// <summary>Prints one variable per feature.</summary>
    public void Define(Tensor tensor, Func<int, string> value)
    {
        string[] names = Name(tensor);
        for (int i = 0; i < names.Length; i++)
            writer.Line($"{Isa.Type} {names[i]} = {value(i)};");
    }

    /// <summary>Prints one statement.</summary>
    public void Line(string line) => writer.Line(line);

    /// <summary>Lets a tensor be another one, or the part of it that starts at <paramref name="offset"/>.</summary>
    public void Alias(Tensor tensor, Tensor of, int offset = 0) =>
        values[tensor] = [.. values[of].Skip(offset).Take((int)tensor.Shape.Length)];

    /// <summary>Lets a tensor be several others, one behind the other.</summary>
    public void Join(Tensor tensor, IEnumerable<Tensor> parts) => values[tensor] = [.. parts.SelectMany(part => values[part])];

    private string NameOf(Tensor tensor)
    {
        string name = Identifier.Of(tensor.Name.Replace("∂", "d_"));
        while (!used.Add(name))
            name += "_";
        return name;
    }
}
