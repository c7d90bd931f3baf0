using System.Globalization;

namespace NetGen;

/// <summary>A column by position or by name; an <see cref="int"/> or a <see cref="string"/> converts to it.</summary>
public readonly record struct CsvColumn
{
    private CsvColumn(int index, string? name) => (Index, Name) = (index, name);

    /// <summary>0-based position; negative counts from the end, -1 being the last. 0 where a name is given.</summary>
    public int Index { get; }

    /// <summary>The column's name, or null where a position is given.</summary>
    public string? Name { get; }

    /// <summary>A column by position: 0 is the first, -1 the last.</summary>
    public static implicit operator CsvColumn(int index) => new(index, null);

    /// <summary>A column by name; needs a header.</summary>
    public static implicit operator CsvColumn(string name) => new(0, name ?? throw new ArgumentNullException(nameof(name)));

    /// <summary>The name in quotes, or the position.</summary>
    public override string ToString() => Name is null ? Index.ToString(CultureInfo.InvariantCulture) : $"'{Name}'";
}
