using Microsoft.CodeAnalysis;

namespace NetGen.Generator.Parsing;

/// <summary>Types that names of generated files do not tell apart: their full names differ in upper and lower case alone, or in the number
/// of type parameters.</summary>
internal static class Twins
{
    /// <summary>The type itself and its twins, in the order of their full names.</summary>
    public static IReadOnlyList<INamedTypeSymbol> Of(INamedTypeSymbol type) =>
        [.. Alike(type).OfType<INamedTypeSymbol>().OrderBy(one => one.ToDisplayString(), StringComparer.Ordinal)];

    private static IEnumerable<INamespaceOrTypeSymbol> Alike(INamespaceOrTypeSymbol symbol) =>
        symbol.ContainingSymbol is INamespaceOrTypeSymbol container
            ? Alike(container).SelectMany(one => one.GetMembers()).OfType<INamespaceOrTypeSymbol>()
                .Where(other => string.Equals(other.Name, symbol.Name, StringComparison.OrdinalIgnoreCase))
            : [symbol];
}
