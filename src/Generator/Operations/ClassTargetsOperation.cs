using NetGen.Generator.Emission;
using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;

namespace NetGen.Generator.Operations;

/// <summary>u[c] = w[c] · ((1 - ε) · t[c] + ε / K): targets smoothed by ε over K classes, then weighted by w.
/// Shapes: t and u [K].</summary>
/// <remarks>
/// Cross-entropy is linear in its targets, so with u for t it has smoothing and weights without a change. Szegedy et al., "Rethinking the
/// inception architecture for computer vision", 2016, section 7.
/// </remarks>
/// <param name="smoothing">ε, at least 0 and below 1.</param>
/// <param name="weights">A weight per class, or none.</param>
internal sealed class ClassTargetsOperation(float smoothing, IReadOnlyList<float> weights) : Operation
{
    public override string Name => "ClassTargets";

    public override void EmitPanels(StepWriter steps, Node node)
    {
        List<string> arguments = [steps.Ref(node.Inputs[0]), steps.Ref(node.Output)];
        if (weights.Count > 0)
            arguments.Add("ref Unsafe.AsRef(in ClassWeights[0])");
        steps.Call(new ClassTargets(node.Output.Shape.Last, smoothing, weights.Count > 0), [.. arguments]);
    }
}
