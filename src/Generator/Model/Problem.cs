using System.Globalization;
using Microsoft.CodeAnalysis;

namespace NetGen.Generator.Model;

/// <summary>Something wrong with a declaration, found in any stage; the last stage turns it into a diagnostic.</summary>
/// <param name="Id">Id of its descriptor in <c>Diagnostics.Descriptors</c>.</param>
/// <param name="Attribute">Which attribute is at fault: 0 is <c>[Network]</c>, i + 1 is layer i.</param>
/// <param name="Arguments">What fills the message's holes, already formatted.</param>
internal sealed record Problem(string Id, int Attribute, EquatableArray<string> Arguments)
{
    public static Problem Create(DiagnosticDescriptor descriptor, int attribute, params object[] arguments) => new(
        descriptor.Id, attribute, new EquatableArray<string>(arguments.Select(Format)));

    /// <summary>Invariant; integers with thousands separators, for the counts that overflow are long.</summary>
    private static string Format(object argument) => argument switch
    {
        int or long => ((IFormattable)argument).ToString("N0", CultureInfo.InvariantCulture),
        _ => Convert.ToString(argument, CultureInfo.InvariantCulture),
    };
}
