using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using NetGen.Generator.Model;

namespace NetGen.Generator.Parsing;

/// <summary>Places in the user's text as the model holds them: without the syntax tree.</summary>
internal static class Locations
{
    public static LocationDecl Of(SyntaxTree tree, TextSpan span)
    {
        LinePositionSpan lines = tree.GetLineSpan(span).Span;
        return new LocationDecl(
            tree.FilePath, span.Start, span.Length, lines.Start.Line, lines.Start.Character, lines.End.Line, lines.End.Character);
    }

    /// <summary>A place in a source file.</summary>
    public static LocationDecl Of(Location location) => Of(location.SourceTree!, location.SourceSpan);

    /// <summary>An attribute in a source file.</summary>
    public static LocationDecl Of(AttributeData attribute)
    {
        SyntaxReference reference = attribute.ApplicationSyntaxReference!;
        return Of(reference.SyntaxTree, reference.Span);
    }
}
