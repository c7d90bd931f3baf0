using NetGen.Generator.Diagnostics;
using NetGen.Generator.Model;
using NetGen.Generator.Operations;

namespace NetGen.Generator.Graph;

/// <summary>The outputs that a declaration names, and the losses on them.</summary>
internal sealed class NetworkOutputs(GraphBuilder builder, NetworkDecl declaration)
{
    private readonly List<(string Name, Tensor Value)> named = [];

    /// <summary>Names and shapes of the outputs, where there are several.</summary>
    public IReadOnlyList<Port> Ports => named.Count > 1 ? [.. named.Select(output => new Port(output.Name, output.Value.Shape))] : [];

    /// <summary>Makes a value the next output.</summary>
    public void Add(string name, Tensor value) => named.Add((name, value));

    /// <summary>What the network predicts: the outputs back to back, or the last value where none is named.</summary>
    public Tensor Join(Tensor last)
    {
        if (named.Count < 2)
            return named.Count == 1 ? named[0].Value : last;
        Tensor[] parts = [.. named.Select(output => builder.View(output.Value, output.Name, new Shape((int)output.Value.Shape.Length)))];
        return builder.Apply(new ConcatOperation(), "outputs", new Shape(parts.Sum(part => part.Shape.Last)), parts);
    }

    /// <summary>Adds every loss and their weighted sum; null after a problem was reported.</summary>
    /// <param name="last">The last value, the output where none is named.</param>
    public NetworkLoss? AddLosses(Tensor last)
    {
        List<LossOutputs> losses = [];
        List<float> weights = [];
        HashSet<string> taken = new(StringComparer.Ordinal);
        Tensor? targets = named.Count > 1
            ? builder.NewTensor("targets", new Shape((int)named.Sum(output => output.Value.Shape.Length)), TensorRole.Targets)
            : null;
        for (int i = 0; i < declaration.Layers.Count; i++)
        {
            if (LossTable.Find(declaration.Layers[i].Kind) is not LossRule rule)
                continue;
            LossContext context = new(builder, declaration, i);
            if (FindOutput(context, i, taken) is not int output || Weight(context, i) is not float weight)
                return null;
            context.Weight = weight;
            if (targets is not null)
                context.Targets = builder.Part(targets, $"{named[output].Name}_targets", named[output].Value.Shape, StartOf(output));
            if (rule(context, named.Count == 0 ? last : named[output].Value) is not LossOutputs loss)
                return null;
            losses.Add(loss);
            weights.Add(weight);
        }

        Tensor total = weights.Count == 1 && weights[0] == 1f
            ? losses[0].Losses
            : builder.Apply(new WeightedSumOperation(weights), "loss", new Shape(1), [.. losses.Select(loss => loss.Losses)]);
        return new NetworkLoss(targets ?? losses[0].Targets, total, losses);
    }

    private int StartOf(int output) => (int)named.Take(output).Sum(before => before.Value.Shape.Length);

    /// <summary>Which output a loss is for; 0 where there is only one. Null after a problem was reported.</summary>
    private int? FindOutput(LossContext context, int attribute, HashSet<string> taken)
    {
        string name = context.Argument("Output", "");
        if (name.Length == 0 && named.Count < 2)
            return 0;
        int output = named.FindIndex(one => one.Name == name);
        if (output < 0)
        {
            string known = named.Count == 0 ? "none" : string.Join(", ", named.Select(one => $"'{one.Name}'"));
            context.Report(Descriptors.LossOutput, declaration.Layers[attribute].Kind, context.Network, name, known);
            return null;
        }

        if (taken.Add(name))
            return output;
        context.Report(Descriptors.SecondLoss, declaration.Layers[attribute].Kind, context.Network, name);
        return null;
    }

    private float? Weight(LossContext context, int attribute)
    {
        float weight = context.Argument("Weight", 1f);
        if (!float.IsNaN(weight) && !float.IsInfinity(weight))
            return weight;
        context.Report(Descriptors.ArgumentNotFinite, attribute + 1, context.Network, "Weight", Emission.Literal.Of(weight));
        return null;
    }
}

/// <summary>The losses of a network.</summary>
/// <param name="Targets">What the caller gives: one row for all outputs.</param>
/// <param name="Total">Weighted sum of the losses, per sample.</param>
/// <param name="Losses">Each loss, with where its gradient starts.</param>
internal sealed record NetworkLoss(Tensor Targets, Tensor Total, IReadOnlyList<LossOutputs> Losses);
