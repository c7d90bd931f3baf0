using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace NetGen.Generator.Parsing;

/// <summary>Names of the user's symbols as generated text writes them.</summary>
internal static class SymbolNames
{
    /// <summary>A namespace with its dots; empty for the global one.</summary>
    public static string Of(INamespaceSymbol scope) =>
        scope.IsGlobalNamespace ? "" : string.Join(".", scope.ToDisplayString().Split('.').Select(Escape));

    /// <summary>Marks reserved and contextual keywords; both are legal names behind an @.</summary>
    public static string Escape(string identifier)
    {
        string plain = identifier.TrimStart('@');
        return SyntaxFacts.GetKeywordKind(plain) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(plain) != SyntaxKind.None
            ? "@" + plain
            : plain;
    }
}
