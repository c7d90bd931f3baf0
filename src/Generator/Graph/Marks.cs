namespace NetGen.Generator.Graph;

/// <summary>The values of a graph under construction that have names. Names inside a block belong to one insertion of it.</summary>
internal sealed class Marks
{
    private readonly Dictionary<(int Instance, string Name), Mark> marks = [];

    /// <summary>Attributes whose values nobody has asked for, in their order, each with the value's name.</summary>
    public IEnumerable<(int Attribute, string Name)> Unused =>
        marks.Where(mark => !mark.Value.IsUsed).Select(mark => (mark.Value.Attribute, mark.Key.Name)).OrderBy(mark => mark.Attribute);

    /// <summary>Names a value; false where the name is taken.</summary>
    /// <param name="instance">The insertion of a block that the attribute belongs to; 0 is the network.</param>
    /// <param name="attribute">Number of the attribute, from 1.</param>
    /// <param name="name">The name.</param>
    /// <param name="value">The value.</param>
    public bool TryAdd(int instance, int attribute, string name, Tensor value)
    {
        if (marks.ContainsKey((instance, name)))
            return false;
        marks.Add((instance, name), new Mark(value, attribute));
        return true;
    }

    /// <summary>The value of that name, or null.</summary>
    public Tensor? Find(int instance, string name)
    {
        if (!marks.TryGetValue((instance, name), out Mark? mark))
            return null;
        mark.IsUsed = true;
        return mark.Value;
    }

    /// <summary>Whether a value has a name.</summary>
    public bool Contains(Tensor value) => marks.Values.Any(mark => mark.Value == value);

    /// <summary>Names known so far, in alphabetical order.</summary>
    public IEnumerable<string> Names(int instance) =>
        marks.Keys.Where(key => key.Instance == instance).Select(key => key.Name).OrderBy(name => name, StringComparer.Ordinal);

    private sealed class Mark(Tensor value, int attribute)
    {
        public Tensor Value { get; } = value;

        public int Attribute { get; } = attribute;

        public bool IsUsed { get; set; }
    }
}
