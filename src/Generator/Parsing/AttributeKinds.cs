using Microsoft.CodeAnalysis;

namespace NetGen.Generator.Parsing;

/// <summary>What an attribute class stands for in a declaration.</summary>
internal static class AttributeKinds
{
    /// <summary>Whether it adds a layer.</summary>
    /// <param name="attribute">The attribute's class.</param>
    /// <param name="network">The class of <c>[Network]</c>, beside which the bases stand.</param>
    public static bool IsLayer(INamedTypeSymbol attribute, INamedTypeSymbol network) => DerivesFrom(attribute, "LayerAttribute", network);

    /// <summary>Whether it sets the loss.</summary>
    public static bool IsLoss(INamedTypeSymbol attribute, INamedTypeSymbol network) => DerivesFrom(attribute, "LossAttribute", network);

    /// <summary>Whether a class declares layers that networks insert.</summary>
    /// <param name="type">The class.</param>
    /// <param name="network">The class of <c>[Network]</c>, or another one beside <c>[Block]</c>.</param>
    public static bool IsBlock(INamedTypeSymbol type, INamedTypeSymbol network) =>
        type.GetAttributes().Any(data => data.AttributeClass is { } attribute && IsBlockAttribute(attribute, network));

    public static bool IsBlockAttribute(INamedTypeSymbol attribute, INamedTypeSymbol network) =>
        attribute.Name == "BlockAttribute"
        && SymbolEqualityComparer.Default.Equals(attribute.ContainingNamespace, network.ContainingNamespace);

    /// <summary>The name as the user writes it, without the suffix: <c>Dense</c>.</summary>
    public static string NameOf(INamedTypeSymbol attribute)
    {
        const string Suffix = "Attribute";
        return attribute.Name.EndsWith(Suffix, StringComparison.Ordinal) && attribute.Name.Length > Suffix.Length
            ? attribute.Name.Substring(0, attribute.Name.Length - Suffix.Length)
            : attribute.Name;
    }

    private static bool DerivesFrom(INamedTypeSymbol attribute, string name, INamedTypeSymbol network)
    {
        for (INamedTypeSymbol? ancestor = attribute; ancestor is not null; ancestor = ancestor.BaseType)
        {
            if (ancestor.Name == name && SymbolEqualityComparer.Default.Equals(ancestor.ContainingNamespace, network.ContainingNamespace))
                return true;
        }

        return false;
    }
}
