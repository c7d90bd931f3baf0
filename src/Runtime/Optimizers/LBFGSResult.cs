using System.Globalization;

namespace NetGen;

/// <summary>How a minimisation by <see cref="LBFGS"/> went.</summary>
/// <param name="Iterations">Iterations done.</param>
/// <param name="Evaluations">Evaluations of loss and gradient on the whole dataset.</param>
/// <param name="InitialLoss">Mean loss before.</param>
/// <param name="Loss">Mean loss of the parameters that the network has now.</param>
/// <param name="LargestGradient">Largest absolute component of its gradient.</param>
/// <param name="StoppedBecause">Why it ended.</param>
public sealed record LBFGSResult(
    int Iterations, int Evaluations, double InitialLoss, double Loss, double LargestGradient, LBFGSStop StoppedBecause)
{
    /// <summary>One line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"loss {InitialLoss:G6} to {Loss:G6} in {Iterations} iterations, {Evaluations} evaluations; gradient {LargestGradient:G3}; "
        + $"{StoppedBecause}");
}
