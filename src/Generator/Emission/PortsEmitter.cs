using System.Globalization;
using NetGen.Generator.Graph;
using NetGen.Generator.Planning;

namespace NetGen.Generator.Emission;

/// <summary>Prints the members of a network with several inputs or outputs that take a span for each of them.</summary>
internal sealed class PortsEmitter
{
    /// <summary>Names that the members' own code uses, as types, fields, constants, methods and locals: no port may hide them.</summary>
    private static readonly string[] Used =
    [
        "Arguments", "ArgumentException", "InputLength", "Math", "MemoryMarshal", "Optimizer", "OutputLength", "Ports", "PredictRange",
        "ReadOnlySpan", "Span", "Train", "block", "done", "engine", "joined", "labels", "memory", "optimizer", "predictions", "rows",
        "samples",
        "wanted",
    ];

    private readonly NetworkPlan plan;
    private readonly List<(string Name, Port Port, int Offset)> inputs, outputs;

    public PortsEmitter(NetworkPlan plan)
    {
        this.plan = plan;
        HashSet<string> taken = [.. Used];
        inputs = Name(plan.Inputs.Count > 0 ? plan.Inputs : [new Port("inputs", plan.InputShape)], taken);
        outputs = Name(plan.Outputs.Count > 0 ? plan.Outputs : [new Port("outputs", plan.OutputShape)], taken);
    }

    /// <summary>Whether there is anything to print.</summary>
    public bool IsNeeded => plan.Inputs.Count > 0 || plan.Outputs.Count > 0;

    private string Inputs => string.Join(", ", inputs.Select(input => $"ReadOnlySpan<float> {input.Name}"));

    private string InputNames => string.Join(", ", inputs.Select(input => input.Name));

    private string OutputNames => string.Join(", ", outputs.Select(output => output.Name));

    private string Targets => string.Join(", ", outputs.Select(output => $"ReadOnlySpan<float> {output.Name}"));

    /// <summary>The public members, types not yet spelled in full.</summary>
    public IEnumerable<string> Members()
    {
        yield return $$"""

            /// <summary>Predicts any number of samples; after a thread's first call without allocating. Safe from many threads at once;
            /// during a training step some parameters are old and some new.</summary>
            {{Describe(inputs, "n · {0} floats: the input of shape {1}, sample after sample.")}}
            {{Describe(outputs, "Receives n · {0} floats: the output of shape {1}.")}}
            /// <exception cref="ArgumentException">A length does not fit, or an output overlaps an input.</exception>
            public void Predict({{Inputs}}, {{string.Join(", ", outputs.Select(output => $"Span<float> {output.Name}"))}}) =>
                engine.Predict({{InputNames}}, {{OutputNames}});
            """;
        if (plan.Loss is null)
            yield break;
        yield return $$"""

            /// <summary>One step on one mini-batch. One thread at a time.</summary>
            {{Describe(inputs, "n · {0} floats, n at least 1: the input of shape {1}, sample after sample.")}}
            {{Describe(outputs, "n · {0} floats: what the output of shape {1} should be.")}}
            /// <param name="optimizer">Turns gradients into steps; its state belongs to this network from the first step on.</param>
            /// <returns>The mean loss before the step.</returns>
            /// <exception cref="ArgumentException">A length does not fit.</exception>
            /// <exception cref="InvalidOperationException">The optimizer belongs to another network, or another thread is in a step of this
            /// one.</exception>
            public float Train({{Inputs}}, {{Targets}}, Optimizer optimizer) => engine.Train({{InputNames}}, {{OutputNames}}, optimizer);
            """;
        if (!plan.TakesLabels)
            yield break;
        yield return $$"""

            /// <summary>One step on one mini-batch with class labels. One thread at a time.</summary>
            {{Describe(inputs, "n · {0} floats, n at least 1: the input of shape {1}, sample after sample.")}}
            /// <param name="labels">n labels from 0 to OutputLength - 1.</param>
            /// <param name="optimizer">Turns gradients into steps; its state belongs to this network from the first step on.</param>
            /// <returns>The mean loss before the step.</returns>
            /// <exception cref="ArgumentException">A length or a label does not fit.</exception>
            /// <exception cref="InvalidOperationException">The optimizer belongs to another network, or another thread is in a step of this
            /// one.</exception>
            public float Train({{Inputs}}, ReadOnlySpan<int> labels, Optimizer optimizer) => engine.Train({{InputNames}}, labels, optimizer);
            """;
    }

    /// <summary>What the members call.</summary>
    public void EmitEngine(SourceWriter w, int chunk)
    {
        w.Line();
        using (w.Open($"public void Predict({Inputs}, {string.Join(", ", outputs.Select(output => $"Span<float> {output.Name}"))})"))
        {
            EmitChecks(w, "CountSamples");
            foreach ((string name, _, _) in outputs)
            {
                foreach ((string input, _, _) in inputs)
                    w.Line($"Arguments.CheckApart({input}, {name}, nameof({name}));");
            }

            w.Line($"Span<float> rows = Ports.RowsOfThread({chunk} * (InputLength + OutputLength));");
            using (w.Open($"for (int done = 0; done < samples; done += {chunk})"))
            {
                w.Line($"int block = Math.Min({chunk}, samples - done);");
                w.Line($"Span<float> joined = rows.Slice(0, block * InputLength), predictions = rows.Slice({chunk} * InputLength, block * OutputLength);");
                foreach ((string name, Port port, int offset) in inputs)
                    w.Line($"Ports.Join({name}.Slice(done * {port.Shape.Length}), joined, {offset}, {port.Shape.Length}, InputLength);");
                w.Line("PredictRange(ref MemoryMarshal.GetReference(joined), ref MemoryMarshal.GetReference(predictions), block);");
                foreach ((string name, Port port, int offset) in outputs)
                    w.Line($"Ports.Split(predictions, {name}.Slice(done * {port.Shape.Length}), {offset}, {port.Shape.Length}, OutputLength);");
            }
        }

        if (plan.Loss is null)
            return;
        w.Line();
        using (w.Open($"public float Train({Inputs}, {Targets}, Optimizer optimizer)"))
        {
            EmitChecks(w, "CountBatch");
            w.Line("Span<float> rows = memory.Rows(samples, InputLength + OutputLength);");
            w.Line("Span<float> joined = rows.Slice(0, samples * InputLength), wanted = rows.Slice(samples * InputLength);");
            EmitJoins(w, inputs, "joined", "InputLength");
            EmitJoins(w, outputs, "wanted", "OutputLength");
            w.Line("return Train(joined, wanted, optimizer);");
        }

        if (!plan.TakesLabels)
            return;
        w.Line();
        using (w.Open($"public float Train({Inputs}, ReadOnlySpan<int> labels, Optimizer optimizer)"))
        {
            EmitInputChecks(w, "CountBatch");
            w.Line("Span<float> joined = memory.Rows(samples, InputLength);");
            EmitJoins(w, inputs, "joined", "InputLength");
            w.Line("return Train(joined, labels, optimizer);");
        }
    }

    private static void EmitJoins(SourceWriter w, IEnumerable<(string Name, Port Port, int Offset)> ports, string rows, string rowLength)
    {
        foreach ((string name, Port port, int offset) in ports)
            w.Line($"Ports.Join({name}, {rows}, {offset}, {port.Shape.Length}, {rowLength});");
    }

    private void EmitChecks(SourceWriter w, string count)
    {
        EmitInputChecks(w, count);
        foreach ((string name, Port port, _) in outputs)
            w.Line($"Arguments.CheckLength({name}.Length, samples, {port.Shape.Length}, nameof({name}));");
    }

    private void EmitInputChecks(SourceWriter w, string count)
    {
        (string first, Port firstPort, _) = inputs[0];
        w.Line($"int samples = Arguments.{count}({first}.Length, {firstPort.Shape.Length}, nameof({first}));");
        foreach ((string name, Port port, _) in inputs.Skip(1))
            w.Line($"Arguments.CheckLength({name}.Length, samples, {port.Shape.Length}, nameof({name}));");
    }

    /// <summary>A doc comment's line for every port.</summary>
    /// <param name="ports">The ports.</param>
    /// <param name="text">What it says, with holes for the number of floats and the shape.</param>
    private static string Describe(IEnumerable<(string Name, Port Port, int Offset)> ports, string text)
    {
        return string.Join("\n", ports.Select(port => $"/// <param name=\"{port.Name}\">{Fill(port.Port.Shape)}</param>"));

        string Fill(Shape shape) => string.Format(CultureInfo.InvariantCulture, text, shape.Length, shape);
    }

    private static List<(string Name, Port Port, int Offset)> Name(IReadOnlyList<Port> ports, HashSet<string> taken)
    {
        List<(string Name, Port Port, int Offset)> named = [];
        int offset = 0;
        foreach (Port port in ports)
        {
            string name = port.Name.Length == 0 ? "_" : Identifier.Of(port.Name);
            while (!taken.Add(name))
                name += "_";
            named.Add((name, port, offset));
            offset += (int)port.Shape.Length;
        }

        return named;
    }
}
