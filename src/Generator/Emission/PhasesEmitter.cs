using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;
using NetGen.Generator.Operations;
using NetGen.Generator.Planning;

namespace NetGen.Generator.Emission;

/// <summary>Prints what each thread does in each phase of a call that threads share:
/// phase 0 predicts, the others make up a training step.</summary>
internal static class PhasesEmitter
{
    public static void Emit(SourceWriter w, NetworkPlan plan)
    {
        w.Line();
        w.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        using (w.Open("void IPhases.RunPhase(ref Batch batch, int phase, int worker, int workers)"))
        using (w.Open("switch (phase)"))
        {
            EmitPrediction(w, plan);
            for (int i = 0; i < plan.Training?.Phases.Count; i++)
            {
                switch (plan.Training.Phases[i].Scope)
                {
                    case Scope.Terms:
                        EmitTerms(w, i);
                        break;
                    case Scope.Samples:
                        EmitSamples(w, plan, plan.Training, i);
                        break;
                    default:
                        EmitParameters(w, i);
                        break;
                }
            }
        }

        for (int i = 0; i < plan.Training?.Phases.Count; i++)
        {
            if (plan.Training.Phases[i].Scope == Scope.Parameters)
                EmitUpdate(w, plan, plan.Training, i);
        }
    }

    private static void EmitPrediction(SourceWriter w, NetworkPlan plan)
    {
        w.Line("case 0: // prediction");
        using (w.OpenScope())
        {
            w.Lines($$"""
                (int first, int samples) = batch.Share({{plan.ChunkOf(plan.Prediction)}}, worker, workers);
                ref float x = ref MemoryMarshal.GetReference(batch.Inputs);
                ref float y = ref MemoryMarshal.GetReference(batch.Outputs);
                PredictRange(ref Unsafe.Add(ref x, first * InputLength), ref Unsafe.Add(ref y, first * OutputLength), samples);
                break;
                """);
        }
    }

    /// <summary>A phase that goes through all samples, each worker for its share of the terms.</summary>
    private static void EmitTerms(SourceWriter w, int phase) => w.Lines($$"""
        case {{phase + 1}}: // training, the first layer's sums in parts
        {
            ref float x = ref MemoryMarshal.GetReference(batch.Inputs);
            Steps.Train{{phase + 1}}(ref memory.Start, ref x, ref memory.Work, batch.Samples, worker, workers);
            break;
        }
        """);

    /// <summary>A phase that goes through this worker's share of the samples.</summary>
    private static void EmitSamples(SourceWriter w, NetworkPlan plan, ProgramPlan training, int phase)
    {
        bool byBlocks = plan.GoesBlockByBlock(training);
        w.Line($"case {phase + 1}: // training, sample by sample");
        using (w.OpenScope())
        {
            w.Line($"const int stride = {training.Memory.Floats};");
            w.Line($"(int {(byBlocks ? "start, int count" : "first, int samples")}) = batch.Share({Panel.Lanes}, worker, workers);");
            using (w.OpenIf(byBlocks, $"for (int first = start; first < start + count; first += {Panel.Lanes})"))
            {
                if (byBlocks)
                    w.Line($"int samples = Math.Min({Panel.Lanes}, start + count - first);");
                w.Line($"ref float a = ref Unsafe.Add(ref memory.Work, first / {Panel.Lanes} * stride);");
                w.Line("ref float x = ref Unsafe.Add(ref MemoryMarshal.GetReference(batch.Inputs), first * InputLength);");
                if (training.Phases.Take(phase).All(before => before.Scope == Scope.Terms))
                    w.Lines(PackTargets(plan, training));
                string arguments = StepSignature.Of(training.Phases[phase]).Arguments(
                    ("p", "ref memory.Start"), ("b", "ref memory.Batch"), ("scale", "batch.Scale"),
                    ("weights", "batch.WeightsOf(first, samples)"), ("random", "new RandomStep(seed, steps, first)"));
                w.Line($"Steps.Train{phase + 1}({arguments});");
            }

            w.Line("break;");
        }
    }

    /// <summary>A phase that sums over all samples, each worker for its share of the parameters.</summary>
    private static void EmitParameters(SourceWriter w, int phase)
    {
        w.Line($"case {phase + 1}: // training, parameter by parameter");
        w.Line($"    Update{phase + 1}(ref batch, worker, workers);");
        w.Line("    break;");
    }

    private static string PackTargets(NetworkPlan plan, ProgramPlan program)
    {
        string place = $"ref {Address.At("a", program.Memory.OffsetOf(program.Graph.Targets!))}";
        string values = "Panels.FromRows(ref Unsafe.Add(ref MemoryMarshal.GetReference(batch.Targets), first * OutputLength), "
            + $"{place}, OutputLength, stride, samples);";
        return plan.TakesLabels
            ? $"""
            if (batch.Labels.IsEmpty)
                {values}
            else
                Panels.FromLabels(batch.Labels.Slice(first, samples), {place}, OutputLength, stride, samples);
            """
            : values;
    }

    /// <summary>Lets the simple optimizers change the parameters inside the kernels; all others get the gradients.</summary>
    private static void EmitUpdate(SourceWriter w, NetworkPlan plan, ProgramPlan training, int phase)
    {
        string step = $"Steps.Train{phase + 1}";
        string follower = plan.IsPenalized ? "optimizer, fused" : "fused ? null : optimizer";
        w.Lines($$"""

            [MethodImpl(MethodImplOptions.AggressiveOptimization)]
            private void Update{{phase + 1}}(ref Batch batch, int worker, int workers)
            {
                Optimizer? optimizer = batch.Optimizer;
                bool fused = optimizer is SGD or Momentum;
                ParameterStep step = new(memory, {{follower}}, {{step}}Scratch, worker, workers){{StepOptions(training, training.Phases[phase])}};
                int samples = batch.Samples;
                ref float x = ref MemoryMarshal.GetReference(batch.Inputs);
                ref float a = ref memory.Work;{{(Uses(training.Phases[phase], TensorRole.Batch) ? "\n    ref float b = ref memory.Batch;" : "")}}
                ref float p = ref memory.Start;
                if (optimizer is SGD sgd)
                    {{step}}({{Arguments("ref p", "ref p", "new SgdUpdate(sgd)")}});
                else if (optimizer is Momentum momentum)
                    {{step}}({{Arguments("ref p", "ref momentum.StartVelocity()", "new MomentumUpdate(momentum)")}});
                else
                    {{step}}({{Arguments("ref step.Gradients", "ref p", "StoreGradient.For(optimizer, ref p, claims: workers > 1)")}});
            }
            """);

        string Arguments(string target, string state, string update) =>
            StepSignature.Of(training.Phases[phase]).Arguments(("g", target), ("v", state), ("update", update));
    }

    /// <summary>What a step in a phase of the parameters knows besides.</summary>
    private static string StepOptions(ProgramPlan training, Phase phase)
    {
        List<string> options = [];
        if (Uses(phase, TensorRole.State))
            options.Add("Trains = optimizer is not null");
        if (training.SumsGradients)
            options.Add("SumOptimizer = optimizer");
        return options.Count == 0 ? "" : $" {{ {string.Join(", ", options)} }}";
    }

    private static bool Uses(Phase phase, TensorRole role) => phase.Tensors.Any(tensor => tensor.Role == role);
}
