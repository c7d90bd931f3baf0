using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace NetGen.CodeFixes;

/// <summary>Inserts the layer that is missing before the marked attribute: Flatten, Softmax or Sigmoid. Softmax takes the place of
/// LogSoftmax.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(InsertLayerFix)), Shared]
public sealed class InsertLayerFix : CodeFixProvider
{
    private static readonly ImmutableDictionary<string, string> Layers = ImmutableDictionary<string, string>.Empty
        .Add("NG0105", "Flatten")
        .Add("NG0201", "Softmax")
        .Add("NG0202", "Sigmoid")
        .Add("NG0205", "Softmax");

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => Layers.Keys.ToImmutableArray();

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (root?.FindNode(context.Span).FirstAncestorOrSelf<AttributeSyntax>() is not { Parent: AttributeListSyntax list } attribute)
            return;

        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            string layer = Layers[diagnostic.Id];
            AttributeSyntax? logarithm = layer == "Softmax" ? Before(attribute, list) : null;
            TextChange change = logarithm is null
                ? Insert(layer, attribute, list)
                : new TextChange(logarithm.Span, Qualifier(logarithm.Name) + layer);
            context.RegisterCodeFix(
                CodeAction.Create(
                    logarithm is null ? $"Insert {layer} before {Unqualified(attribute.Name)}" : $"Put {layer} in the place of LogSoftmax",
                    cancel => TextEdit.Apply(context.Document, change, cancel),
                    equivalenceKey: nameof(InsertLayerFix) + layer),
                diagnostic);
        }
    }

    /// <summary>The LogSoftmax that stands before an attribute, or null: it is Softmax that is meant.</summary>
    private static AttributeSyntax? Before(AttributeSyntax attribute, AttributeListSyntax list)
    {
        int index = list.Attributes.IndexOf(attribute);
        AttributeSyntax? before = index > 0 ? list.Attributes[index - 1] : Previous(list)?.Attributes.Last();
        return before is not null && Unqualified(before.Name) is "LogSoftmax" or "LogSoftmaxAttribute" ? before : null;
    }

    /// <summary>An activation joins the layer it follows, in that layer's list; otherwise the list of the marked attribute grows.</summary>
    private static TextChange Insert(string layer, AttributeSyntax attribute, AttributeListSyntax list)
    {
        string name = Qualifier(attribute.Name) + layer;
        if (layer != "Flatten" && list.Attributes[0] == attribute && Previous(list) is { } previous)
            return new TextChange(new TextSpan(previous.Attributes.Last().Span.End, 0), ", " + name);
        return new TextChange(new TextSpan(attribute.SpanStart, 0), name + ", ");
    }

    /// <summary>The list before, where it ends in a layer; null where it ends in [Network] or where there is none.</summary>
    private static AttributeListSyntax? Previous(AttributeListSyntax list)
    {
        if (list.Parent is not TypeDeclarationSyntax type)
            return null;
        int index = type.AttributeLists.IndexOf(list);
        if (index <= 0)
            return null;
        AttributeListSyntax previous = type.AttributeLists[index - 1];
        return previous.Attributes.Last().Name.ToString().EndsWith("Network", StringComparison.Ordinal) ? null : previous;
    }

    private static string Unqualified(NameSyntax name) => name.ToString().Substring(Qualifier(name).Length);

    /// <summary>Who writes <c>NetGen.CrossEntropy</c> has no using, so the new layer needs the same prefix.</summary>
    private static string Qualifier(NameSyntax name) => name switch
    {
        QualifiedNameSyntax qualified => qualified.Left + ".",
        AliasQualifiedNameSyntax alias => alias.Alias + SyntaxFacts.GetText(SyntaxKind.ColonColonToken),
        _ => "",
    };
}
