using Microsoft.CodeAnalysis;
using NetGen.Generator.Model;

namespace NetGen.Generator.Parsing;

/// <summary>One attribute that adds a layer or a loss.</summary>
/// <param name="Data">The attribute.</param>
/// <param name="Owner">The class that bears it: the network or a block.</param>
/// <param name="Kind">Name without its suffix.</param>
/// <param name="IsLoss">Whether it derives from the losses' base.</param>
/// <param name="IsOurs">Whether it is defined where <c>[Network]</c> is, or by the user.</param>
/// <param name="Location">What a problem with it marks: the attribute, or the one that inserts its block from another assembly.</param>
internal sealed record Part(AttributeData Data, INamedTypeSymbol Owner, string Kind, bool IsLoss, bool IsOurs, LocationDecl Location)
{
    /// <summary>The insertion of a block that it belongs to.</summary>
    public BlockDecl? Block { get; init; }

    /// <summary>Whether it inserts a block.</summary>
    public bool IsUse => IsOurs && Kind == "Use";
}
