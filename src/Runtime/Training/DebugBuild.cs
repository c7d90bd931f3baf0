using System.Diagnostics;
using System.Reflection;

namespace NetGen;

/// <summary>Finds out whether a program was built without optimisation.</summary>
internal static class DebugBuild
{
    /// <summary>Whether the JIT compiles the assembly without optimising it.</summary>
    public static bool IsUnoptimized(Assembly? assembly) =>
        assembly?.GetCustomAttribute<DebuggableAttribute>() is { IsJITOptimizerDisabled: true };
}
