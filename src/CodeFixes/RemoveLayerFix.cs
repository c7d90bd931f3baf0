using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace NetGen.CodeFixes;

/// <summary>NG0306: removes a dropout that hides nothing from anybody.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RemoveLayerFix)), Shared]
public sealed class RemoveLayerFix() : AttributeFix("NG0306")
{
    private protected override (string Title, TextChange Change)? Edit(AttributeSyntax attribute)
    {
        var list = (AttributeListSyntax)attribute.Parent!;
        int index = list.Attributes.IndexOf(attribute);

        // With the comma that joins it to a neighbour; an only attribute takes its list along, and the space up to what follows.
        TextSpan span = list.Attributes.Count == 1
            ? TextSpan.FromBounds(list.SpanStart, list.GetLastToken().GetNextToken().SpanStart)
            : index > 0
                ? TextSpan.FromBounds(list.Attributes[index - 1].Span.End, attribute.Span.End)
                : TextSpan.FromBounds(attribute.SpanStart, list.Attributes[1].SpanStart);
        return ($"Remove {Simple(attribute.Name).Identifier.ValueText}", new TextChange(span, ""));
    }
}
