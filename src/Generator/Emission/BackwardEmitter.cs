using NetGen.Generator.Graph;
using NetGen.Generator.Operations;
using NetGen.Generator.Planning;

namespace NetGen.Generator.Emission;

/// <summary>Prints the engine's way back from a gradient that the caller gives.</summary>
internal static class BackwardEmitter
{
    public static void Emit(SourceWriter w, NetworkPlan plan)
    {
        ProgramPlan program = plan.Backward!;
        string checkPair = plan.NeedsPair is string layer ? "\n    " + BatchCode.CheckPair(layer) : "";
        w.Lines($$"""

            public void Backward(
                ReadOnlySpan<float> inputs, ReadOnlySpan<float> outputGradients, Span<float> inputGradients, Span<float> gradients)
            {
                int samples = Arguments.CountBatch(inputs.Length, InputLength, nameof(inputs));
                Arguments.CheckLength(outputGradients.Length, samples, OutputLength, nameof(outputGradients));
                Arguments.CheckLength(inputGradients.Length, samples, InputLength, nameof(inputGradients));
                Arguments.CheckApart(inputs, inputGradients, nameof(inputGradients));
                if (!gradients.IsEmpty)
                    Arguments.CheckLength(gradients.Length, 1, ParameterCount, nameof(gradients));{{checkPair}}
                {{BatchCode.TakeTurn}}
                const int stride = {{program.Memory.Floats}};
                ref float p = ref memory.Start;
                ref float g = ref memory.StartGradients();
                ref float a = ref memory.StartWork(stride, samples);{{BatchCode.StartShared(program)}}
                ref float x = ref MemoryMarshal.GetReference(inputs);
                Panels.FromRows(ref MemoryMarshal.GetReference(outputGradients), ref {{At(program.Graph.OutputGradient!)}}, OutputLength, stride, samples);
                ParameterStep step = new(memory, null);
            """);
        int lastOfSamples = program.Phases.Select(phase => phase.Scope).ToList().LastIndexOf(Scope.Samples);
        for (int i = 0; i < program.Phases.Count; i++)
        {
            string arguments = StepSignature.Of(program.Phases[i]).Arguments(
                ("b", "ref memory.Batch"), ("scale", "1f"), ("v", "ref g"), ("update", "default(StoreGradient)"),
                ("random", "new RandomStep(seed, steps, 0)"), ("worker", "0"), ("workers", "1"));
            w.Line($"    Steps.Backward{i + 1}({arguments});");
            if (i == lastOfSamples && program.Graph.InputGradient is Tensor gradient)
                w.Line($"    Panels.ToRows(ref {At(gradient)}, ref MemoryMarshal.GetReference(inputGradients), InputLength, stride, samples);");
        }

        w.Lines("""
                if (!gradients.IsEmpty)
                    memory.Gradients.CopyTo(gradients);
            """);
        // Where training writes no gradient, none may stay.
        foreach (Parameter parameter in plan.Parameters.Where(parameter => parameter.Trainable && !plan.Trained.Contains(parameter)))
            w.Line($"    memory.Gradients.Slice({parameter.Offset}, {parameter.Length}).Clear(); // {parameter.Name}: no loss reaches it");
        w.Line("}");

        string At(Tensor tensor) => Address.At("a", program.Memory.OffsetOf(tensor));
    }
}
