namespace NetGen.Network.Tests;

/// <summary>A generated class.</summary>
/// <param name="type">The class.</param>
/// <param name="sources">Generated text by file name.</param>
internal sealed class CompiledNetwork(Type type, IReadOnlyDictionary<string, string> sources)
{
    /// <summary>The class.</summary>
    public Type Type { get; } = type;

    /// <summary>All generated text.</summary>
    public string Text { get; } = string.Join("\n", sources.OrderBy(source => source.Key, StringComparer.Ordinal)
        .Select(source => source.Value));

    /// <summary>A new network.</summary>
    public TestNetwork Create(ulong seed = 0) => new((INetwork)Activator.CreateInstance(Type, seed)!);
}
