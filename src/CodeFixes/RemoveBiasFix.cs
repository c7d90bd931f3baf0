using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace NetGen.CodeFixes;

/// <summary>NG0310: sets <c>Bias = false</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RemoveBiasFix)), Shared]
public sealed class RemoveBiasFix() : AttributeFix("NG0310")
{
    private protected override (string Title, TextChange Change)? Edit(AttributeSyntax attribute)
    {
        const string Title = "Set Bias = false";
        if (Argument(attribute, "Bias") is { } value)
            return (Title, new TextChange(value.Span, "false"));
        return attribute.ArgumentList is { Arguments.Count: > 0 } list
            ? (Title, new TextChange(new TextSpan(list.Arguments.Last().Span.End, 0), ", Bias = false"))
            : null;
    }
}
