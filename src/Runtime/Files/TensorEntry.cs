namespace NetGen;

/// <summary>One tensor of a safetensors header.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Element type as written: <c>F32</c>.</param>
/// <param name="Shape">Extents; empty for a scalar.</param>
/// <param name="Begin">First byte in the data section.</param>
/// <param name="End">Byte after the last.</param>
internal sealed record TensorEntry(string Name, string Type, long[] Shape, long Begin, long End)
{
    public string Describe() => $"[{string.Join(", ", Shape)}]";
}
