using NetGen.Generator.Graph;
using NetGen.Generator.Operations;
using NetGen.Generator.Planning;

namespace NetGen.Generator.Emission;

/// <summary>What a phase's method takes and what its callers pass: the only place that knows both.
/// A network has what it uses, no more.</summary>
internal sealed class StepSignature
{
    private readonly IReadOnlyList<Parameter> parameters;

    private StepSignature(IReadOnlyList<Parameter> parameters)
    {
        this.parameters = parameters;
    }

    /// <summary>The parameter list, as a declaration writes it.</summary>
    public string Parameters => string.Join(", ", parameters.Select(parameter => $"{parameter.Type} {parameter.Name}"));

    /// <summary>The signature of a phase's method.</summary>
    public static StepSignature Of(Phase phase)
    {
        Parameter[] random = UsesRandomNumbers(phase) ? [new("RandomStep", "random")] : [];
        Parameter[] weights = phase.Nodes.Any(node => node.Operation is LossOperation) ? [new("ReadOnlySpan<float>", "weights")] : [];
        Parameter[] batch = phase.Tensors.Any(tensor => tensor.Role == TensorRole.Batch) ? [new("ref float", "b")] : [];
        if (phase.Scope == Scope.Terms)
        {
            return new(
            [
                new("ref float", "p"), new("ref float", "x"), new("ref float", "a"), new("int", "samples"), new("int", "worker"),
                new("int", "workers"),
            ]);
        }

        if (phase.Scope == Scope.Samples)
        {
            return new(
            [
                new("ref float", "p"), new("ref float", "x"), new("ref float", "a"), .. batch, new("int", "samples"),
                new("float", "scale"), .. weights, .. random,
            ]);
        }

        return new(
        [
            new("ref float", "g"), new("ref float", "v"), new("ref float", "x"), new("ref float", "a"), .. batch, new("int", "samples"),
            new("ref ParameterStep", "step"), new("TUpdate", "update"),
        ]);
    }

    /// <summary>Whether a phase's method takes what its random numbers depend on.</summary>
    public static bool UsesRandomNumbers(Phase phase) => phase.Nodes.Any(node => node.Operation.UsesRandomNumbers);

    /// <summary>The argument list of a call.</summary>
    /// <param name="arguments">What differs from the caller's variable of the parameter's name; for parameters that the method lacks it is
    /// ignored.</param>
    public string Arguments(params (string Parameter, string Argument)[] arguments) => string.Join(", ", parameters.Select(parameter =>
    {
        string given = arguments.FirstOrDefault(argument => argument.Parameter == parameter.Name).Argument;
        return given ?? (parameter.Type.StartsWith("ref ", StringComparison.Ordinal) ? $"ref {parameter.Name}" : parameter.Name);
    }));

    private sealed record Parameter(string Type, string Name);
}
