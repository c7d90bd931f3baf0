using Microsoft.CodeAnalysis;
using NetGen.Generator.Emission;

namespace NetGen.Generator.Parsing;

/// <summary>Names of the user's symbols as generated text writes them.</summary>
internal static class SymbolNames
{
    /// <summary>A namespace with its dots; empty for the global one.</summary>
    public static string Of(INamespaceSymbol scope) =>
        scope.IsGlobalNamespace ? "" : string.Join(".", scope.ToDisplayString().Split('.').Select(Identifier.Escape));
}
