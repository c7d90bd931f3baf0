using System.Reflection;
using System.Runtime.Loader;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace NetGen.Generator.Tests.Budgets;

/// <summary>Generated methods stay where the JIT optimises, and generated text where the compiler is quick.</summary>
/// <remarks>
/// Measured limits of the JIT (.NET 10): beyond 20,000 IL instructions, 8,000 references to locals or 2,000 basic blocks it does not
/// optimise at all; beyond 512 variables it leaves calls in the code, which costs most and is told by nothing. As they are counted here, a
/// kernel with 745 was still free of calls and one with 838 was not: not every local of a method is one of the JIT's.
/// </remarks>
public class BudgetTests
{
    private const string Classifier = "[Network(784)] [Dense(128), ReLU] [Dense(10), Softmax] [CrossEntropy]";
    private const string Wide = "[Network(784)] [Dense(512), ReLU] [Dense(512), ReLU] [Dense(10), Softmax] [CrossEntropy]";

    public static TheoryData<string> Networks => new(
        Classifier,
        Wide,
        "[Network(30000)] [Dense(100), ReLU] [Dense(256), ReLU] [Dense(256), ReLU] [Dense(10), Softmax] [CrossEntropy]",
        "[Network(1, 28, 28)] [Conv2D(6, 5, Padding = 2), ReLU, MaxPool2D(2), Conv2D(16, 5), ReLU, MaxPool2D(2), Flatten, Dense(10)] [MeanSquaredError]",
        "[Network(3, 32, 32)] [Conv2D(16, 3, Padding = 1), Conv2D(40, 3, Stride = 2), Conv2D(64, 7, Padding = 3), GlobalAveragePool] [MeanSquaredError]",
        "[Network(5, 20, 44)] [DepthwiseConv2D(3), MaxPool2D(4, Stride = 3), ConvTranspose2D(9, 4, Stride = 2), AveragePool2D(3, Padding = 1)] [MeanSquaredError]",
        "[Network(13)] [Dense(32), ReLU] [Dense(16), ReLU] [Dense(1)] [MeanSquaredError]",
        "[Network(2)] [Dense(4), Sigmoid] [Dense(1), Sigmoid] [MeanSquaredError]",
        "[Network(8)] [Dense(4), Tanh] [Dense(4), Sigmoid] [Dense(1), Sigmoid] [HalfSquaredError]",
        "[Network(30)] [Dense(34), PReLU] [Dense(40), Maxout(4)] [Dense(10), LogSoftmax] [MeanSquaredError]",
        "[Network(2)] [Dense(6), PReLU, Maxout(3)] [Dense(2), PReLU] [MeanSquaredError]",
        "[Network(4)] [Dense(16), Maxout(2), PReLU] [Dense(10)]",
        "[Network(3)] [Dense(5), GELU] [Dense(5), GELU] [Dense(1)] [MeanSquaredError]",
        "[Network(3)] [Dense(5), Mish] [Dense(5), Softplus] [Dense(1)] [LogCosh]",
        "[Network(40)] [Dense(8), GELU] [Dense(8), GELU] [Dense(8), Mish] [Dense(8), Softplus]",
        "[Network(30)] [Dense(37), BatchNorm, ReLU] [Dense(24), GroupNorm(3), GELU] [Dense(19), LayerNorm] [Dense(17), RMSNorm, Dense(10), Softmax] [CrossEntropy]",
        "[Network(3, 11, 13)] [Conv2D(17, 3), BatchNorm, LeakyReLU] [Conv2D(24, 3), GroupNorm(4), ReLU] [Conv2D(5, 3, Padding = 1), BatchNorm, MaxPool2D(2)] [MeanSquaredError]",
        "[Network(7, 5)] [Dense(31), LeakyReLU] [Dense(3), Softmax] [MeanSquaredError]",
        "[Network(784, L1 = 1e-5f, L2 = 1e-4f)] [Dense(109), ReLU, Dropout(0.5f)] [Dense(10), Softmax] [CrossEntropy]",
        $"[Network(4)] {string.Concat(Enumerable.Repeat("[Dense(4), Tanh] ", 60))} [Dense(1)] [MeanSquaredError]",
        $"[Network(15)] {string.Concat(Enumerable.Repeat("[Dense(15), Sigmoid] ", 8))} [Dense(15), Sigmoid] [BinaryCrossEntropy]",
        $"[Network(1)] {string.Concat(Enumerable.Repeat("[Dense(1), Sigmoid] ", 32))} [MeanSquaredError]",
        "[Network(1, 28, 28)] [Conv2D(6, 5, Padding = 2), ReLU, Conv2D(16, 5), ReLU, Flatten, Dense(10), Softmax] [CrossEntropy]",
        "[Network(3, 32, 32)] [Conv2D(23, 3, Stride = 2, Padding = 1), ReLU, Conv2D(37, 3, Padding = 1), Conv2D(17, 1), ReLU, Conv2D(19, 5, Padding = 2)] [MeanSquaredError]",
        "[Network(5, 17, 19)] [Conv2D(13, 7, Padding = 3), ReLU, Conv2D(31, 7, Padding = 6, Dilation = 2), Conv2D(3, 5, Stride = 3, Padding = 2)] [MeanSquaredError]",
        "[Network(7, 12, 13)] [ConvTranspose2D(19, 5, Stride = 2, Padding = 2), ReLU, ConvTranspose2D(17, 4), SeparableConv2D(23, 3, Padding = 1)] [MeanSquaredError]");

    public static TheoryData<string> OddNetworks
    {
        get
        {
            Random random = new(7);
            TheoryData<string> networks = [];
            for (int i = 0; i < 12; i++)
            {
                string layers = string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(
                    _ => $"[Dense({random.Next(1, 150)}), {random.GetItems(["ReLU", "Tanh", "Sigmoid", "LeakyReLU"], 1)[0]}] "));
                networks.Add($"[Network({random.Next(1, 150)})] {layers}[Dense({random.Next(1, 40)}), Sigmoid] [BinaryCrossEntropy]");
            }

            return networks;
        }
    }

    [Theory, MemberData(nameof(Networks)), MemberData(nameof(OddNetworks))]
    public void Every_method_stays_where_the_jit_optimises(string declaration)
    {
        IReadOnlyList<MethodCost> costs = CostsOf(declaration);

        Assert.Contains(
            costs, cost => IsVectorKernel(cost) && cost is { MultiplyAdds: > 0, Branches: > 0, References: > 0, Variables: > 0 });
        Assert.Equal("", string.Join("\n", costs.Where(cost =>
            cost.Instructions >= 15_000 || cost.Bytes >= 46_000 || cost.References >= 6_000 || cost.Branches >= 500 || cost.MultiplyAdds >= 800
            || (IsVectorKernel(cost) && cost.Variables >= 700))));
    }

    /// <summary>A network of many layers is many calls, not a method without end.</summary>
    [Fact]
    public void Steps_of_a_hundred_layers_are_still_optimised() => Assert.Equal("", string.Join("\n",
        CostsOf($"[Network(64)] {string.Concat(Enumerable.Repeat("[Dense(64), ReLU] ", 100))} [MeanSquaredError]")
            .Where(cost => cost.Instructions >= 15_000 || cost.References >= 6_000 || cost.Branches >= 500)));

    /// <summary>Bounds are a quarter above what is needed today: the compiler takes about a second for 100 KB on one core.</summary>
    [Theory]
    [InlineData(Classifier, 280, 18)]
    [InlineData(Wide, 370, 23)]
    public void Generated_text_stays_short(string declaration, int kilobytes, int kernels)
    {
        IReadOnlyDictionary<string, string> sources = GeneratorHarness.Run($"{declaration} public sealed partial class Net;").Sources;

        Assert.InRange(sources.Values.Sum(text => text.Length) / 1000, 1, kilobytes);
        Assert.InRange(Regex.Matches(sources["Net.Kernels.g.cs"], "AggressiveInlining").Count, 1, kernels);
    }

    private static bool IsVectorKernel(MethodCost cost) => cost.Name.StartsWith("Bits", StringComparison.Ordinal);

    private static IReadOnlyList<MethodCost> CostsOf(string declaration)
    {
        GeneratorHarness harness = GeneratorHarness.Run($"{declaration} public sealed partial class Net;");
        using MemoryStream stream = new();
        Assert.True(harness.Output
            .WithOptions(((CSharpCompilationOptions)harness.Output.Options).WithOptimizationLevel(OptimizationLevel.Release)).Emit(stream).Success);
        stream.Position = 0;
        AssemblyLoadContext context = new(nameof(BudgetTests), isCollectible: true);
        try
        {
            return
            [
                .. context.LoadFromStream(stream).GetTypes()
                    .SelectMany(type => type.GetMethods(
                        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly))
                    .Where(method => method.GetMethodBody() is not null)
                    .Select(MethodCost.Of),
            ];
        }
        finally
        {
            context.Unload();
        }
    }
}
