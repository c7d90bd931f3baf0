using System.Globalization;
using System.Text.RegularExpressions;
using NetGen.Generator.Graph;
using NetGen.Generator.Model;
using NetGen.Generator.Planning;

namespace NetGen.Generator.Emission;

/// <summary>Prints the network's public members: documentation, and a call of the engine.</summary>
/// <remarks>
/// They stand among the user's own names, in his namespace and in his class. So every type is spelled in full, and the only private member
/// is the engine.
/// </remarks>
internal static class NetworkEmitter
{
    public static string Emit(NetworkPlan plan)
    {
        TypeDecl type = plan.Declaration.Type;
        SourceWriter w = SourceFile.StartUserPart(type);
        EmitSummary(w, plan);
        bool trains = plan.Loss is not null;
        using (w.Open($"partial class {type.Name} : {Spell(trains ? "ITrainableNetwork" : "INetwork")}"))
        {
            string engine = $"global::{SourceFile.EngineNamespace(type)}.Engine";
            w.Lines($$"""
                /// <summary>Floats per input sample.</summary>
                public const int InputLength = {{plan.InputShape.Length}};

                /// <summary>Floats per output sample.</summary>
                public const int OutputLength = {{plan.OutputShape.Length}};

                /// <summary>Number of parameters.</summary>
                public const int ParameterCount = {{plan.ParameterCount}};

                private readonly {{engine}} engine;

                /// <summary>A network with freshly initialised parameters.</summary>
                /// <param name="seed">The same seed gives the same bits.</param>
                public {{type.Name}}(ulong seed = 0) => engine = new {{engine}}(this, seed);

                /// <summary>Layers, shapes, parameters, multiply-adds and memory; ToString is the summary table.</summary>
                public static global::NetGen.NetworkInfo Info => global::{{SourceFile.EngineNamespace(type)}}.Description.Info;

                global::NetGen.NetworkInfo global::NetGen.INetwork.Info => Info;

                """);
            w.Lines(Spell(Common));
            PortsEmitter ports = new(plan);
            if (trains)
            {
                string refusal = Literal.Of($"{plan.Loss} takes values, not class labels.");
                w.Lines(Spell(Training + "\n\n" + (plan.TakesLabels ? Labels : NoLabels)).Replace("{refusal}", refusal));
                w.Lines(Spell(ports.IsNeeded ? HiddenWeighted : Weighted));
            }

            if (ports.IsNeeded)
            {
                foreach (string member in ports.Members())
                    w.Lines(Spell(member));
            }
        }

        return w.ToString();
    }

    private const string Common = """
        /// <summary>The most threads that one call may use; 0, the default, is one per processor. What does not pay is not used, and the
        /// results are the same bits for any number.</summary>
        /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
        public int Threads
        {
            get => engine.Threads;
            set => engine.Threads = value;
        }

        /// <summary>All parameters as one vector, in storage order; <see cref="Info"/> says what lies where.</summary>
        public Span<float> Parameters => engine.Parameters;

        /// <summary>Copies a parameter out, row-major in its documented shape.</summary>
        /// <exception cref="ArgumentException">There is no such parameter, or the length does not fit.</exception>
        public void GetParameter(string name, Span<float> destination) => ParameterAccess.Get(Info, engine.Parameters, name, destination);

        /// <summary>Copies a parameter in, row-major in its documented shape.</summary>
        /// <exception cref="ArgumentException">There is no such parameter, or the length does not fit.</exception>
        public void SetParameter(string name, ReadOnlySpan<float> values) => ParameterAccess.Set(Info, engine.Parameters, name, values);

        /// <summary>Writes all parameters to a safetensors file; a crash leaves the old file or the new one, never half of one.</summary>
        public void Save(string path) => Safetensors.Save(path, this);

        /// <summary>Writes all parameters to a stream, in the format of the file.</summary>
        public void Save(Stream stream) => Safetensors.Save(stream, this);

        /// <summary>Reads all parameters from a safetensors file.</summary>
        /// <exception cref="InvalidDataException">The file does not fit; the network is left as it was.</exception>
        public void Load(string path) => Safetensors.Load(path, this);

        /// <summary>Reads all parameters from a stream, such as an embedded resource.</summary>
        /// <exception cref="InvalidDataException">The bytes do not fit; the network is left as it was.</exception>
        public void Load(Stream stream) => Safetensors.Load(stream, this);

        /// <summary>Predicts any number of samples. Safe from many threads at once; during a training step some parameters are old and
        /// some new.</summary>
        /// <param name="inputs">n · InputLength floats, sample after sample.</param>
        /// <returns>n · OutputLength floats.</returns>
        /// <exception cref="ArgumentException">The length is no multiple of InputLength.</exception>
        public float[] Predict(ReadOnlySpan<float> inputs) => engine.Predict(inputs);

        /// <summary>Predicts any number of samples; after a thread's first call without allocating. Safe from many threads at once; during a
        /// training step some parameters are old and some new.</summary>
        /// <param name="inputs">n · InputLength floats, sample after sample.</param>
        /// <param name="outputs">Receives n · OutputLength floats.</param>
        /// <exception cref="ArgumentException">A length does not fit, or the two overlap.</exception>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Predict(ReadOnlySpan<float> inputs, Span<float> outputs) => engine.Predict(inputs, outputs);
        """;

    private const string Training = """

        /// <summary>One step on one mini-batch. One thread at a time.</summary>
        /// <param name="inputs">n · InputLength floats, n at least 1.</param>
        /// <param name="targets">n · OutputLength floats.</param>
        /// <param name="optimizer">Turns gradients into steps; its state belongs to this network from the first step on.</param>
        /// <returns>The mean loss before the step.</returns>
        /// <exception cref="ArgumentException">A length does not fit.</exception>
        /// <exception cref="InvalidOperationException">The optimizer belongs to another network, or another thread is in a step of this
        /// one.</exception>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public float Train(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Optimizer optimizer) =>
            engine.Train(inputs, targets, optimizer);

        /// <summary>Trains for whole epochs on a dataset.</summary>
        /// <exception cref="ArgumentException">The data or an option does not fit; nothing has changed.</exception>
        public TrainingHistory Train(Dataset data, TrainingOptions options) => Trainer.Train(this, data, options);

        /// <summary>Loss and metrics on a dataset.</summary>
        /// <exception cref="ArgumentException">The data does not fit.</exception>
        public Evaluation Evaluate(Dataset data) => Trainer.Evaluate(this, data);

        /// <summary>Mean loss on a batch and its gradient with respect to every parameter. Changes no parameter. One thread at a time.</summary>
        /// <param name="inputs">n · InputLength floats, n at least 1.</param>
        /// <param name="targets">n · OutputLength floats.</param>
        /// <param name="gradients">Receives ParameterCount floats in storage order; 0 for what is frozen.</param>
        /// <exception cref="ArgumentException">A length does not fit.</exception>
        /// <exception cref="InvalidOperationException">Another thread is in a step of this network.</exception>
        public float Gradients(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Span<float> gradients) =>
            engine.Gradients(inputs, targets, gradients);

        /// <summary>The same with a weight per sample: of Σ w·loss / Σ w.</summary>
        /// <param name="inputs">n · InputLength floats, n at least 1.</param>
        /// <param name="targets">n · OutputLength floats.</param>
        /// <param name="weights">n weights, finite and at least 0, not all 0.</param>
        /// <param name="gradients">Receives ParameterCount floats in storage order; 0 for what is frozen.</param>
        /// <exception cref="ArgumentException">A length or a weight does not fit.</exception>
        /// <exception cref="InvalidOperationException">Another thread is in a step of this network.</exception>
        public float Gradients(
            ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights, Span<float> gradients) =>
            engine.WeightedGradients(inputs, targets, weights, gradients);

        /// <summary>From the gradient of the outputs the gradient of the inputs, so that networks compose. Changes no parameter. One thread at a
        /// time.</summary>
        /// <param name="inputs">n · InputLength floats, n at least 1.</param>
        /// <param name="outputGradients">n · OutputLength floats: of whatever is differentiated, with respect to this network's outputs.</param>
        /// <param name="inputGradients">Receives n · InputLength floats.</param>
        /// <param name="gradients">Receives the parameters' gradients, summed over the samples: ParameterCount floats in storage order; or empty.</param>
        /// <exception cref="ArgumentException">A length does not fit, or the inputs' gradients overlap the inputs.</exception>
        /// <exception cref="InvalidOperationException">Another thread is in a step of this network.</exception>
        public void Backward(
            ReadOnlySpan<float> inputs, ReadOnlySpan<float> outputGradients, Span<float> inputGradients, Span<float> gradients = default) =>
            engine.Backward(inputs, outputGradients, inputGradients, gradients);

        float ITrainableNetwork.Evaluate(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, Span<float> outputs) =>
            engine.Evaluate(inputs, targets, outputs);

        float ITrainableNetwork.Evaluate(
            ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights, Span<float> outputs) =>
            engine.WeightedEvaluate(inputs, targets, weights, outputs);
        """;

    private const string Weighted = """

        /// <summary>One step on one mini-batch whose samples do not count alike. One thread at a time.</summary>
        /// <param name="inputs">n · InputLength floats, n at least 1.</param>
        /// <param name="targets">n · OutputLength floats.</param>
        /// <param name="weights">n weights w, finite and at least 0, not all 0: the mean loss is Σ w·loss / Σ w.</param>
        /// <param name="optimizer">Turns gradients into steps; its state belongs to this network from the first step on.</param>
        /// <returns>The weighted mean loss before the step.</returns>
        /// <exception cref="ArgumentException">A length or a weight does not fit.</exception>
        /// <exception cref="InvalidOperationException">The optimizer belongs to another network, or another thread is in a step of this
        /// one.</exception>
        public float Train(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights, Optimizer optimizer) =>
            engine.WeightedTrain(inputs, targets, weights, optimizer);
        """;

    /// <summary>In a network with several inputs or outputs the types of the public one mean parts of a sample.</summary>
    private const string HiddenWeighted = """

        float ITrainableNetwork.Train(
            ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights, Optimizer optimizer) =>
            engine.WeightedTrain(inputs, targets, weights, optimizer);
        """;

    private const string Labels = """
        /// <summary>One step on one mini-batch with class labels. One thread at a time.</summary>
        /// <param name="inputs">n · InputLength floats, n at least 1.</param>
        /// <param name="labels">n labels from 0 to OutputLength - 1.</param>
        /// <param name="optimizer">Turns gradients into steps; its state belongs to this network from the first step on.</param>
        /// <returns>The mean loss before the step.</returns>
        /// <exception cref="ArgumentException">A length or a label does not fit.</exception>
        /// <exception cref="InvalidOperationException">The optimizer belongs to another network, or another thread is in a step of this
        /// one.</exception>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public float Train(ReadOnlySpan<float> inputs, ReadOnlySpan<int> labels, Optimizer optimizer) =>
            engine.Train(inputs, labels, optimizer);

        /// <summary>One step on one mini-batch with class labels whose samples do not count alike. One thread at a time.</summary>
        /// <param name="inputs">n · InputLength floats, n at least 1.</param>
        /// <param name="labels">n labels from 0 to OutputLength - 1.</param>
        /// <param name="weights">n weights w, finite and at least 0, not all 0: the mean loss is Σ w·loss / Σ w.</param>
        /// <param name="optimizer">Turns gradients into steps; its state belongs to this network from the first step on.</param>
        /// <returns>The weighted mean loss before the step.</returns>
        /// <exception cref="ArgumentException">A length, a label or a weight does not fit.</exception>
        /// <exception cref="InvalidOperationException">The optimizer belongs to another network, or another thread is in a step of this
        /// one.</exception>
        public float Train(ReadOnlySpan<float> inputs, ReadOnlySpan<int> labels, ReadOnlySpan<float> weights, Optimizer optimizer) =>
            engine.WeightedTrain(inputs, labels, weights, optimizer);

        /// <summary>Mean loss on a batch with class labels and its gradient with respect to every parameter. Changes no parameter. One thread
        /// at a time.</summary>
        /// <param name="inputs">n · InputLength floats, n at least 1.</param>
        /// <param name="labels">n labels from 0 to OutputLength - 1.</param>
        /// <param name="gradients">Receives ParameterCount floats in storage order; 0 for what is frozen.</param>
        /// <exception cref="ArgumentException">A length or a label does not fit.</exception>
        /// <exception cref="InvalidOperationException">Another thread is in a step of this network.</exception>
        public float Gradients(ReadOnlySpan<float> inputs, ReadOnlySpan<int> labels, Span<float> gradients) =>
            engine.Gradients(inputs, labels, gradients);

        float ITrainableNetwork.Evaluate(ReadOnlySpan<float> inputs, ReadOnlySpan<int> labels, Span<float> outputs) =>
            engine.Evaluate(inputs, labels, outputs);

        float ITrainableNetwork.Evaluate(
            ReadOnlySpan<float> inputs, ReadOnlySpan<int> labels, ReadOnlySpan<float> weights, Span<float> outputs) =>
            engine.WeightedEvaluate(inputs, labels, weights, outputs);
        """;

    private static readonly Regex Types = new(
        @"\b(ReadOnlySpan|Span|ArgumentException|ArgumentOutOfRangeException|InvalidOperationException|NotSupportedException)\b"
        + @"|\b(InvalidDataException|Stream)\b|\b(MethodImplOptions|MethodImpl)\b"
        + @"|\b(ITrainableNetwork|INetwork|NetworkInfo|Optimizer|ParameterAccess|Safetensors|Trainer|TrainingHistory|TrainingOptions|Dataset|Evaluation)\b");

    private const string NoLabels = """
        float ITrainableNetwork.Train(ReadOnlySpan<float> inputs, ReadOnlySpan<int> labels, Optimizer optimizer) =>
            throw new NotSupportedException({refusal});

        float ITrainableNetwork.Evaluate(ReadOnlySpan<float> inputs, ReadOnlySpan<int> labels, Span<float> outputs) =>
            throw new NotSupportedException({refusal});
        """;

    /// <summary>Spells every type of a template in full. Names of the user's must not pass: one of them may be that of a type.</summary>
    private static string Spell(string template) => Types.Replace(template, match =>
        (match.Groups[1].Success ? "global::System."
            : match.Groups[2].Success ? "global::System.IO."
            : match.Groups[3].Success ? "global::System.Runtime.CompilerServices."
            : "global::NetGen.") + match.Value);

    /// <summary>The table of layers: people read generated files.</summary>
    private static void EmitSummary(SourceWriter w, NetworkPlan plan)
    {
        w.Line($"/// <summary>{plan.InputShape} → {plan.OutputShape}{(plan.Loss is null ? ", predicts only" : $", trained on {InComment(plan.Loss)}")}.</summary>");
        w.Line("/// <remarks>");
        w.Line("/// <list type=\"table\">");
        foreach (LayerSummary layer in plan.Layers)
        {
            w.Line($"/// <item><term>{layer.Name}</term><description>{InComment(layer.Kind)} → {layer.OutputShape}; "
                + $"{Thousands(layer.ParameterCount)} parameters, {Thousands(layer.MultiplyAdds)} multiply-adds</description></item>");
        }

        w.Line("/// </list>");
        w.Line("/// </remarks>");
    }

    /// <summary>A text with names of the user's, as a part of a line in a documentation comment.</summary>
    private static string InComment(string text) =>
        new string([.. text.Select(c => EndsLine(c) ? ' ' : c)]).Replace("&", "&amp;").Replace("<", "&lt;");

    private static bool EndsLine(char c) =>
        char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static string Thousands(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
