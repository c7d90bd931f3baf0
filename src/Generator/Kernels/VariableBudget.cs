using System.Text.RegularExpressions;
using NetGen.Generator.Emission;

namespace NetGen.Generator.Kernels;

/// <summary>How many variables a method of straight-line code may have.</summary>
/// <remarks>
/// The JIT stops inlining in a method that has 512 variables, those of inlined functions included, and every vector access would become a
/// call. Long before that, constants and values kept for later crowd the stack. Measured on .NET 10: 60 layers of 4 units in one
/// method left 417 calls in it.
/// </remarks>
internal static class VariableBudget
{
    private const int Limit = 256;

    /// <summary>Whether the kernel's bodies for vectors stay within the limit.</summary>
    public static bool Allows(Kernel kernel) =>
        InstructionSet.Vectors.Where(isa => isa.Lanes <= kernel.WidestLanes).All(isa => Count(kernel, isa) <= Limit);

    private static int Count(Kernel kernel, InstructionSet isa)
    {
        SourceWriter w = new();
        kernel.EmitVector(w, isa);
        string text = w.ToString();
        Dictionary<string, int> costs = [];
        foreach ((MathFunction function, _) in kernel.Functions(isa))
            costs[function.Name] = Cost(function, isa);
        return Declarations(text)
            + Regex.Matches(text, @"(?<![.\w])([A-Za-z_]\w*)\(").Cast<Match>()
                .Sum(call => costs.TryGetValue(call.Groups[1].Value, out int cost) ? cost : 0);
    }

    /// <summary>What an inlined function adds: about its locals, its arguments, and what it calls.</summary>
    private static int Cost(MathFunction function, InstructionSet isa) =>
        Declarations(function.Text(isa) ?? "") + 1 + function.Calls.Sum(called => Cost(called, isa));

    private static int Declarations(string text) =>
        Regex.Matches(text, @"^ *(V|Vector\d+<float>|var) \w", RegexOptions.Multiline).Count;
}
