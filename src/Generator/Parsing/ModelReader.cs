using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NetGen.Generator.Emission;
using NetGen.Generator.Model;

namespace NetGen.Generator.Parsing;

/// <summary>Turns symbols and attributes into the values that the model holds.</summary>
internal static class ModelReader
{
    /// <summary>A class as generated files name and declare it.</summary>
    public static TypeDecl ReadType(INamedTypeSymbol type)
    {
        // Of Mlp and MLP, the second file gets a number.
        int twins = Twins.Of(type).TakeWhile(other => !SymbolEqualityComparer.Default.Equals(other, type)).Count();
        string accessibility = SyntaxFacts.GetText(type.DeclaredAccessibility);
        return new TypeDecl(SymbolNames.Of(type.ContainingNamespace), Identifier.Escape(type.Name), accessibility) { Twins = twins };
    }

    /// <summary>The arguments of an attribute that has no error: those of the constructor by their parameters' names, then the named
    /// ones.</summary>
    public static LayerDecl ReadLayer(string kind, AttributeData data)
    {
        List<ArgumentDecl> arguments = [];
        ImmutableArray<IParameterSymbol> parameters = data.AttributeConstructor!.Parameters;
        for (int i = 0; i < parameters.Length; i++)
            Add(parameters[i].Name, data.ConstructorArguments[i]);
        foreach (KeyValuePair<string, TypedConstant> argument in data.NamedArguments)
            Add(argument.Key, argument.Value);
        return new LayerDecl(kind, new EquatableArray<ArgumentDecl>(arguments));

        void Add(string name, TypedConstant constant)
        {
            if (ReadConstant(constant) is { } value)
                arguments.Add(new ArgumentDecl(name, value));
        }
    }

    /// <summary>The constant as the model holds it; null where the user wrote null, which stands for the default.</summary>
    private static object? ReadConstant(TypedConstant constant)
    {
        if (constant.IsNull)
            return null;
        return constant.Kind switch
        {
            TypedConstantKind.Array when constant.Type is IArrayTypeSymbol { ElementType.SpecialType: SpecialType.System_Single } =>
                new EquatableArray<float>(constant.Values.Select(value => value.Value).OfType<float>()),
            TypedConstantKind.Array => new EquatableArray<int>(constant.Values.Select(value => value.Value).OfType<int>()),
            TypedConstantKind.Type => ((ITypeSymbol)constant.Value!).ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat),
            _ => constant.Value,
        };
    }
}
