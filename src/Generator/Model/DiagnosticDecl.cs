using Microsoft.CodeAnalysis;

namespace NetGen.Generator.Model;

/// <summary>A diagnostic as plain values, so that the pipeline can compare it and keeps no syntax tree alive.</summary>
/// <param name="Id">Id of its descriptor.</param>
/// <param name="Location">Where it points.</param>
/// <param name="Arguments">What fills the message's holes, already formatted.</param>
internal sealed record DiagnosticDecl(string Id, LocationDecl Location, EquatableArray<string> Arguments)
{
    public static DiagnosticDecl Create(DiagnosticDescriptor descriptor, LocationDecl location, params object[] arguments) =>
        new(descriptor.Id, location, Problem.Create(descriptor, 0, arguments).Arguments);
}

/// <summary>A stretch of a source file.</summary>
/// <param name="FilePath">Path of its syntax tree.</param>
/// <param name="Start">First character, counted from the file's start.</param>
/// <param name="Length">Number of characters.</param>
/// <param name="StartLine">Line of the first character, from 0.</param>
/// <param name="StartCharacter">Column of the first character, from 0.</param>
/// <param name="EndLine">Line of the end, from 0.</param>
/// <param name="EndCharacter">Column of the end, from 0.</param>
internal sealed record LocationDecl(
    string FilePath, int Start, int Length, int StartLine, int StartCharacter, int EndLine, int EndCharacter);
