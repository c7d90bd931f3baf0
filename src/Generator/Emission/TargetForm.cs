using NetGen.Generator.Planning;

namespace NetGen.Generator.Emission;

/// <summary>One of the forms in which callers give targets: values or class labels, without weights of the samples or with them.</summary>
/// <param name="Prefix">Of the names of methods: a network with several inputs or outputs has others of the same types.</param>
/// <param name="Parameters">What a method takes.</param>
/// <param name="Checks">Statements that check it, given <c>samples</c>.</param>
/// <param name="Arguments">What a method that takes targets, labels and weights is given.</param>
internal sealed record TargetForm(string Prefix, string Parameters, string Checks, string Arguments)
{
    private static readonly TargetForm Values = new(
        Prefix: "",
        Parameters: "ReadOnlySpan<float> targets",
        Checks: "Arguments.CheckLength(targets.Length, samples, OutputLength, nameof(targets));",
        Arguments: "targets, default");

    private static readonly TargetForm Labels = new(
        Prefix: "",
        Parameters: "ReadOnlySpan<int> labels",
        Checks: "Arguments.CheckLabels(labels, samples, OutputLength, nameof(labels));",
        Arguments: "default, labels");

    /// <summary>The forms that a network's loss takes.</summary>
    public static IEnumerable<TargetForm> Of(NetworkPlan plan)
    {
        foreach (bool weighted in new[] { false, true })
        {
            yield return Weigh(Values, weighted);
            if (plan.TakesLabels)
                yield return Weigh(Labels, weighted);
        }
    }

    private static TargetForm Weigh(TargetForm form, bool weighted) => weighted
        ? new(
            Prefix: "Weighted",
            form.Parameters + ", ReadOnlySpan<float> weights",
            form.Checks + "\n    Arguments.CheckWeights(weights, samples, nameof(weights));",
            form.Arguments + ", weights")
        : form with { Arguments = form.Arguments + ", default" };
}
