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

    /// <summary>About what an inlined transcendental function adds.</summary>
    private const int PerFunction = 8;

    /// <summary>Whether the kernel's bodies for vectors stay within the limit.</summary>
    public static bool Allows(Kernel kernel) =>
        InstructionSet.Vectors.Where(isa => isa.Lanes <= kernel.WidestLanes).All(isa => Count(kernel, isa) <= Limit);

    private static int Count(Kernel kernel, InstructionSet isa)
    {
        SourceWriter w = new();
        kernel.EmitVector(w, isa);
        string text = w.ToString();
        return Regex.Matches(text, @"^ *V(ector\d+<float>)? \w", RegexOptions.Multiline).Count
            + (PerFunction * Regex.Matches(text, @"\b(Exp|Log|Sigmoid|Tanh)\(").Count);
    }
}
