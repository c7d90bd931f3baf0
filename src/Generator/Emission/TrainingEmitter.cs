using NetGen.Generator.Graph;
using NetGen.Generator.Planning;

namespace NetGen.Generator.Emission;

/// <summary>Prints the engine's training step, which also gives gradients alone.</summary>
internal static class TrainingEmitter
{
    /// <summary>Phases whose sharing a thread's least work pays for: between them threads meet, which takes as long as thousands of
    /// multiply-adds.</summary>
    private const int PhasesOfWork = 4;

    private const string StepHeader = """
        /// <summary>One step, or without an optimizer only its gradients. Returns the mean loss before it.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private float Step(
            ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, ReadOnlySpan<int> labels, ReadOnlySpan<float> weights, int samples,
            Optimizer? optimizer)
        """;

    /// <summary>The gradients of a tiny network first, and then the optimizer.</summary>
    private const string TinyStepByGradients = """
        ref float g = ref memory.StartGradients();
        loss = weights.IsEmpty
            ? Steps.Train(ref p, ref g, ref p, ref x, ref t, samples, default(StoreGradient))
            : Steps.Train(ref p, ref g, ref x, ref t, weights);
        Steps.Update(new ParameterStep(memory, optimizer));
        """;

    /// <summary>The same, where the kernel can apply the simple optimizers itself.</summary>
    private static readonly string TinyStep = $$"""
        if (optimizer is SGD sgd && weights.IsEmpty)
            loss = Steps.Train(ref p, ref p, ref p, ref x, ref t, samples, new SgdUpdate(sgd));
        else if (optimizer is Momentum momentum && weights.IsEmpty)
            loss = Steps.Train(ref p, ref p, ref momentum.StartVelocity(), ref x, ref t, samples, new MomentumUpdate(momentum));
        else
        {
            {{SourceWriter.Indented(TinyStepByGradients, 1)}}
        }

        """;

    public static void Emit(SourceWriter w, NetworkPlan plan)
    {
        foreach (TargetForm form in TargetForm.Of(plan))
        {
            w.Lines($$"""

                [MethodImpl(MethodImplOptions.AggressiveOptimization)]
                public float {{form.Prefix}}Train(ReadOnlySpan<float> inputs, {{form.Parameters}}, Optimizer optimizer)
                {
                    int samples = Arguments.CountBatch(inputs.Length, InputLength, nameof(inputs));
                    {{form.Checks}}
                    ArgumentNullException.ThrowIfNull(optimizer);{{(plan.Tiny is null ? "\n    " + BatchCode.TakeTurn : "")}}
                    return Step(inputs, {{form.Arguments}}, samples, optimizer);
                }

                public float {{form.Prefix}}Gradients(ReadOnlySpan<float> inputs, {{form.Parameters}}, Span<float> gradients)
                {
                    int samples = Arguments.CountBatch(inputs.Length, InputLength, nameof(inputs));
                    {{form.Checks}}
                    Arguments.CheckLength(gradients.Length, 1, ParameterCount, nameof(gradients));
                    {{BatchCode.TakeTurn}}
                    float loss = Step(inputs, {{form.Arguments}}, samples, null);
                    memory.Gradients.CopyTo(gradients);
                    return loss;
                }
                """);
        }

        w.Line();
        if (plan.Tiny is not null)
            EmitTinyStep(w, plan);
        else
            EmitStep(w, plan, plan.Training!);
        EmitPenalty(w, plan);
    }

    private static void EmitTinyStep(SourceWriter w, NetworkPlan plan)
    {
        using (w.Open(StepHeader))
        {
            w.Lines("""
                optimizer?.BeginStep(owner, ParameterCount);
                ref float p = ref memory.Start;
                ref float x = ref MemoryMarshal.GetReference(inputs);
                ref float t = ref MemoryMarshal.GetReference(targets);
                float loss;
                """);
            // The gradients of penalties come between the network's own and the optimizer.
            EmitLoss(w, plan, plan.IsPenalized ? TinyStepByGradients : TinyStep, "loss");
        }
    }

    private static void EmitStep(SourceWriter w, NetworkPlan plan, ProgramPlan training)
    {
        using (w.Open(StepHeader))
        {
            if (plan.NeedsPair is string layer)
                w.Line(BatchCode.CheckPair(layer));
            w.Lines($$"""
                const int stride = {{training.Memory.Floats}};
                memory.StartWork(stride, samples); // first, for it throws when the batch is too large{{BatchCode.StartShared(training)}}
                {{(training.SumsGradients ? "" : "if (optimizer is null)\n    ")}}memory.StartGradients();
                optimizer?.BeginStep(owner, ParameterCount);
                double total = {{BatchCode.TotalWeight(plan)}};
                Batch batch = new()
                {
                    Inputs = inputs, Targets = targets, Labels = labels, Weights = weights, Scale = LossWeights.Scale(total), Samples = samples,
                    Optimizer = optimizer,
                };
                int most = optimizer is { AllowsThreads: false } ? 1 : threads;
                """);
            string losses = Address.At("memory.Work", training.Memory.OffsetOf(training.Graph.Losses!));
            EmitLoss(
                w, plan, $"Workers.Run(this, ref batch, 1, {training.Phases.Count}, Workers.Count(most, samples, {WorkOf(training)}));",
                $"LossWeights.Mean(Panels.Sum(ref {losses}, stride, samples), total)");
        }
    }

    /// <summary>Multiply-adds that decide how many threads share a step. Every phase is shared anew, so the work of many short ones counts
    /// less.</summary>
    private static string WorkOf(ProgramPlan training)
    {
        int phases = training.Phases.Count;
        return phases <= PhasesOfWork ? "MultiplyAdds" : $"MultiplyAdds / {(phases + PhasesOfWork - 1) / PhasesOfWork}";
    }

    /// <summary>The step itself and the mean loss before it, with what the weights add.</summary>
    private static void EmitLoss(SourceWriter w, NetworkPlan plan, string step, string loss)
    {
        if (plan.IsPenalized)
            w.Line("float penalty = WeightPenalty(); // before the weights change");
        w.Lines(step);
        if (plan.IsRandom)
        {
            w.Line("if (optimizer is not null)");
            w.Line("    steps++;");
        }

        w.Line($"return {loss}{(plan.IsPenalized ? " + penalty" : "")};");
    }

    private static void EmitPenalty(SourceWriter w, NetworkPlan plan)
    {
        if (!plan.IsPenalized)
            return;
        w.Line();
        w.Line("/// <summary>What the weights themselves add to the training loss.</summary>");
        using (w.Open("private float WeightPenalty()"))
        {
            w.Line("double sum = 0;");
            foreach (Parameter parameter in plan.Trained.Where(parameter => parameter.IsPenalized))
            {
                w.Line($"sum += Penalty.Of(memory.Parameters.Slice({parameter.Offset}, {parameter.Length}), "
                    + $"{Literal.Of(parameter.L1)}, {Literal.Of(parameter.L2)}); // {parameter.Name}");
            }

            w.Line("return (float)sum;");
        }
    }
}
