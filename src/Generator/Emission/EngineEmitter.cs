using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;
using NetGen.Generator.Planning;

namespace NetGen.Generator.Emission;

/// <summary>Prints the engine: what the network's public members call.</summary>
internal static class EngineEmitter
{
    /// <summary>Samples that a prediction takes through the network together: four blocks, which bounds its memory, or one.</summary>
    private static int ChunkOf(NetworkPlan plan, ProgramPlan program) => (plan.GoesBlockByBlock(program) ? 1 : 4) * Panel.Lanes;

    /// <summary>Phases whose sharing a thread's least work pays for: between them threads meet, which takes as long as thousands of multiply-adds.</summary>
    private const int PhasesOfWork = 4;

    /// <summary>Below this many samples one at a time is faster: a block costs as much as a dozen single samples.</summary>
    private const int SingleBelow = 8;

    private const string StepDeclaration =
        "private float Step(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, ReadOnlySpan<int> labels, ReadOnlySpan<float> weights, int samples, Optimizer? optimizer)";

    public static string Emit(NetworkPlan plan)
    {
        SourceWriter w = SourceFile.Start(
            plan.Declaration.Type, "System", "System.Runtime.CompilerServices", "System.Runtime.InteropServices", "NetGen.CompilerServices");
        w.Line($"/// <summary>Memory and programs of one network. Apart from the class that the user declared, whose names it need not know.</summary>");
        using (w.Open("internal sealed class Engine : IPhases"))
        {
            w.Lines($$"""
                private const int InputLength = {{plan.InputShape.Length}};
                private const int OutputLength = {{plan.OutputShape.Length}};
                private const int ParameterCount = {{plan.ParameterCount}};
                private const long MultiplyAdds = {{plan.Layers.Sum(layer => layer.MultiplyAdds)}};

                private readonly object owner;
                private readonly NetworkMemory memory = new(ParameterCount);
                private int threads;
                """);
            if (plan.IsRandom)
            {
                w.Line("private readonly ulong seed;");
                w.Line("private long steps; // of training so far");
            }

            w.Line();
            EmitConstructor(w, plan);
            EmitMembers(w);
            EmitPredict(w, plan);
            if (plan.Loss is not null)
            {
                EmitTrain(w, plan);
                EmitEvaluate(w, plan);
                EmitBackward(w, plan);
            }

            EmitPhases(w, plan);
            PortsEmitter ports = new(plan);
            if (ports.IsNeeded)
                ports.EmitEngine(w, ChunkOf(plan, plan.Prediction));
        }

        return w.ToString();
    }

    private static void EmitConstructor(SourceWriter w, NetworkPlan plan)
    {
        w.Line("/// <summary>Memory with freshly initialised parameters.</summary>");
        w.Line("/// <param name=\"owner\">The network; optimizers belong to it.</param>");
        w.Line("/// <param name=\"seed\">The same seed gives the same bits.</param>");
        using (w.Open("public Engine(object owner, ulong seed)"))
        {
            w.Line("this.owner = owner;");
            if (plan.IsRandom)
                w.Line("this.seed = seed;");
            w.Line("RandomSource random = new(seed);");
            foreach (Parameter parameter in plan.Parameters.Where(parameter => parameter.Start != Initialization.Zeros))
            {
                string slice = $"memory.Parameters.Slice({parameter.Offset}, {parameter.Length})";
                if (parameter.Start == Initialization.Constant)
                {
                    w.Line($"{slice}.Fill({Literal.Of(parameter.StartValue)}); // {parameter.Name}");
                    continue;
                }

                string fans = parameter.Start switch
                {
                    Initialization.Xavier or Initialization.XavierNormal => $", {parameter.FanIn}, {parameter.FanOut}",
                    Initialization.He or Initialization.HeNormal or Initialization.LeCun or Initialization.LeCunUniform => $", {parameter.FanIn}",
                    _ => "",
                };
                string rows = parameter.Transposed ? $"rows: {parameter.Shape.Extents[0]}, transposed: true" : $"rows: {parameter.Shape.Extents[0]}, transposed: false";
                w.Line($"Initializer.{parameter.Start}({slice}, random{fans}, {rows}); // {parameter.Name}");
            }
        }

        w.Line();
    }

    private static void EmitMembers(SourceWriter w) => w.Lines("""
        public int Threads
        {
            get => threads;
            set
            {
                ArgumentOutOfRangeException.ThrowIfNegative(value);
                threads = value;
            }
        }

        public Span<float> Parameters => memory.Parameters;

        public float[] Predict(ReadOnlySpan<float> inputs)
        {
            int samples = Arguments.CountSamples(inputs.Length, InputLength, nameof(inputs));
            float[] outputs = new float[Arguments.CountFloats(samples, OutputLength, nameof(inputs))];
            Predict(inputs, outputs);
            return outputs;
        }

        """);

    private static void EmitPredict(SourceWriter w, NetworkPlan plan)
    {
        ProgramPlan panels = plan.Prediction;
        int chunk = ChunkOf(plan, panels);
        w.Lines($$"""
            [MethodImpl(MethodImplOptions.AggressiveOptimization)]
            public void Predict(ReadOnlySpan<float> inputs, Span<float> outputs)
            {
                int samples = Arguments.CountSamples(inputs.Length, InputLength, nameof(inputs));
                Arguments.CheckLength(outputs.Length, samples, OutputLength, nameof(outputs));
                Arguments.CheckApart(inputs, outputs, nameof(outputs));
                if (samples >= {{2 * chunk}} && threads != 1)
                    PredictShared(inputs, outputs, samples);
                else
                    PredictRange(ref MemoryMarshal.GetReference(inputs), ref MemoryMarshal.GetReference(outputs), samples);
            }

            /// <summary>Predicts on as many threads as pay.</summary>
            private void PredictShared(ReadOnlySpan<float> inputs, Span<float> outputs, int samples)
            {
                Batch batch = new() { Inputs = inputs, Outputs = outputs, Samples = samples };
                Workers.Run(this, ref batch, 0, 0, Workers.Count(threads, samples, MultiplyAdds));
            }

            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            private void PredictRange(ref float x, ref float y, int samples)
            {
                int done = samples < {{SingleBelow}} ? 0 : PredictBlocks(ref x, ref y, samples);
                PredictSingles(ref Unsafe.Add(ref x, done * InputLength), ref Unsafe.Add(ref y, done * OutputLength), samples - done);
            }

            /// <summary>Predicts while enough samples for a block are left; returns how many it has done.</summary>
            [MethodImpl(MethodImplOptions.AggressiveOptimization)]
            private int PredictBlocks(ref float x, ref float y, int samples)
            {
                const int stride = {{panels.Memory.Floats}};
                ref float p = ref memory.Start;
                ref float a = ref Scratch.OfThread({{chunk / Panel.Lanes}} * stride{{BatchFloats(panels)}});{{BatchReference(panels, chunk, "                ")}}
                int done = 0;
                while (samples - done >= {{SingleBelow}})
                {
                    int block = Math.Min({{chunk}}, samples - done);
                    Steps.Predict(ref p, ref Unsafe.Add(ref x, done * InputLength), ref a, {{BatchArgument(panels)}}block);
                    Panels.ToRows(ref {{Address.At("a", panels.Memory.OffsetOf(panels.Graph.Output))}}, ref Unsafe.Add(ref y, done * OutputLength), OutputLength, stride, block);
                    done += block;
                }

                return done;
            }

            """);
        EmitPredictSingles(w, plan);
    }

    /// <summary>Predictions keep what all samples share behind their blocks, so that any number of threads can predict.</summary>
    private static string BatchFloats(ProgramPlan program) => program.Memory.BatchFloats == 0 ? "" : $" + {program.Memory.BatchFloats}";

    private static string BatchReference(ProgramPlan program, int chunk, string indentation) => program.Memory.BatchFloats == 0
        ? ""
        : $"\n{indentation}ref float b = ref Unsafe.Add(ref a, {chunk / Panel.Lanes} * stride);";

    private static string BatchArgument(ProgramPlan program) => program.Memory.BatchFloats == 0 ? "" : "ref b, ";

    private static void EmitPredictSingles(SourceWriter w, NetworkPlan plan)
    {
        MemoryPlan memory = plan.Single.Memory;
        w.Line("/// <summary>Predicts one sample after the other.</summary>");
        w.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
        using (w.Open("private void PredictSingles(ref float x, ref float y, int samples)"))
        {
            w.Line("ref float p = ref memory.Start;");
            if (!plan.IsSmall)
                w.Line($"ref float a = ref Scratch.OfThread({memory.Floats});");
            using (w.Open("for (; samples > 0; samples--)"))
            {
                if (plan.IsSmall)
                {
                    w.Line("Steps.PredictSingle(ref p, ref x, ref y);");
                }
                else
                {
                    w.Line($"Panels.Copy(ref x, ref {Address.At("a", memory.OffsetOf(plan.Single.Graph.Input))}, InputLength);");
                    w.Line("Steps.PredictSingle(ref p, ref a);");
                    w.Line($"Panels.Copy(ref {Address.At("a", memory.OffsetOf(plan.Single.Graph.Output))}, ref y, OutputLength);");
                }

                w.Line("x = ref Unsafe.Add(ref x, InputLength);");
                w.Line("y = ref Unsafe.Add(ref y, OutputLength);");
            }
        }
    }

    private static void EmitTrain(SourceWriter w, NetworkPlan plan)
    {
        foreach (TargetForm form in TargetForm.Of(plan))
        {
            w.Lines($$"""

                [MethodImpl(MethodImplOptions.AggressiveOptimization)]
                public float {{form.Prefix}}Train(ReadOnlySpan<float> inputs, {{form.Parameters}}, Optimizer optimizer)
                {
                    int samples = Arguments.CountBatch(inputs.Length, InputLength, nameof(inputs));
                    {{form.Checks}}
                    ArgumentNullException.ThrowIfNull(optimizer);
                    return Step(inputs, {{form.Arguments}}, samples, optimizer);
                }

                public float {{form.Prefix}}Gradients(ReadOnlySpan<float> inputs, {{form.Parameters}}, Span<float> gradients)
                {
                    int samples = Arguments.CountBatch(inputs.Length, InputLength, nameof(inputs));
                    {{form.Checks}}
                    Arguments.CheckLength(gradients.Length, 1, ParameterCount, nameof(gradients));
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
        w.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        using (w.Open(StepDeclaration))
        {
            w.Lines("""
                optimizer?.BeginStep(owner, ParameterCount);
                ref float p = ref memory.Start;
                ref float x = ref MemoryMarshal.GetReference(inputs);
                ref float t = ref MemoryMarshal.GetReference(targets);
                float loss;
                """);
            const string follow = """
                ref float g = ref memory.StartGradients();
                loss = weights.IsEmpty
                    ? Steps.Train(ref p, ref g, ref p, ref x, ref t, samples, default(StoreGradient))
                    : Steps.Train(ref p, ref g, ref x, ref t, weights);
                Steps.Update(new ParameterStep(memory, optimizer));
                """;
            // The gradients of penalties come between the network's own and the optimizer.
            EmitLoss(
                w, plan,
                plan.IsPenalized ? follow : $$"""
                    if (optimizer is SGD sgd && weights.IsEmpty)
                        loss = Steps.Train(ref p, ref p, ref p, ref x, ref t, samples, new SgdUpdate(sgd));
                    else if (optimizer is Momentum momentum && weights.IsEmpty)
                        loss = Steps.Train(ref p, ref p, ref momentum.StartVelocity(), ref x, ref t, samples, new MomentumUpdate(momentum));
                    else
                    {
                        {{follow.Replace("\n", "\n    ")}}
                    }

                    """,
                "loss");
        }
    }

    private static void EmitStep(SourceWriter w, NetworkPlan plan, ProgramPlan training)
    {
        w.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        using (w.Open(StepDeclaration))
        {
            if (plan.NeedsPair is string layer)
                w.Line(CheckPair(layer));
            w.Lines($$"""
                const int stride = {{training.Memory.Floats}};
                memory.StartWork(stride, samples); // first, for it throws when the batch is too large{{StartBatch(training)}}
                {{(training.SumsGradients ? "" : "if (optimizer is null)\n    ")}}memory.StartGradients();
                optimizer?.BeginStep(owner, ParameterCount);
                double total = {{TotalWeight(plan)}};
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

    /// <summary>Multiply-adds that decide how many threads share a step. Every phase is shared anew, so the work of many short ones counts less.</summary>
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

    /// <summary>What the sum of the losses is divided by.</summary>
    private static string TotalWeight(NetworkPlan plan) => plan.ClassWeights.Count > 0
        ? "LossWeights.Total(Steps.ClassWeights, labels, targets, weights, samples)"
        : "LossWeights.Total(weights, samples)";

    private static void EmitPenalty(SourceWriter w, NetworkPlan plan)
    {
        if (!plan.IsPenalized)
            return;
        w.Line();
        w.Line("/// <summary>What the weights themselves add to the training loss.</summary>");
        using (w.Open("private float WeightPenalty()"))
        {
            w.Line("double sum = 0;");
            foreach (Parameter parameter in plan.Parameters.Where(parameter => parameter.IsPenalized))
            {
                w.Line($"sum += Penalty.Of(memory.Parameters.Slice({parameter.Offset}, {parameter.Length}), "
                    + $"{Literal.Of(parameter.L1)}, {Literal.Of(parameter.L2)}); // {parameter.Name}");
            }

            w.Line("return (float)sum;");
        }
    }

    /// <summary>A layer that takes statistics of a batch needs more than one value for them.</summary>
    private static string CheckPair(string layer) => $"Arguments.CheckPair(samples, {Literal.Of(layer)}, nameof(inputs));";

    private static string StartBatch(ProgramPlan program) =>
        program.Memory.BatchFloats == 0 ? "" : $"\n    memory.StartBatch({program.Memory.BatchFloats});";

    /// <summary>What each worker does in each phase.</summary>
    private static void EmitPhases(SourceWriter w, NetworkPlan plan)
    {
        w.Line();
        w.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        using (w.Open("void IPhases.RunPhase(ref Batch batch, int phase, int worker, int workers)"))
        using (w.Open("switch (phase)"))
        {
            w.Line("case 0:");
            using (w.OpenScope())
            {
                w.Lines($$"""
                    (int first, int samples) = batch.Share({{ChunkOf(plan, plan.Prediction)}}, worker, workers);
                    ref float x = ref MemoryMarshal.GetReference(batch.Inputs);
                    ref float y = ref MemoryMarshal.GetReference(batch.Outputs);
                    PredictRange(ref Unsafe.Add(ref x, first * InputLength), ref Unsafe.Add(ref y, first * OutputLength), samples);
                    break;
                    """);
            }

            if (plan.Training is not ProgramPlan training)
                return;
            for (int i = 0; i < training.Phases.Count; i++)
            {
                w.Line($"case {i + 1}:");
                if (training.Phases[i].Scope == Operations.Scope.Parameters)
                {
                    w.Line($"    Update{i + 1}(ref batch, worker, workers);");
                    w.Line("    break;");
                    continue;
                }

                using (w.OpenScope())
                {
                    w.Line($"const int stride = {training.Memory.Floats};");
                    bool byBlocks = plan.GoesBlockByBlock(training);
                    w.Line($"(int {(byBlocks ? "start, int count" : "first, int samples")}) = batch.Share({Panel.Lanes}, worker, workers);");
                    using (w.OpenIf(byBlocks, $"for (int first = start; first < start + count; first += {Panel.Lanes})"))
                    {
                        if (byBlocks)
                            w.Line($"int samples = Math.Min({Panel.Lanes}, start + count - first);");
                        w.Line($"ref float a = ref Unsafe.Add(ref memory.Work, first / {Panel.Lanes} * stride);");
                        w.Line("ref float x = ref Unsafe.Add(ref MemoryMarshal.GetReference(batch.Inputs), first * InputLength);");
                        if (i == 0)
                            w.Lines(PackTargets(plan, training));
                        string arguments = StepSignature.Of(training.Phases[i]).Arguments(
                            ("p", "ref memory.Start"), ("b", "ref memory.Batch"), ("scale", "batch.Scale"),
                            ("weights", "batch.WeightsOf(first, samples)"),
                            ("random", "new RandomStep(seed, steps, first)"));
                        w.Line($"Steps.Train{i + 1}({arguments});");
                    }

                    w.Line("break;");
                }
            }
        }

        if (plan.Training is not null)
            EmitUpdates(w, plan, plan.Training);
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
    private static void EmitUpdates(SourceWriter w, NetworkPlan plan, ProgramPlan training)
    {
        for (int i = 0; i < training.Phases.Count; i++)
        {
            if (training.Phases[i].Scope == Operations.Scope.Samples)
                continue;
            string step = $"Steps.Train{i + 1}";
            StepSignature signature = StepSignature.Of(training.Phases[i]);
            string follower = plan.IsPenalized ? "optimizer, fused" : "fused ? null : optimizer";
            w.Lines($$"""

                [MethodImpl(MethodImplOptions.AggressiveOptimization)]
                private void Update{{i + 1}}(ref Batch batch, int worker, int workers)
                {
                    Optimizer? optimizer = batch.Optimizer;
                    bool fused = optimizer is SGD or Momentum;
                    ParameterStep step = new(memory, {{follower}}, {{step}}Scratch, worker, workers){{StepOptions(training, training.Phases[i])}};
                    int samples = batch.Samples;
                    ref float x = ref MemoryMarshal.GetReference(batch.Inputs);
                    ref float a = ref memory.Work;{{(UsesBatch(training.Phases[i]) ? "\n    ref float b = ref memory.Batch;" : "")}}
                    ref float p = ref memory.Start;
                    if (optimizer is SGD sgd)
                        {{step}}({{signature.Arguments(("g", "ref p"), ("v", "ref p"), ("update", "new SgdUpdate(sgd)"))}});
                    else if (optimizer is Momentum momentum)
                        {{step}}({{signature.Arguments(("g", "ref p"), ("v", "ref momentum.StartVelocity()"), ("update", "new MomentumUpdate(momentum)"))}});
                    else
                        {{step}}({{signature.Arguments(("g", "ref step.Gradients"), ("v", "ref p"), ("update", "StoreGradient.For(optimizer, ref p, claims: workers > 1)"))}});
                }
                """);
        }
    }

    private static bool HasState(Phase phase) => phase.Tensors.Any(tensor => tensor.Role == TensorRole.State);

    private static bool UsesBatch(Phase phase) => phase.Tensors.Any(tensor => tensor.Role == TensorRole.Batch);

    /// <summary>What a step in the parameters' phase knows besides.</summary>
    private static string StepOptions(ProgramPlan training, Phase phase)
    {
        List<string> options = [];
        if (HasState(phase))
            options.Add("Trains = optimizer is not null");
        if (training.SumsGradients)
            options.Add("SumOptimizer = optimizer");
        return options.Count == 0 ? "" : $" {{ {string.Join(", ", options)} }}";
    }

    private static void EmitEvaluate(SourceWriter w, NetworkPlan plan)
    {
        ProgramPlan program = plan.Evaluation!;
        int chunk = ChunkOf(plan, program);
        string At(Tensor tensor) => Address.At("a", program.Memory.OffsetOf(tensor));
        foreach (TargetForm form in TargetForm.Of(plan))
        {
            w.Lines($$"""

                public float {{form.Prefix}}Evaluate(ReadOnlySpan<float> inputs, {{form.Parameters}}, Span<float> outputs)
                {
                    int samples = Arguments.CountBatch(inputs.Length, InputLength, nameof(inputs));
                    {{form.Checks}}
                    Arguments.CheckLength(outputs.Length, samples, OutputLength, nameof(outputs));
                    return EvaluateBatch(inputs, {{form.Arguments}}, outputs, samples);
                }
                """);
        }

        w.Line();
        string place = $"ref {At(program.Graph.Targets!)}";
        string values = $"Panels.FromRows(ref MemoryMarshal.GetReference(targets.Slice(done * OutputLength)), {place}, OutputLength, stride, block);";
        string pack = plan.TakesLabels
            ? $"if (labels.IsEmpty)\n            {values}\n        else\n            Panels.FromLabels(labels.Slice(done, block), {place}, OutputLength, stride, block);"
            : values;
        w.Lines($$"""
            private float EvaluateBatch(
                ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, ReadOnlySpan<int> labels, ReadOnlySpan<float> weights,
                Span<float> outputs, int samples)
            {
                const int stride = {{program.Memory.Floats}};
                ref float p = ref memory.Start;
                ref float a = ref Scratch.OfThread({{(chunk / Panel.Lanes * program.Memory.Floats) + program.Memory.BatchFloats}});{{BatchReference(program, chunk, "    ")}}
                double loss = 0, total = {{TotalWeight(plan)}};
                for (int done = 0; done < samples; done += {{chunk}})
                {
                    int block = Math.Min({{chunk}}, samples - done);
                    {{pack}}
                    Steps.Evaluate(ref p, ref MemoryMarshal.GetReference(inputs.Slice(done * InputLength)), ref a, {{BatchArgument(program)}}block);
                    Panels.ToRows(ref {{At(program.Graph.Output)}}, ref MemoryMarshal.GetReference(outputs.Slice(done * OutputLength)), OutputLength, stride, block);
                    loss += LossWeights.Sum(weights.IsEmpty ? default : weights.Slice(done, block), ref {{At(program.Graph.Losses!)}}, stride, block);
                }

                return LossWeights.Mean(loss, total);
            }
            """);
    }

    private static void EmitBackward(SourceWriter w, NetworkPlan plan)
    {
        ProgramPlan program = plan.Backward!;
        string At(Tensor tensor) => Address.At("a", program.Memory.OffsetOf(tensor));
        w.Lines($$"""

            public void Backward(
                ReadOnlySpan<float> inputs, ReadOnlySpan<float> outputGradients, Span<float> inputGradients, Span<float> gradients)
            {
                int samples = Arguments.CountBatch(inputs.Length, InputLength, nameof(inputs));
                Arguments.CheckLength(outputGradients.Length, samples, OutputLength, nameof(outputGradients));
                Arguments.CheckLength(inputGradients.Length, samples, InputLength, nameof(inputGradients));
                Arguments.CheckApart(inputs, inputGradients, nameof(inputGradients));
                if (!gradients.IsEmpty)
                    Arguments.CheckLength(gradients.Length, 1, ParameterCount, nameof(gradients));{{(plan.NeedsPair is string layer ? "\n    " + CheckPair(layer) : "")}}
                const int stride = {{program.Memory.Floats}};
                ref float p = ref memory.Start;
                ref float g = ref memory.StartGradients();
                ref float a = ref memory.StartWork(stride, samples);{{StartBatch(program)}}
                ref float x = ref MemoryMarshal.GetReference(inputs);
                Panels.FromRows(ref MemoryMarshal.GetReference(outputGradients), ref {{At(program.Graph.OutputGradient!)}}, OutputLength, stride, samples);
                ParameterStep step = new(memory, null);
            """);
        int lastOfSamples = program.Phases.Select(phase => phase.Scope).ToList().LastIndexOf(Operations.Scope.Samples);
        for (int i = 0; i < program.Phases.Count; i++)
        {
            string arguments = StepSignature.Of(program.Phases[i]).Arguments(
                ("b", "ref memory.Batch"), ("scale", "1f"), ("v", "ref g"), ("update", "default(StoreGradient)"),
                ("random", "new RandomStep(seed, steps, 0)"));
            w.Line($"    Steps.Backward{i + 1}({arguments});");
            if (i == lastOfSamples && program.Graph.InputGradient is Tensor gradient)
                w.Line($"    Panels.ToRows(ref {At(gradient)}, ref MemoryMarshal.GetReference(inputGradients), InputLength, stride, samples);");
        }

        w.Lines("""
                if (!gradients.IsEmpty)
                    memory.Gradients.CopyTo(gradients);
            }
            """);
    }
}
