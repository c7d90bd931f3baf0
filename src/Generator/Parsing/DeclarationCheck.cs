using Microsoft.CodeAnalysis;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Graph;
using NetGen.Generator.Lints;
using NetGen.Generator.Model;

namespace NetGen.Generator.Parsing;

/// <summary>Everything that can be wrong with a declaration that is complete and in order: names, then shapes and training;
/// and where nothing is, what there is to say of it.</summary>
internal static class DeclarationCheck
{
    public static IReadOnlyList<Problem> Run(NetworkDecl declaration)
    {
        List<Problem> problems = [];
        CheckNames(declaration, problems);
        BuiltGraph built = GraphBuilder.Check(declaration);
        problems.AddRange(built.Problems);
        return problems.Any(IsError) ? problems : [.. problems, .. LintTable.Run(declaration, built.Layers)];
    }

    private static bool AreCopies(BlockDecl? one, BlockDecl? other) =>
        one is not null && other is not null && one.Prefix == other.Prefix && one.Instance != other.Instance;

    private static bool IsError(Problem problem) => Descriptors.Find(problem.Id).DefaultSeverity == DiagnosticSeverity.Error;

    private static void CheckNames(NetworkDecl declaration, List<Problem> problems)
    {
        IReadOnlyList<string> names = LayerNames.Of(declaration.Layers);
        for (int layer = 0; layer < names.Count; layer++)
        {
            if (LayerNames.GivenTo(declaration.Layers[layer]) is not { } given)
                continue;
            if (!LayerNames.IsValid(given))
            {
                problems.Add(Problem.Create(Descriptors.InvalidName, layer + 1, layer + 1, declaration.Type.Name, given));
                continue;
            }

            // A given name yields to an automatic one wherever that stands, and to a given one that stands before it. Insertions of a
            // block that share parameters share names.
            for (int other = 0; other < names.Count; other++)
            {
                bool precedes = other < layer || LayerNames.GivenTo(declaration.Layers[other]) is null;
                if (other == layer || !precedes || names[other] != names[layer]
                    || AreCopies(declaration.Layers[other].Block, declaration.Layers[layer].Block))
                {
                    continue;
                }

                problems.Add(Problem.Create(Descriptors.NameClash, layer + 1, layer + 1, declaration.Type.Name, given, other + 1));
                break;
            }
        }
    }
}
