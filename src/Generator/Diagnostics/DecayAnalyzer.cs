using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using NetGen.Generator.Parsing;

namespace NetGen.Generator.Diagnostics;

/// <summary>Finds networks with an L2 penalty that are trained with AdamW, as far as a call of Train shows both.</summary>
/// <remarks>It follows a local variable to its initialiser and no further: what it reports is there.</remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DecayAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => ImmutableArray.Create(Descriptors.DoubleDecay);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            if (start.Compilation.GetTypeByMetadataName(WellKnownNames.NetworkAttribute) is { } network
                && start.Compilation.GetTypeByMetadataName("NetGen.AdamW") is { } optimizer)
            {
                start.RegisterOperationAction(operation => Check(operation, network, optimizer), OperationKind.Invocation);
            }
        });
    }

    private static void Check(OperationAnalysisContext context, INamedTypeSymbol network, INamedTypeSymbol optimizer)
    {
        var call = (IInvocationOperation)context.Operation;
        if (call.TargetMethod is not { Name: "Train", ContainingType: { } type } || !HasL2(type, network))
            return;
        foreach (IArgumentOperation argument in call.Arguments)
        {
            if (OptimizerIn(argument.Value) is not { } found
                || !SymbolEqualityComparer.Default.Equals(found.Type, optimizer) || IsWithoutDecay(found))
            {
                continue;
            }

            context.ReportDiagnostic(Diagnostic.Create(Descriptors.DoubleDecay, found.Syntax.GetLocation(), type.Name, optimizer.Name));
        }
    }

    /// <summary>Whether a layer of the network, or the network for its layers, sets a positive L2.</summary>
    private static bool HasL2(INamedTypeSymbol type, INamedTypeSymbol network) =>
        type.GetAttributes().Any(data => SymbolEqualityComparer.Default.Equals(data.AttributeClass, network))
        && type.GetAttributes().Any(data => data.AttributeClass is { } attribute
            && SymbolEqualityComparer.Default.Equals(attribute.ContainingAssembly, network.ContainingAssembly)
            && data.NamedArguments.Any(argument => argument is { Key: "L2", Value.Value: > 0f }));

    /// <summary>The optimizer that an argument is, or that it brings as an option.</summary>
    private static IOperation? OptimizerIn(IOperation value)
    {
        IOperation found = Origin(value);
        if (found is not IObjectCreationOperation { Initializer: { } initializer } || found.Type?.Name != "TrainingOptions")
            return found;
        return initializer.Initializers.OfType<ISimpleAssignmentOperation>()
            .Where(assignment => assignment.Target is IPropertyReferenceOperation { Property.Name: "Optimizer" })
            .Select(assignment => Origin(assignment.Value)).FirstOrDefault();
    }

    /// <summary>What makes a value: through conversions, and from a local variable to its initialiser.</summary>
    private static IOperation Origin(IOperation value)
    {
        value = Unconverted(value);
        if (value is not ILocalReferenceOperation { Local.DeclaringSyntaxReferences: { Length: 1 } declared })
            return value;
        SyntaxNode declaration = declared[0].GetSyntax();
        return value.SemanticModel!.SyntaxTree == declaration.SyntaxTree
            && value.SemanticModel.GetOperation(declaration) is IVariableDeclaratorOperation { Initializer.Value: { } initial }
            && Unconverted(initial) is IObjectCreationOperation creation
            ? creation
            : value;
    }

    private static IOperation Unconverted(IOperation value)
    {
        while (value is IConversionOperation conversion)
            value = conversion.Operand;
        return value;
    }

    private static bool IsWithoutDecay(IOperation optimizer) => optimizer is IObjectCreationOperation creation
        && creation.Arguments
            .Any(argument => argument is { Parameter.Name: "weightDecay", Value.ConstantValue: { HasValue: true, Value: 0f } });
}
