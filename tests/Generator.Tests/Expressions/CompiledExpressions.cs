using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NetGen.Generator.Emission;
using NetGen.Generator.Expressions;

namespace NetGen.Generator.Tests.Expressions;

/// <summary>Expressions printed, compiled and loaded, each at every width:
/// those that the machine lacks run in the base library's emulation.</summary>
internal sealed class CompiledExpressions
{
    private readonly Dictionary<(int Index, string Width), RunCall> calls = [];

    /// <param name="cases">Each a function of some parameters with one or more values.</param>
    public CompiledExpressions(IReadOnlyList<(int Parameters, Expression[] Values)> cases)
    {
        SourceWriter w = new();
        w.Lines("""
            #pragma warning disable
            using System;
            using System.Runtime.CompilerServices;
            using System.Runtime.Intrinsics;
            using System.Runtime.Intrinsics.X86;
            public static class Functions
            {
            """);
        for (int i = 0; i < cases.Count; i++)
        {
            string[] inputs = [.. Enumerable.Range(0, cases[i].Parameters).Select(p => $"x{p}")];
            string[] outputs = [.. cases[i].Values.Select((_, v) => $"y{v}")];
            new SpanKernels($"F{i}", inputs, outputs, cases[i].Values).Emit(w);
            string arguments = string.Join(
                ", ", inputs.Select((_, p) => $"ref inputs[{p}][0]").Concat(outputs.Select((_, v) => $"ref outputs[{v}][0]")));
            foreach (string width in Widths)
                w.Line($"public static void F{i}{width}(float[][] inputs, float[][] outputs, int n) => F{i}.{width}.Run({arguments}, n);");
        }

        w.Line("}");
        Text = w.ToString();
        Compilation compilation = GeneratorHarness.Run(Text, LanguageVersion.Latest).Input;
        using MemoryStream stream = new();
        var result = compilation.WithOptions(((CSharpCompilationOptions)compilation.Options).WithOptimizationLevel(OptimizationLevel.Release))
            .Emit(stream);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics) + "\n" + Text);
        stream.Position = 0;
        Type type = new AssemblyLoadContext(null, isCollectible: true).LoadFromStream(stream).GetType("Functions")!;
        for (int i = 0; i < cases.Count; i++)
        {
            foreach (string width in Widths)
                calls.Add((i, width), type.GetMethod($"F{i}{width}", BindingFlags.Public | BindingFlags.Static)!.CreateDelegate<RunCall>());
        }
    }

    private delegate void RunCall(float[][] inputs, float[][] outputs, int n);

    public static IReadOnlyList<string> Widths { get; } = ["Bits512", "Bits256", "Bits128", "Scalar"];

    public string Text { get; }

    /// <summary>The values of a case: one array per value.</summary>
    public float[][] Run(int index, string width, int values, params float[][] inputs)
    {
        int n = inputs[0].Length;
        float[][] outputs = [.. Enumerable.Range(0, values).Select(_ => new float[n])];
        calls[(index, width)](inputs, outputs, n);
        return outputs;
    }
}
