using NetGen.Generator.Graph;
using NetGen.Generator.Planning;

namespace NetGen.Generator.Emission;

/// <summary>Prints the engine: what the network's public members call.</summary>
internal static class EngineEmitter
{
    public static string Emit(NetworkPlan plan)
    {
        SourceWriter w = SourceFile.Start(
            plan.Declaration.Type, "System", "System.Runtime.CompilerServices", "System.Runtime.InteropServices",
            "NetGen.CompilerServices");
        w.Lines("""
            /// <summary>Memory and programs of one network. Apart from the class that the user declared, whose names it need not know.</summary>
            """);
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
            PredictionEmitter.Emit(w, plan);
            if (plan.Loss is not null)
            {
                TrainingEmitter.Emit(w, plan);
                EvaluationEmitter.Emit(w, plan);
                BackwardEmitter.Emit(w, plan);
            }

            PhasesEmitter.Emit(w, plan);
            PortsEmitter ports = new(plan);
            if (ports.IsNeeded)
                ports.EmitEngine(w, plan.ChunkOf(plan.Prediction));
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

                string fans = FansOf(parameter);
                string rows = $"rows: {parameter.Shape.Extents[0]}, transposed: {(parameter.Transposed ? "true" : "false")}";
                w.Line($"Initializer.{parameter.Start}({slice}, random{fans}, {rows}); // {parameter.Name}");
            }
        }

        w.Line();
    }

    /// <summary>The fans that a parameter's initialization takes, as further arguments.</summary>
    private static string FansOf(Parameter parameter) => parameter.Start switch
    {
        Initialization.Xavier or Initialization.XavierNormal => $", {parameter.FanIn}, {parameter.FanOut}",
        Initialization.He or Initialization.HeNormal => $", {parameter.FanIn}",
        Initialization.LeCun or Initialization.LeCunUniform => $", {parameter.FanIn}",
        _ => "",
    };

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
}
