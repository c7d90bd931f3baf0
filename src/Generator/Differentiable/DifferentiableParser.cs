using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Emission;
using NetGen.Generator.Expressions;
using NetGen.Generator.Model;
using NetGen.Generator.Parsing;

namespace NetGen.Generator.Differentiable;

/// <summary>Reads a method that bears <c>[Differentiable]</c>. Symbols and syntax live here and nowhere behind.</summary>
internal static class DifferentiableParser
{
    /// <summary>Never throws, except to cancel. Text that the compiler rejects gives neither a declaration nor a diagnostic.</summary>
    public static ParsedDifferentiable Parse(GeneratorAttributeSyntaxContext target, CancellationToken cancel)
    {
        var method = (IMethodSymbol)target.TargetSymbol;
        var syntax = (MethodDeclarationSyntax)target.TargetNode;
        try
        {
            if (Check(method, syntax) is DiagnosticDecl problem)
                return new ParsedDifferentiable(null, new EquatableArray<DiagnosticDecl>(new[] { problem }));
            if (HasErrors(target.SemanticModel, syntax, cancel))
                return new ParsedDifferentiable(null, EquatableArray<DiagnosticDecl>.Empty);
            ExpressionPool pool = new();
            Expression[] parameters = [.. method.Parameters.Select((_, i) => pool.Parameter(i))];
            Expression value = new MethodTranslator(target.SemanticModel.Compilation, pool, cancel).Translate(method, parameters, syntax);
            return new ParsedDifferentiable(Declare(method, ExpressionText.Write(value)), EquatableArray<DiagnosticDecl>.Empty);
        }
        catch (UntranslatableException failure) when (IsBroken(target.SemanticModel.Compilation, failure.Node, cancel))
        {
            return new ParsedDifferentiable(null, EquatableArray<DiagnosticDecl>.Empty);
        }
        catch (UntranslatableException failure)
        {
            DiagnosticDecl problem = Report(failure.Descriptor, failure.Node.GetLocation(), failure.Arguments);
            return new ParsedDifferentiable(null, new EquatableArray<DiagnosticDecl>(new[] { problem }));
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            DiagnosticDecl problem = Report(
                Descriptors.InternalError, syntax.Identifier.GetLocation(), method.Name, DiagnosticReport.Describe(exception));
            return new ParsedDifferentiable(null, new EquatableArray<DiagnosticDecl>(new[] { problem }));
        }
    }

    /// <summary>What a method that is to be differentiated lacks, after its name; null for a sound one.</summary>
    public static string? FormOf(IMethodSymbol method)
    {
        if (!method.IsStatic)
            return "is not static";
        if (method.IsGenericMethod)
            return "has type parameters";
        if (method.ReturnType.SpecialType != SpecialType.System_Single || method.ReturnsByRef || method.ReturnsByRefReadonly)
            return $"returns {method.ReturnType.ToDisplayString()}";
        if (method.Parameters.Length == 0)
            return "has no parameters";
        IParameterSymbol? misfit = method.Parameters.FirstOrDefault(parameter =>
            parameter.Type.SpecialType != SpecialType.System_Single || parameter.RefKind != RefKind.None);
        return misfit is null ? null : $"has the parameter '{misfit.ToDisplayString()}'";
    }

    /// <summary>Whether the compiler rejects the text: an error stands there already.</summary>
    public static bool HasErrors(SemanticModel model, SyntaxNode node, CancellationToken cancel) =>
        node.ContainsDiagnostics || model.GetDiagnostics(node.Span, cancel).Any(found => found.Severity == DiagnosticSeverity.Error);

    /// <summary>Whether the compiler rejects the member around a place.</summary>
    public static bool IsBroken(Compilation compilation, SyntaxNode place, CancellationToken cancel) =>
        place.FirstAncestorOrSelf<MemberDeclarationSyntax>() is { } member and not BaseTypeDeclarationSyntax
        && HasErrors(compilation.GetSemanticModel(place.SyntaxTree), member, cancel);

    private static DiagnosticDecl Report(DiagnosticDescriptor descriptor, Location location, params object[] arguments) =>
        DiagnosticDecl.Create(descriptor, Locations.Of(location), arguments);

    private static DiagnosticDecl? Check(IMethodSymbol method, MethodDeclarationSyntax syntax)
    {
        Location name = syntax.Identifier.GetLocation();
        if (FormOf(method) is string form)
            return Report(Descriptors.FunctionForm, name, method.Name, form);
        for (INamedTypeSymbol? type = method.ContainingType; type is not null; type = type.ContainingType)
        {
            if (type.IsFileLocal)
            {
                return Report(
                    Descriptors.FunctionForm, name, method.Name,
                    $"stands in the file-local type '{type.Name}', to which another file adds nothing");
            }
        }

        foreach (TypeDeclarationSyntax type in syntax.Ancestors().OfType<TypeDeclarationSyntax>())
        {
            if (!type.Modifiers.Any(SyntaxKind.PartialKeyword))
                return Report(Descriptors.TypeNotPartial, type.Identifier.GetLocation(), type.Identifier.ValueText, method.Name);
        }

        return HasDerivativeOf(method.ContainingType, method)
            ? Report(Descriptors.DerivativeNameTaken, name, method.ContainingType.Name, $"{method.Name}Gradient", method.Name) : null;
    }

    /// <summary>Whether a type, or a member that is no mere overload, has the place of the derivative already.</summary>
    private static bool HasDerivativeOf(INamedTypeSymbol type, IMethodSymbol method)
    {
        string name = method.Name + "Gradient";
        int count = method.Parameters.Length;
        return type.Name == name
            || type.GetMembers(name).Any(member => member is not IMethodSymbol { Arity: 0 } other || IsSingle(other) || IsSpans(other));

        bool IsSingle(IMethodSymbol other) => other.Parameters.Length == 2 * count
            && other.Parameters.All(parameter => parameter.Type.SpecialType == SpecialType.System_Single)
            && other.Parameters.Select(parameter => parameter.RefKind != RefKind.None)
                .SequenceEqual(Enumerable.Range(0, 2 * count).Select(i => i >= count));

        bool IsSpans(IMethodSymbol other) => other.Parameters.Length == (2 * count) + 1
            && other.Parameters.Select(parameter => parameter.RefKind == RefKind.None ? parameter.Type.ToDisplayString() : "")
                .SequenceEqual(Enumerable.Range(0, (2 * count) + 1)
                    .Select(i => i < count ? "System.ReadOnlySpan<float>" : "System.Span<float>"));
    }

    private static DifferentiableDecl Declare(IMethodSymbol method, string value)
    {
        List<string> types = [];
        string path = "";
        for (INamedTypeSymbol? type = method.ContainingType; type is not null; type = type.ContainingType)
        {
            string keyword = type switch
            {
                { TypeKind: TypeKind.Interface } => "interface",
                { TypeKind: TypeKind.Struct, IsRecord: true } => "record struct",
                { TypeKind: TypeKind.Struct } => "struct",
                { IsRecord: true } => "record",
                _ => "class",
            };
            string parameters = type.Arity == 0
                ? ""
                : $"<{string.Join(", ", type.TypeParameters.Select(parameter => Identifier.Escape(parameter.Name)))}>";
            types.Insert(0, $"{keyword} {Identifier.Escape(type.Name)}{parameters}");
            path = $"{type.Name}.{path}";
        }

        // Names of generated files compare without case; overloads share one.
        List<IMethodSymbol> twins = [.. Twins.Of(method.ContainingType).SelectMany(type => type.GetMembers().OfType<IMethodSymbol>()
            .Where(other => string.Equals(other.Name, method.Name, StringComparison.OrdinalIgnoreCase))
            .OrderBy(other => other.Name, StringComparer.Ordinal).ThenBy(other => other.ToDisplayString(), StringComparer.Ordinal))];
        int overload = twins.FindIndex(other => SymbolEqualityComparer.Default.Equals(other, method));
        string name = SymbolNames.Of(method.ContainingNamespace);
        string number = overload == 0 ? "" : FormattableString.Invariant($"-{overload + 1}");
        return new DifferentiableDecl(
            name, new EquatableArray<string>(types), method.Name, SyntaxFacts.GetText(method.DeclaredAccessibility),
            new EquatableArray<string>(method.Parameters.Select(parameter => Identifier.Escape(parameter.Name))), value,
            $"{(name.Length == 0 ? "" : name.Replace("@", "") + ".")}{path}{method.Name}{number}.Gradient.g.cs")
        { Overload = overload };
    }
}
