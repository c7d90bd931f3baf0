using NetGen.Generator.Kernels;
using NetGen.Generator.Planning;

namespace NetGen.Generator.Emission;

/// <summary>Prints the engine's prediction: samples in blocks, the few left over one by one.</summary>
internal static class PredictionEmitter
{
    /// <summary>Below this many samples one at a time is faster: a block costs as much as a dozen single samples.</summary>
    private const int SingleBelow = 8;

    public static void Emit(SourceWriter w, NetworkPlan plan)
    {
        ProgramPlan panels = plan.Prediction;
        int chunk = plan.ChunkOf(panels);
        string output = Address.At("a", panels.Memory.OffsetOf(panels.Graph.Output));
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
                ref float a = ref Scratch.OfThread({{chunk / Panel.Lanes}} * stride{{BatchCode.SharedFloats(panels)}});{{BatchCode.SharedReference(panels, chunk, "                ")}}
                int done = 0;
                while (samples - done >= {{SingleBelow}})
                {
                    int block = Math.Min({{chunk}}, samples - done);
                    Steps.Predict(ref p, ref Unsafe.Add(ref x, done * InputLength), ref a, {{BatchCode.SharedArgument(panels)}}block);
                    Panels.ToRows(ref {{output}}, ref Unsafe.Add(ref y, done * OutputLength), OutputLength, stride, block);
                    done += block;
                }

                return done;
            }

            """);
        EmitSingles(w, plan);
    }

    private static void EmitSingles(SourceWriter w, NetworkPlan plan)
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
}
