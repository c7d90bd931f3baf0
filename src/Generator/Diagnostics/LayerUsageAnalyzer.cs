using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using NetGen.Generator.Parsing;

namespace NetGen.Generator.Diagnostics;

/// <summary>Finds layers and losses on a class without <c>[Network]</c> or <c>[Block]</c>, which the generator never sees.</summary>
/// <remarks>Layers on the wrong part of a network are the parser's: it knows which part is the right one.</remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class LayerUsageAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => ImmutableArray.Create(Descriptors.LayerWithoutNetwork);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            if (start.Compilation.GetTypeByMetadataName(WellKnownNames.NetworkAttribute) is { } network)
                start.RegisterSymbolAction(symbol => Check(symbol, network), SymbolKind.NamedType);
        });
    }

    private static void Check(SymbolAnalysisContext context, INamedTypeSymbol network)
    {
        ImmutableArray<AttributeData> attributes = context.Symbol.GetAttributes();
        AttributeData? first = null;
        foreach (AttributeData data in attributes)
        {
            // A mistyped [Network] is the compiler's to report; the layers behind it are right where they are.
            if (data.AttributeClass is not { TypeKind: not TypeKind.Error } attribute
                || SymbolEqualityComparer.Default.Equals(attribute, network)
                || AttributeKinds.IsBlockAttribute(attribute, network))
            {
                return;
            }

            if (first is null && (AttributeKinds.IsLayer(attribute, network) || AttributeKinds.IsLoss(attribute, network)))
                first = data;
        }

        if (first?.ApplicationSyntaxReference is not { } reference)
            return;
        context.ReportDiagnostic(Diagnostic.Create(
            Descriptors.LayerWithoutNetwork,
            Location.Create(reference.SyntaxTree, reference.Span),
            AttributeKinds.NameOf(first.AttributeClass!),
            context.Symbol.Name));
    }
}
