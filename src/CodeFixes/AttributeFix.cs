using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace NetGen.CodeFixes;

/// <summary>A fix that is one edit of the marked attribute's text.</summary>
public abstract class AttributeFix(string id) : CodeFixProvider
{
    /// <inheritdoc/>
    public sealed override ImmutableArray<string> FixableDiagnosticIds => ImmutableArray.Create(id);

    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (root?.FindNode(context.Span).FirstAncestorOrSelf<AttributeSyntax>() is not { Parent: AttributeListSyntax } attribute
            || Edit(attribute) is not (string title, TextChange change))
        {
            return;
        }

        context.RegisterCodeFix(
            CodeAction.Create(title, cancel => TextEdit.Apply(context.Document, change, cancel), equivalenceKey: GetType().Name + title),
            context.Diagnostics);
    }

    /// <summary>What the fix is called and what it changes, or null where it cannot help.</summary>
    private protected abstract (string Title, TextChange Change)? Edit(AttributeSyntax attribute);

    /// <summary>The last part of a name: <c>Dense</c> of <c>NetGen.Dense</c>.</summary>
    private protected static SimpleNameSyntax Simple(NameSyntax name) => name switch
    {
        QualifiedNameSyntax qualified => qualified.Right,
        AliasQualifiedNameSyntax alias => alias.Name,
        _ => (SimpleNameSyntax)name,
    };

    /// <summary>The value of a named argument, or null where it is not there.</summary>
    private protected static ExpressionSyntax? Argument(AttributeSyntax attribute, string name) => attribute.ArgumentList?.Arguments
        .FirstOrDefault(argument => argument.NameEquals?.Name.Identifier.ValueText == name)?.Expression;
}
