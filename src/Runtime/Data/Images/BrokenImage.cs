namespace NetGen;

/// <summary>An image that could not be read.</summary>
/// <param name="Path">The file.</param>
/// <param name="Reason">What is wrong with it; names the file too.</param>
public sealed record BrokenImage(string Path, string Reason)
{
    /// <summary>The reason.</summary>
    public override string ToString() => Reason;
}
