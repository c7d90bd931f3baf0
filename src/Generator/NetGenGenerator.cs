using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Differentiable;
using NetGen.Generator.Model;
using NetGen.Generator.Parsing;

namespace NetGen.Generator;

/// <summary>Completes every class that bears <c>[Network]</c>.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class NetGenGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<ParsedNetwork> parsed = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                WellKnownNames.NetworkAttribute,
                static (node, _) => node is ClassDeclarationSyntax or RecordDeclarationSyntax,
                NetworkParser.Parse)                                                  // reruns on every edit: cheap
            .WithTrackingName(StepNames.Parse);

        IncrementalValuesProvider<NetworkDecl> declarations = parsed
            .Where(static network => network.Declaration is not null)
            .Select(static (network, _) => network.Declaration!)                      // equal declaration: nothing below reruns
            .WithTrackingName(StepNames.Declaration);

        context.RegisterSourceOutput(declarations, static (output, declaration) =>
        {
            try
            {
                foreach ((string hintName, string text) in Compiler.Compile(declaration))
                    output.AddSource(hintName, SourceText.From(text, Encoding.UTF8));
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                output.ReportDiagnostic(DiagnosticReport.Failure(declaration.Type.Name, exception));
            }
        });

        DifferentiablePipeline.Register(context);

        // Diagnostics move with the text, so they have an output of their own. They meet the compilation only to be attached
        // to its trees (#pragma, .editorconfig and code fixes need that); a sound network has none and skips the step.
        context.RegisterSourceOutput(
            parsed.SelectMany(static (network, _) => network.Diagnostics).WithTrackingName(StepNames.Diagnostics)
                .Combine(context.CompilationProvider),
            static (output, pair) => output.ReportDiagnostic(DiagnosticReport.Create(pair.Left, pair.Right)));
    }
}
