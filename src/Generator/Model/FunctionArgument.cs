using NetGen.Generator.Emission;

namespace NetGen.Generator.Model;

/// <summary>A function of the user's as the argument of a layer or a loss: the parser adds its body to what the user wrote.</summary>
internal static class FunctionArgument
{
    /// <summary>Name of the argument that holds the function in written form, its constants put in.
    /// An edit of the body changes it.</summary>
    public const string Expression = "Expression";

    /// <summary>Name of the argument that holds the names of the function's trained parameters, in their order.</summary>
    public const string Parameters = "Parameters";

    /// <summary>A C# name that differs between functions and between constants.</summary>
    public static string KernelName(string function, IReadOnlyList<float> constants)
    {
        string name = Identifier.Of(function);
        // Letters outside ASCII have become _: a number keeps such names apart.
        uint hash = 2166136261;
        foreach (char letter in function)
            hash = unchecked((hash ^ letter) * 16777619);
        return (name == function ? name : FormattableString.Invariant($"{name}{hash:x8}"))
            + string.Concat(constants.Select(constant => "_" + Identifier.Of(constant)));
    }
}
