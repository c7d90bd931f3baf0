using NetGen.Generator.Kernels;
using NetGen.Generator.Planning;

namespace NetGen.Generator.Emission;

/// <summary>Pieces of the engine's methods about the batch as a whole:
/// the memory that its blocks share, its weight, its least size.</summary>
internal static class BatchCode
{
    /// <summary>Keeps other threads' steps from the memory of this one.</summary>
    /// <remarks>A tiny network trains without it: its step is so short that an interlocked exchange would show, and uses no memory that
    /// grows.</remarks>
    public const string TakeTurn = "using StepTurn turn = memory.BeginStep(owner);";

    /// <summary>The shared memory as a summand behind the blocks' floats. A prediction keeps it there, so that any number of threads can
    /// predict at once.</summary>
    public static string SharedFloats(ProgramPlan program) => Shares(program) ? $" + {program.Memory.BatchFloats}" : "";

    /// <summary>A line behind the declaration of a, the blocks of a chunk, that declares b, what they share.</summary>
    public static string SharedReference(ProgramPlan program, int chunk, string indentation) => Shares(program)
        ? $"\n{indentation}ref float b = ref Unsafe.Add(ref a, {chunk / Panel.Lanes} * stride);"
        : "";

    /// <summary>The shared memory as an argument, with the comma behind it.</summary>
    public static string SharedArgument(ProgramPlan program) => Shares(program) ? "ref b, " : "";

    /// <summary>A line that reserves the shared memory of a training step.</summary>
    public static string StartShared(ProgramPlan program) =>
        Shares(program) ? $"\n    memory.StartBatch({program.Memory.BatchFloats});" : "";

    /// <summary>What the sum of the losses is divided by.</summary>
    public static string TotalWeight(NetworkPlan plan) => plan.ClassWeights.Count > 0
        ? "LossWeights.Total(Steps.ClassWeights, labels, targets, weights, samples)"
        : "LossWeights.Total(weights, samples)";

    /// <summary>The check of a layer that takes statistics of a batch and needs more than one value for them.</summary>
    public static string CheckPair(string layer) => $"Arguments.CheckPair(samples, {Literal.Of(layer)}, nameof(inputs));";

    private static bool Shares(ProgramPlan program) => program.Memory.BatchFloats > 0;
}
