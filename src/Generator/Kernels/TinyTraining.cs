using NetGen.Generator.Emission;
using NetGen.Generator.Graph;

namespace NetGen.Generator.Kernels;

/// <summary>Loss and gradients of a batch for a network of a few dozen parameters,
/// as straight-line code on four samples at a time.</summary>
/// <remarks>Activations and the sums of the gradients stay in registers; nothing is laid out in memory.</remarks>
internal sealed class TinyTraining(NetworkGraph graph, IReadOnlyList<Parameter> parameters) : Kernel
{
    /// <summary>Parameters of a network that counts as tiny: about what the registers and a few cache lines hold.</summary>
    private const int Limit = 64;

    public override string Name => "TrainTiny";

    public override string Summary =>
        $"Mean loss of a batch and the gradients of all {parameters.Sum(parameter => parameter.Length)} parameters; update stores them or applies them. "
        + "scale is 1 / samples.";

    public override IReadOnlyList<KernelParameter> Parameters { get; } =
    [
        KernelParameter.Shared("inputs"), KernelParameter.Shared("targets"), KernelParameter.Shared("p"), KernelParameter.Shared("target"),
        KernelParameter.Shared("state"), KernelParameter.Update(), KernelParameter.Shared("loss"), KernelParameter.Int("samples"),
        KernelParameter.Float("scale"),
    ];

    /// <summary>Four samples: the batches of such networks are small, and their steps are bound by latency.</summary>
    public override int WidestLanes => 4;

    /// <summary>Whether a network is tiny and made of operations that work in registers.</summary>
    public static bool Fits(NetworkGraph graph, IReadOnlyList<Parameter> parameters) =>
        parameters.Sum(parameter => parameter.Length) <= Limit
        && graph.Nodes.All(node => node.Operation.WorksOnLanes
            && node.Outputs.All(output => output.Parameter is not null || output.Shape.Rank == 1))
        && graph.Input.Shape.Length <= Limit / 4
        && VariableBudget.Allows(new TinyTraining(graph, parameters));

    public override IEnumerable<(MathFunction Function, InstructionSet Isa)> Functions(InstructionSet isa) =>
        graph.Nodes.SelectMany(node => node.Operation.LaneFunctions).Select(function => (function, isa));

    public override void EmitVector(SourceWriter w, InstructionSet isa) => Emit(w, isa);

    public override void EmitScalar(SourceWriter w) => Emit(w, InstructionSet.Scalar);

    private void Emit(SourceWriter w, InstructionSet isa)
    {
        LaneWriter lanes = new(w, isa);
        foreach (Tensor parameter in graph.Nodes.SelectMany(node => node.Inputs).Where(input => input.Role == TensorRole.Parameter).Distinct())
            lanes.Refer(parameter, Address.At("p", parameter.Parameter!.Offset));
        List<Tensor> gradients =
            [.. graph.Nodes.SelectMany(node => node.Outputs).Where(output => output.Role == TensorRole.ParameterGradient)];
        Dictionary<Parameter, Tensor> sums = [];
        foreach (Tensor gradient in gradients)
        {
            // All uses of a parameter add to one sum.
            if (sums.TryGetValue(gradient.Parameter!, out Tensor? sum))
            {
                lanes.Alias(gradient, sum);
                continue;
            }

            sums.Add(gradient.Parameter!, gradient);
            lanes.Define(gradient, _ => isa.Zero);
        }

        w.Line($"{isa.Type} total = {isa.Zero};");
        using (w.Open($"for (int s = 0; s < samples; s += {isa.Lanes})"))
        {
            EmitLoads(w, isa, lanes);
            foreach (Node node in graph.Nodes)
                node.Operation.EmitLanes(lanes, node);
        }

        w.Line(isa.IsScalar ? "loss = total * scale;" : "loss = Sum(total) * scale;");
        EmitSums(w, isa, lanes, gradients);
    }

    /// <summary>Behind the last sample lanes repeat it, and count nothing: valid is 1 or 0.</summary>
    private void EmitLoads(SourceWriter w, InstructionSet isa, LaneWriter lanes)
    {
        if (isa.IsScalar)
        {
            w.Line("const float valid = 1f;");
        }
        else
        {
            w.Line("int last = samples - 1, s1 = Math.Min(s + 1, last), s2 = Math.Min(s + 2, last), s3 = Math.Min(s + 3, last);");
            w.Line("V valid = ConditionalSelect(LessThan(Create(0f, 1f, 2f, 3f), Create((float)(samples - s))), Create(1f), V.Zero);");
        }

        lanes.Define(graph.Input, i => Gather("inputs", (int)graph.Input.Shape.Length, i));
        lanes.Define(graph.Targets!, i => Gather("targets", (int)graph.Targets!.Shape.Length, i));

        string Gather(string source, int length, int i)
        {
            string[] samples = isa.IsScalar ? ["s"] : ["s", "s1", "s2", "s3"];
            string arguments = string.Join(", ", samples.Select(sample =>
                $"Unsafe.Add(ref {source}, {(length == 1 ? sample : $"{sample} * {length}")}{(i == 0 ? "" : $" + {i}")})"));
            return isa.IsScalar ? arguments : $"Create({arguments})";
        }
    }

    private static void EmitSums(SourceWriter w, InstructionSet isa, LaneWriter lanes, List<Tensor> gradients)
    {
        SortedDictionary<int, string> sums = [];
        foreach (Tensor gradient in gradients)
        {
            for (int i = 0; i < lanes[gradient].Length; i++)
                sums[gradient.Parameter!.Offset + i] = lanes[gradient][i];
        }

        foreach (int k in sums.Keys.ToArray())
        {
            if (!sums.ContainsKey(k))
                continue;
            if (!isa.IsScalar && Enumerable.Range(k, 4).All(sums.ContainsKey))
            {
                w.Line($"update.Apply(ref target, ref state, {k}, Lanes.Sums({string.Join(", ", Enumerable.Range(k, 4).Select(i => sums[i]))}));");
                for (int i = 0; i < 4; i++)
                    sums.Remove(k + i);
                continue;
            }

            w.Line($"update.Apply(ref target, ref state, {k}, {(isa.IsScalar ? sums[k] : $"Sum({sums[k]})")});");
        }
    }
}
