using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace NetGen.CodeFixes;

/// <summary>NG0308: puts He in the place of Xavier, or Xavier in that of He.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ReplaceInitFix)), Shared]
public sealed class ReplaceInitFix() : AttributeFix("NG0308")
{
    private protected override (string Title, TextChange Change)? Edit(AttributeSyntax attribute)
    {
        SimpleNameSyntax? name = Argument(attribute, "Init") switch
        {
            MemberAccessExpressionSyntax access => access.Name,
            SimpleNameSyntax alone => alone,
            _ => null,
        };
        if (name is null || Counterpart(name.Identifier.ValueText) is not { } other)
            return null;
        return ($"Replace Init.{name.Identifier.ValueText} by Init.{other}", new TextChange(name.Span, other));
    }

    private static string? Counterpart(string init) => init switch
    {
        "He" => "Xavier",
        "Xavier" => "He",
        "HeNormal" => "XavierNormal",
        "XavierNormal" => "HeNormal",
        _ => null,
    };
}
