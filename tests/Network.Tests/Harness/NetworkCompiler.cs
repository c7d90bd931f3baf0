using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NetGen.Generator.Tests;

namespace NetGen.Network.Tests;

/// <summary>Compiles declarations in memory, as a Release build of a consumer would, and loads them. Equal texts are compiled
/// once.</summary>
internal static class NetworkCompiler
{
    /// <summary>Name of the class that every declaration is put on.</summary>
    public const string ClassName = "Net";

    private static readonly ConcurrentDictionary<string, Lazy<CompiledNetwork>> Cache = new(StringComparer.Ordinal);

    /// <param name="declaration">The attributes: <c>[Network(3)] [Dense(2)] [MeanSquaredError]</c>.</param>
    /// <param name="members">What the class holds: methods that the declaration names.</param>
    /// <param name="types">Other types: blocks that the declaration uses.</param>
    public static CompiledNetwork Compile(string declaration, string members = "", string types = "") => Cache.GetOrAdd(
        declaration + members + types, _ => new Lazy<CompiledNetwork>(() => CompileAnew(declaration, members, types))).Value;

    private static CompiledNetwork CompileAnew(string declaration, string members, string types)
    {
        GeneratorHarness harness = GeneratorHarness.Run(
            $"{declaration} public sealed partial class {ClassName} {{ {members} }} {types}", LanguageVersion.Latest);
        Assert.Null(harness.Exception);
        // Advice (NG03..) is welcome: references and random networks are built to be computed, not to learn.
        Assert.Equal(
            [],
            harness.Diagnostics.Where(found => !found.Id.StartsWith("NG03", StringComparison.Ordinal)).Select(GeneratorHarness.Describe));
        using MemoryStream stream = new();
        var result = harness.Output
            .WithOptions(((CSharpCompilationOptions)harness.Output.Options).WithOptimizationLevel(OptimizationLevel.Release))
            .Emit(stream);
        string[] problems = [.. result.Diagnostics.Where(problem => problem.Severity >= DiagnosticSeverity.Warning)
            .Select(problem => problem.ToString())];
        Assert.True(result.Success && problems.Length == 0, $"{declaration}\n{string.Join("\n", problems)}");
        stream.Position = 0;
        Assembly assembly = new AssemblyLoadContext(declaration, isCollectible: true).LoadFromStream(stream);
        return new CompiledNetwork(assembly.GetType(ClassName, throwOnError: true)!, harness.Sources);
    }
}
