using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using NetGen.Generator.Model;

namespace NetGen.Generator.Diagnostics;

/// <summary>Turns the pipeline's plain values into what the compiler reports.</summary>
internal static class DiagnosticReport
{
    /// <summary>Attaches the diagnostic to the compilation's own tree: only there do #pragma and code fixes see it.</summary>
    public static Diagnostic Create(DiagnosticDecl declaration, Compilation compilation)
    {
        LocationDecl where = declaration.Location;
        TextSpan span = new(where.Start, where.Length);
        SyntaxTree? tree = compilation.SyntaxTrees.FirstOrDefault(tree => tree.FilePath == where.FilePath && span.End <= tree.Length);
        Location location = tree is not null
            ? Location.Create(tree, span)
            : Location.Create(where.FilePath, span, new LinePositionSpan(
                new LinePosition(where.StartLine, where.StartCharacter), new LinePosition(where.EndLine, where.EndCharacter)));
        return Diagnostic.Create(Descriptors.Find(declaration.Id), location, [.. declaration.Arguments]);
    }

    /// <summary>An exception behind the parser. It has no place: a declaration knows none, so that moving it costs nothing.</summary>
    public static Diagnostic Failure(string network, Exception exception) =>
        Diagnostic.Create(Descriptors.InternalError, Location.None, network, Describe(exception));

    /// <summary>An exception on one line.</summary>
    public static string Describe(Exception exception) =>
        $"{exception.GetType().Name}, {exception.Message.Replace("\r", "").Replace('\n', ' ').TrimEnd('.', ' ')}";
}
