using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;
using NetGen.Generator.Planning;

namespace NetGen.Generator.Emission;

/// <summary>Prints the engine's evaluation: outputs and mean loss of a batch.</summary>
internal static class EvaluationEmitter
{
    public static void Emit(SourceWriter w, NetworkPlan plan)
    {
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
        EmitBatch(w, plan, plan.Evaluation!);
    }

    private static void EmitBatch(SourceWriter w, NetworkPlan plan, ProgramPlan program)
    {
        int chunk = plan.ChunkOf(program);
        long floats = (chunk / Panel.Lanes * program.Memory.Floats) + program.Memory.BatchFloats;
        string place = $"ref {At(program.Graph.Targets!)}";
        string values =
            $"Panels.FromRows(ref MemoryMarshal.GetReference(targets.Slice(done * OutputLength)), {place}, OutputLength, stride, block);";
        string pack = plan.TakesLabels
            ? $"""
            if (labels.IsEmpty)
                {values}
            else
                Panels.FromLabels(labels.Slice(done, block), {place}, OutputLength, stride, block);
            """
            : values;
        w.Lines($$"""
            private float EvaluateBatch(
                ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, ReadOnlySpan<int> labels, ReadOnlySpan<float> weights,
                Span<float> outputs, int samples)
            {
                const int stride = {{program.Memory.Floats}};
                ref float p = ref memory.Start;
                ref float a = ref Scratch.OfThread({{floats}});{{BatchCode.SharedReference(program, chunk, "    ")}}
                double loss = 0, total = {{BatchCode.TotalWeight(plan)}};
                for (int done = 0; done < samples; done += {{chunk}})
                {
                    int block = Math.Min({{chunk}}, samples - done);
                    {{SourceWriter.Indented(pack, 2)}}
                    Steps.Evaluate(ref p, ref MemoryMarshal.GetReference(inputs.Slice(done * InputLength)), ref a, {{BatchCode.SharedArgument(program)}}block);
                    Panels.ToRows(ref {{At(program.Graph.Output)}}, ref MemoryMarshal.GetReference(outputs.Slice(done * OutputLength)), OutputLength, stride, block);
                    loss += LossWeights.Sum(weights.IsEmpty ? default : weights.Slice(done, block), ref {{At(program.Graph.Losses!)}}, stride, block);
                }

                return LossWeights.Mean(loss, total);
            }
            """);

        string At(Tensor tensor) => Address.At("a", program.Memory.OffsetOf(tensor));
    }
}
