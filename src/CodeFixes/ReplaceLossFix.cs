using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace NetGen.CodeFixes;

/// <summary>NG0302: replaces the squared error by the cross-entropy that suits the last layer.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ReplaceLossFix)), Shared]
public sealed class ReplaceLossFix() : AttributeFix("NG0302")
{
    private protected override (string Title, TextChange Change)? Edit(AttributeSyntax attribute)
    {
        if (attribute.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not { } type)
            return null;

        // The nearest of the two before the loss: only shapes can stand between.
        string? last = type.AttributeLists.SelectMany(list => list.Attributes).Where(one => one.SpanStart < attribute.SpanStart)
            .Select(one => Kind(one)).LastOrDefault(kind => kind is "Sigmoid" or "Softmax");
        if (last is null)
            return null;
        string loss = last == "Sigmoid" ? "BinaryCrossEntropy" : "CrossEntropy";
        return ($"Replace {Kind(attribute)} by {loss}", new TextChange(Simple(attribute.Name).Span, loss));
    }

    private static string Kind(AttributeSyntax attribute)
    {
        string name = Simple(attribute.Name).Identifier.ValueText;
        return name.EndsWith("Attribute", StringComparison.Ordinal) ? name.Substring(0, name.Length - "Attribute".Length) : name;
    }
}
