using Microsoft.CodeAnalysis;

namespace NetGen.Generator.Diagnostics;

/// <summary>Every diagnostic, one descriptor per id. Ids are never reused.</summary>
internal static class Descriptors
{
    private const string HelpRoot = "docs/diagnostics/";

    // 0001-0099: declaration.
    public static readonly DiagnosticDescriptor NotPartial = Error("NG0001", "Network must be partial",
        "Network '{0}' must be partial: the generator adds its members to the class");

    private static DiagnosticDescriptor Error(string id, string title, string message) => new(
        id, title, message, "NetGen", DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: HelpRoot + id + ".md");
}
