namespace NetGen;

/// <summary>Finds the label of a class by its name.</summary>
internal sealed class LabelTable
{
    private readonly Dictionary<string, int> labels = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">A name occurs twice.</exception>
    public LabelTable(IReadOnlyList<string> names)
    {
        Names = names;
        for (int i = 0; i < names.Count; i++)
        {
            if (!labels.TryAdd(names[i], i))
                throw new ArgumentException($"The class '{names[i]}' is named twice.");
        }
    }

    public IReadOnlyList<string> Names { get; }

    /// <param name="name">The class.</param>
    /// <param name="place">Where it stands, for the error.</param>
    /// <exception cref="InvalidDataException">There is no such class.</exception>
    public int Find(string name, string place) => labels.TryGetValue(name, out int label)
        ? label
        : throw new InvalidDataException($"{place}: there is no class '{name}' among {string.Join(", ", Names)}.");
}
