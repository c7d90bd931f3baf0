using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NetGen.Generator.Parsing;

/// <summary>The members the generator adds, and the user's that collide with them.</summary>
internal static class GeneratedMembers
{
    private const string Inputs = "System.ReadOnlySpan<float>";
    private const string Labels = "System.ReadOnlySpan<int>";
    private const string Outputs = "System.Span<float>";

    /// <summary>Constants and properties: no other member may have these names.</summary>
    private static readonly HashSet<string> Values =
    [
        "InputLength", "OutputLength", "ParameterCount", "Info", "Parameters", "Threads", "engine",
    ];

    /// <summary>Methods of every network: only an overload with the same parameter types collides.</summary>
    private static readonly HashSet<string> Methods =
    [
        $"Predict({Inputs})", $"Predict({Inputs}, {Outputs})",
        $"GetParameter(string, {Outputs})", $"SetParameter(string, {Inputs})",
        "Save(string)", "Load(string)", "Save(System.IO.Stream)", "Load(System.IO.Stream)",
    ];

    /// <summary>Methods of a network with a loss.</summary>
    private static readonly HashSet<string> TrainingMethods =
    [
        $"Train({Inputs}, {Inputs}, NetGen.Optimizer)", $"Train({Inputs}, {Labels}, NetGen.Optimizer)",
        $"Train({Inputs}, {Inputs}, {Inputs}, NetGen.Optimizer)", $"Train({Inputs}, {Labels}, {Inputs}, NetGen.Optimizer)",
        "Train(NetGen.Dataset, NetGen.TrainingOptions)",
        "Evaluate(NetGen.Dataset)",
        $"Gradients({Inputs}, {Inputs}, {Outputs})", $"Gradients({Inputs}, {Labels}, {Outputs})",
        $"Gradients({Inputs}, {Inputs}, {Inputs}, {Outputs})",
        $"Backward({Inputs}, {Inputs}, {Outputs}, {Outputs})",
    ];

    private static readonly HashSet<string> MethodNames = [.. Methods.Select(NameOf)];
    private static readonly HashSet<string> TrainingMethodNames = [.. TrainingMethods.Select(NameOf)];

    private static readonly SymbolDisplayFormat TypeFormat = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes);

    /// <summary>Methods of a network with several inputs or outputs, which take a span for each.</summary>
    public static ISet<string> OfPorts(int inputs, int outputs)
    {
        if (inputs == 1 && outputs == 1)
            return new HashSet<string>();
        string first = string.Join(", ", Enumerable.Repeat(Inputs, inputs));
        return new HashSet<string>
        {
            $"Predict({first}, {string.Join(", ", Enumerable.Repeat(Outputs, outputs))})",
            $"Train({first}, {string.Join(", ", Enumerable.Repeat(Inputs, outputs))}, NetGen.Optimizer)",
            $"Train({first}, {Labels}, NetGen.Optimizer)",
        };
    }

    /// <summary>What to call a member of the user's that the generator adds too, or null for one that is free.</summary>
    /// <param name="member">The member.</param>
    /// <param name="trains">Whether the network has a loss.</param>
    /// <param name="ofPorts">Methods of its inputs and outputs.</param>
    public static string? Clash(ISymbol member, bool trains, ISet<string> ofPorts)
    {
        if (member.IsImplicitlyDeclared && member is not IMethodSymbol { MethodKind: MethodKind.Constructor })
            return null;
        if (Values.Contains(member.Name))
            return $"'{member.Name}'";
        if (member is IMethodSymbol { MethodKind: MethodKind.Constructor } constructor)
            return ClashOfConstructor(constructor);
        if (member is IMethodSymbol { MethodKind: MethodKind.Ordinary } method)
        {
            string signature = Signature(method);
            bool clashes = Methods.Contains(signature) || ofPorts.Contains(signature)
                || (trains && TrainingMethods.Contains(signature));
            return clashes ? $"'{Shorten(signature)}'" : null;
        }

        return Has(member.Name, trains) ? $"'{member.Name}'" : null;
    }

    /// <summary>Whether a member that the generator adds has this name, which its class then cannot have.</summary>
    /// <param name="name">The name.</param>
    /// <param name="trains">Whether the network has a loss.</param>
    public static bool Has(string name, bool trains) =>
        Values.Contains(name) || MethodNames.Contains(name) || (trains && TrainingMethodNames.Contains(name));

    private static string? ClashOfConstructor(IMethodSymbol constructor)
    {
        if (constructor.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax() is TypeDeclarationSyntax))
            return "a primary constructor";
        return constructor.Parameters.Length == 1 && constructor.Parameters[0].Type.SpecialType == SpecialType.System_UInt64
            ? "a constructor with one ulong"
            : null;
    }

    private static string Signature(IMethodSymbol method) => method.Arity > 0
        ? $"{method.Name}<{method.Arity}>"
        : $"{method.Name}({string.Join(", ", method.Parameters.Select(TypeOf))})";

    private static string TypeOf(IParameterSymbol parameter) =>
        (parameter.RefKind == RefKind.None ? "" : "ref ") + parameter.Type.ToDisplayString(TypeFormat);

    private static string Shorten(string signature) => signature.Replace("System.IO.", "").Replace("System.", "").Replace("NetGen.", "");

    private static string NameOf(string signature) => signature.Substring(0, signature.IndexOf('('));
}
