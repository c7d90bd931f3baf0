using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Parsing;

namespace NetGen.Generator.Differentiable;

/// <summary>From methods that bear <c>[Differentiable]</c> to their derivatives.</summary>
internal static class DifferentiablePipeline
{
    public static void Register(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<ParsedDifferentiable> parsed = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                WellKnownNames.DifferentiableAttribute,
                static (node, _) => node is MethodDeclarationSyntax,
                DifferentiableParser.Parse);

        IncrementalValuesProvider<DifferentiableDecl> declarations = parsed
            .Where(static one => one.Declaration is not null)
            .Select(static (one, _) => one.Declaration!)
            .WithTrackingName(StepNames.Differentiable);

        context.RegisterSourceOutput(declarations, static (output, declaration) =>
        {
            try
            {
                output.AddSource(declaration.HintName, SourceText.From(DifferentiableEmitter.Emit(declaration), Encoding.UTF8));
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                output.ReportDiagnostic(DiagnosticReport.Failure(declaration.Method, exception));
            }
        });

        context.RegisterSourceOutput(
            parsed.SelectMany(static (one, _) => one.Diagnostics).Combine(context.CompilationProvider),
            static (output, pair) => output.ReportDiagnostic(DiagnosticReport.Create(pair.Left, pair.Right)));
    }
}
