using NetGen.Generator.Model;

namespace NetGen.Generator.Differentiable;

/// <summary>A method that bears <c>[Differentiable]</c>, as plain values: everything that is generated follows from it.</summary>
/// <param name="Namespace">Full namespace, or empty.</param>
/// <param name="Types">Declarations of the containing types, outermost first: <c>class Outer</c>, <c>struct Inner&lt;T&gt;</c>.</param>
/// <param name="Method">Its name.</param>
/// <param name="Accessibility">Its C# accessibility keyword or keywords.</param>
/// <param name="Parameters">Names of its parameters, each with @ where it is a keyword.</param>
/// <param name="Value">Its value, in the form of <see cref="Expressions.ExpressionText"/>.</param>
/// <param name="HintName">Prefix of the generated file's name, unique without regard to case.</param>
internal sealed record DifferentiableDecl(
    string Namespace, EquatableArray<string> Types, string Method, string Accessibility, EquatableArray<string> Parameters, string Value,
    string HintName)
{
    /// <summary>How many methods of the same name stand before it, in its type or a twin of that.</summary>
    public int Overload { get; init; }
}

/// <summary>What reading one method gave.</summary>
/// <param name="Declaration">The method, or null where an error forbids to generate anything.</param>
/// <param name="Diagnostics">Errors, in source order of their discovery.</param>
internal sealed record ParsedDifferentiable(DifferentiableDecl? Declaration, EquatableArray<DiagnosticDecl> Diagnostics);
