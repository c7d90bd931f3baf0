using Microsoft.CodeAnalysis;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Differentiable;
using NetGen.Generator.Expressions;
using NetGen.Generator.Model;

namespace NetGen.Generator.Parsing;

/// <summary>Reads the functions that <c>[Activation(nameof(F))]</c> and <c>[Loss(nameof(L))]</c> name.</summary>
/// <param name="compilation">Where the methods are.</param>
/// <param name="network">The network's name, for messages.</param>
/// <param name="report">Takes what is wrong with a function.</param>
/// <param name="cancel">Ends the reading.</param>
internal sealed class FunctionReader(
    Compilation compilation, string network, Action<DiagnosticDecl> report, CancellationToken cancel)
{
    /// <summary>Whether the compiler rejects one of the functions: what follows from it is not news.</summary>
    public bool FoundBroken { get; private set; }

    /// <summary>Adds the body of the function that an attribute names, as an expression; other layers stay as they are.</summary>
    public LayerDecl AddTo(LayerDecl layer, Part part)
    {
        int arguments = part.Kind == "Activation" ? 1 : part.Kind == "Loss" ? 2 : 0;
        if (arguments == 0 || !part.IsOurs)
            return layer;
        string name = layer.Get("function", "");
        EquatableArray<float> constants = layer.Get("constants", EquatableArray<float>.Empty);
        IMethodSymbol[] methods = [.. part.Owner.GetMembers(name).OfType<IMethodSymbol>()];
        IMethodSymbol? method = methods.FirstOrDefault(
            one => one.Parameters.Length == arguments + constants.Count && DifferentiableParser.FormOf(one) is null);
        if (method is null || part.Data.ApplicationSyntaxReference?.GetSyntax(cancel) is not { } caller)
        {
            string found = method is not null
                ? "is in another assembly, without its source"
                : Misfit(methods, arguments + constants.Count);
            report(DiagnosticDecl.Create(Descriptors.FunctionNotFound, part.Location, part.Kind, network, name, found));
            return layer;
        }

        try
        {
            return Translate(part, layer, method, arguments, caller);
        }
        catch (UntranslatableException failure) when (DifferentiableParser.IsBroken(compilation, failure.Node, cancel))
        {
            FoundBroken = true;
            return layer;
        }
        catch (UntranslatableException failure)
        {
            report(DiagnosticDecl.Create(failure.Descriptor, Locations.Of(failure.Node.GetLocation()), failure.Arguments));
            return layer;
        }
    }

    /// <summary>What keeps the methods of a name from being the function.</summary>
    private static string Misfit(IMethodSymbol[] methods, int values)
    {
        if (methods.Length == 0)
            return "is not there";
        return DifferentiableParser.FormOf(methods[0])
            ?? FormattableString.Invariant($"has {methods[0].Parameters.Length} parameters for {values} values");
    }

    /// <summary>A layer with its function as an expression of the values, the constants and what it learns.</summary>
    /// <param name="part">The attribute.</param>
    /// <param name="layer">The same, as the model holds it.</param>
    /// <param name="method">The function that it names.</param>
    /// <param name="arguments">How many of the function's arguments are values of the network; constants follow them.</param>
    /// <param name="caller">Where the attribute stands.</param>
    private LayerDecl Translate(Part part, LayerDecl layer, IMethodSymbol method, int arguments, SyntaxNode caller)
    {
        ExpressionPool pool = new();
        bool learns = part.Kind == "Activation" && layer.Get("Learnable", false);
        Expression[] values =
        [
            .. Enumerable.Range(0, arguments).Select(pool.Parameter),
            .. layer.Get("constants", EquatableArray<float>.Empty)
                .Select((constant, i) => learns ? pool.Parameter(arguments + i) : pool.Constant(constant)),
        ];
        Expression value = new MethodTranslator(compilation, pool, cancel).Translate(method, values, caller);
        // Two blocks may have methods of one name.
        string fullName = part.Block is null ? method.Name : $"{part.Owner.ToDisplayString()}.{method.Name}";
        List<ArgumentDecl> added = [new(FunctionArgument.Expression, ExpressionText.Write(value))];
        if (learns)
            added.Add(new(FunctionArgument.Parameters, string.Join(",", method.Parameters.Skip(arguments).Select(one => one.Name))));
        return layer with
        {
            Arguments = new EquatableArray<ArgumentDecl>(layer.Arguments
                .Select(argument => argument.Name == "function" ? new ArgumentDecl(argument.Name, fullName) : argument)
                .Concat(added)),
        };
    }
}
