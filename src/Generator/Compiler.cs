using NetGen.Generator.Emission;
using NetGen.Generator.Kernels;
using NetGen.Generator.Model;
using NetGen.Generator.Planning;

namespace NetGen.Generator;

/// <summary>From a sound declaration to the text of its generated files.</summary>
internal static class Compiler
{
    public static IReadOnlyList<(string HintName, string Text)> Compile(NetworkDecl declaration)
    {
        NetworkPlan plan = NetworkPlan.Of(declaration);
        KernelSet kernels = new();
        List<(string Part, string Text)> parts =
        [
            ("", NetworkEmitter.Emit(plan)),
            ("Engine", EngineEmitter.Emit(plan)),
            ("Info", InfoEmitter.Emit(plan)),
            ("Steps", StepsEmitter.Emit(plan, kernels)),
            .. KernelEmitter.Emit(declaration.Type, kernels),
        ];
        return [.. parts.Select(part => ($"{declaration.Type.FullName}{(part.Part.Length == 0 ? "" : "." + part.Part)}.g.cs", part.Text))];
    }
}
