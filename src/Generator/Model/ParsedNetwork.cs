namespace NetGen.Generator.Model;

/// <summary>What parsing one <c>[Network]</c> class gave.</summary>
/// <param name="Declaration">The declaration, or null where an error forbids to generate anything.</param>
/// <param name="Diagnostics">Errors and warnings, in source order of their discovery.</param>
internal sealed record ParsedNetwork(NetworkDecl? Declaration, EquatableArray<DiagnosticDecl> Diagnostics);
