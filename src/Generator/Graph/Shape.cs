using NetGen.Generator.Model;

namespace NetGen.Generator.Graph;

/// <summary>Row-major extents of one sample, batch excluded: (N), (T, F) or (C, H, W). Rank 1 to 4.</summary>
internal readonly record struct Shape(EquatableArray<int> Extents)
{
    public Shape(params int[] extents)
        : this(new EquatableArray<int>(extents))
    {
    }

    public int Rank => Extents.Count;

    /// <summary>Extent of the last axis: what Dense and Softmax act on.</summary>
    public int Last => Extents[Rank - 1];

    /// <summary>Floats per sample.</summary>
    public long Length => Extents.Aggregate(1L, (product, extent) => product * extent);

    /// <summary>Number of vectors along the last axis: 1 for (N), T for (T, F).</summary>
    public int Rows => (int)(Length / Last);

    /// <summary>The same shape with another last extent.</summary>
    public Shape WithLast(int extent) => new(Extents.Take(Rank - 1).Append(extent).ToArray());

    /// <summary>As messages write it: <c>(28, 28)</c>.</summary>
    public string Describe() => $"({string.Join(", ", Extents)})";

    /// <summary>As the documentation writes it: <c>[28, 28]</c>.</summary>
    public override string ToString() => $"[{string.Join(", ", Extents)}]";
}
