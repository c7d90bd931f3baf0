using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;
using NetGen.Generator.Operations;
using NetGen.Generator.Planning;

namespace NetGen.Generator.Emission;

/// <summary>Prints the steps: for every program and phase one method that calls its kernels in order.</summary>
internal static class StepsEmitter
{
    /// <summary>Full speed from the first call on: tiering may never come to a process with one busy core.</summary>
    private const string Optimized = "[MethodImpl(MethodImplOptions.AggressiveOptimization)]";

    private const string ScaleSummary = "\n/// scale is 1 / the sum of the samples' weights, each 1 where there are none.";

    public static string Emit(NetworkPlan plan, KernelSet kernels)
    {
        SourceWriter w = SourceFile.Start(plan.Declaration.Type, "System", "System.Runtime.CompilerServices", "NetGen.CompilerServices");
        w.Lines("""
            /// <summary>The network as lists of kernel calls.</summary>
            /// <remarks>
            /// p is the first parameter, x the caller's first sample, a the working memory: one block of 32 samples after the other, stride floats
            /// apart. Inside a block a value lies as [feature][sample], so that vectors run over samples. d_x is the gradient with respect to x;
            /// comments give shapes of one sample, of weights as they are stored: [inputs, outputs].
            /// </remarks>
            """);
        using (w.Open("internal static class Steps"))
        {
            if (plan.ClassWeights.Count > 0)
            {
                w.Line("/// <summary>A weight per class.</summary>");
                w.Line($"public static ReadOnlySpan<float> ClassWeights => {Literal.Of(plan.ClassWeights)};");
                w.Line();
            }

            EmitSamples(w, kernels, plan.Prediction, "Predict", "The prediction of blocks of samples.");
            w.Line();
            EmitSingle(w, kernels, plan);
            if (plan.Evaluation is not null)
            {
                w.Line();
                EmitSamples(w, kernels, plan.Evaluation, "Evaluate", "The prediction of blocks of samples, and their losses.");
            }

            if (plan.Tiny is not null)
                EmitTiny(w, kernels, plan, plan.Tiny);
            EmitTraining(w, kernels, plan.Training, "Train", "the loss");
            EmitTraining(w, kernels, plan.Backward, "Backward", "the given gradient of the output");
        }

        return w.ToString();
    }

    private static void EmitSingle(SourceWriter w, KernelSet kernels, NetworkPlan plan)
    {
        w.Line("/// <summary>The prediction of one sample.</summary>");
        if (plan.IsSmall)
        {
            SmallNetwork kernel = new(plan.Single);
            kernels.Use(kernel);
            w.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
            w.Line("public static void PredictSingle(ref float p, ref float input, ref float output) =>");
            w.Line($"    Kernels.{kernel.Name}(ref input, ref p, ref output);");
            return;
        }

        w.Line(Optimized);
        using (w.Open("public static void PredictSingle(ref float p, ref float a)"))
            new StepWriter(w, kernels, plan.Single.Memory, single: true).Run(plan.Single.Phases);
    }

    private static void EmitSamples(SourceWriter w, KernelSet kernels, ProgramPlan program, string name, string summary)
    {
        w.Line($"/// <summary>{summary}</summary>");
        w.Line(Optimized);
        string batch = program.Memory.BatchFloats > 0 ? "ref float b, " : "";
        using (w.Open($"public static void {name}(ref float p, ref float x, ref float a, {batch}int samples)"))
        {
            w.Line($"const int stride = {program.Memory.Floats};");
            StepWriter steps = new(w, kernels, program.Memory, single: false);
            steps.Run(program.Phases);
        }
    }

    private static void EmitTiny(SourceWriter w, KernelSet kernels, NetworkPlan plan, NetworkGraph graph)
    {
        TinyTraining kernel = new(graph, plan.Parameters);
        kernels.Use(kernel);
        IReadOnlyList<Parameter> trained = [.. plan.Trained.OrderBy(parameter => parameter.Offset)];
        w.Line();
        w.Lines($$"""
            /// <summary>Loss and gradients of a batch in one kernel. update stores them in g, or applies them to g, then the parameters.</summary>
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            public static float Train<TUpdate>(ref float p, ref float g, ref float v, ref float inputs, ref float targets, int samples, TUpdate update)
                where TUpdate : struct, IWeightUpdate
            {
                float loss = 0f;
                Kernels.{{kernel.Name}}(ref inputs, ref targets, ref p, ref g, ref v, update, ref loss, samples, 1f / samples);
                return loss;
            }

            /// <summary>Loss and gradients sample by sample, for each has a weight of its own.</summary>
            public static float Train(ref float p, ref float g, ref float inputs, ref float targets, ReadOnlySpan<float> weights)
            {
                ref float gradients = ref Scratch.OfThread({{plan.ParameterCount}});
                LossWeights.Clear(ref gradients, {{plan.ParameterCount}}); // what is frozen is not written
                LossWeights.Clear(ref g, {{plan.ParameterCount}});
                float loss = 0f, scale = LossWeights.Scale(LossWeights.Total(weights, weights.Length));
                for (int s = 0; s < weights.Length; s++)
                {
                    float own = 0f;
                    ref float x = ref Unsafe.Add(ref inputs, s * {{graph.Input.Shape.Length}}), t = ref Unsafe.Add(ref targets, s * {{graph.Targets!.Shape.Length}});
                    Kernels.{{kernel.Name}}(ref x, ref t, ref p, ref gradients, ref p, default(StoreGradient), ref own, 1, weights[s] * scale);
                    LossWeights.Add(ref gradients, ref g, {{plan.ParameterCount}});
                    loss += own;
                }

                return loss;
            }

            """);
        EmitTinyUpdate(w, trained);
    }

    /// <summary>Adds the penalties to the gradients and lets the optimizer follow.</summary>
    private static void EmitTinyUpdate(SourceWriter w, IReadOnlyList<Parameter> trained)
    {
        w.Line("/// <summary>Lets the optimizer follow the gradients of all parameters.</summary>");
        using var method = w.Open("public static void Update(in ParameterStep step)");
        foreach (Parameter parameter in trained.Where(parameter => parameter.IsPenalized))
            w.Line($"step.AddPenalty({parameter.Offset}, {parameter.Length}, {Literal.Of(parameter.L1)}, {Literal.Of(parameter.L2)});");
        bool contiguous = trained.Count > 1
            && trained.Zip(trained.Skip(1), (one, next) => one.Offset + one.Length == next.Offset).All(adjacent => adjacent);
        if (contiguous)
        {
            w.Line("if (!step.UsesDecay)");
            w.Line($"    step.Update({trained[0].Offset}, {trained.Sum(parameter => parameter.Length)}, decay: false);");
        }

        using (w.OpenIf(contiguous, "else"))
        {
            foreach (Parameter parameter in trained)
                w.Line($"step.Update({parameter.Offset}, {parameter.Length}, decay: {(parameter.Decays ? "true" : "false")});");
        }
    }

    /// <summary>What a phase does.</summary>
    private static string Summary(Scope scope, string seed) => scope switch
    {
        Scope.Terms => "The first layer's sums in parts, for all samples: a worker takes those whose weights it will update.",
        Scope.Samples => $"Forward, then back from {seed}: what concerns each sample by itself.",
        _ => "Gradients of the parameters, summed over the batch. update stores them in g, or applies them to g, then the parameters.",
    };

    private static void EmitTraining(SourceWriter w, KernelSet kernels, ProgramPlan? program, string name, string seed)
    {
        if (program is null)
            return;
        for (int i = 0; i < program.Phases.Count; i++)
        {
            Phase phase = program.Phases[i];
            bool byParameters = phase.Scope == Scope.Parameters;
            w.Line();
            string parameters = StepSignature.Of(phase).Parameters;
            w.Lines($"""
                /// <summary>
                /// {Summary(phase.Scope, seed)}{(parameters.Contains("> weights") ? ScaleSummary : "")}
                /// </summary>
                """);
            StepWriter steps = new(w, kernels, program.Memory, single: false)
            {
                AddsPenalties = program.Graph.Purpose == GraphPurpose.Training,
            };
            w.Line(Optimized);
            using (w.Open(byParameters
                ? $"public static void {name}{i + 1}<TUpdate>({parameters})\n    where TUpdate : struct, IWeightUpdate"
                : $"public static void {name}{i + 1}({parameters})"))
            {
                w.Line($"const int stride = {program.Memory.Floats};");
                if (byParameters && ReadsParameters(phase))
                    w.Line("ref float p = ref step.Parameters;");
                steps.Run([phase]);
            }

            if (!byParameters)
                continue;
            w.Line();
            w.Line($"/// <summary>Floats of the gradients that wait for the optimizer at once in {name}{i + 1}.</summary>");
            w.Line($"public const int {name}{i + 1}Scratch = {steps.ScratchFloats};");
        }
    }

    private static bool ReadsParameters(Phase phase) => phase.Nodes.SelectMany(node => node.Inputs)
        .Any(input => input.Role is TensorRole.Parameter or TensorRole.State);
}
