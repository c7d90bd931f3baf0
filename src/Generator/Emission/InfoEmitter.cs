using NetGen.Generator.Graph;
using NetGen.Generator.Kernels;
using NetGen.Generator.Planning;

namespace NetGen.Generator.Emission;

/// <summary>Prints what the network says about itself.</summary>
internal static class InfoEmitter
{
    public static string Emit(NetworkPlan plan)
    {
        SourceWriter w = SourceFile.Start(plan.Declaration.Type, "NetGen");
        w.Line("/// <summary>What the network says about itself; apart, so that a program that never asks does not pay for it at start-up.</summary>");
        using (w.Open("internal static class Description"))
        using (OpenInfo(w))
        {
            w.Line($"Name = {Literal.Of(plan.Declaration.Type.Name.TrimStart('@'))},");
            w.Line($"InputShape = {Literal.Of(plan.InputShape.Extents)},");
            if (plan.Layers.Count == 0 || plan.Layers[plan.Layers.Count - 1].OutputShape != plan.OutputShape)
                w.Line($"OutputShape = {Literal.Of(plan.OutputShape.Extents)},");
            EmitPorts(w, "Inputs", plan.Inputs);
            EmitPorts(w, "Outputs", plan.Outputs);
            EmitLayers(w, plan);
            EmitParameters(w, plan);
            if (plan.Loss is not null)
            {
                w.Line($"Loss = {Literal.Of(plan.Loss)},");
                if (plan.ClassWeights.Count > 0)
                    w.Line($"ClassWeights = {Literal.Of(plan.ClassWeights)},");
                w.Line($"Targets = TargetKind.{(plan.TakesLabels ? "LabelsOrValues" : "Values")},");
            }

            if (plan.NeedsPair is not null)
                w.Line("SmallestBatch = 2,");
            w.Line($"BlockSize = {Panel.Lanes},");
            w.Line($"PredictionBytes = {4 * plan.Prediction.Memory.Floats},");
            w.Line($"TrainingBytes = {4 * (plan.Training?.Memory.Floats ?? 0)},");
        }

        return w.ToString();
    }

    private static void EmitPorts(SourceWriter w, string name, IReadOnlyList<Port> ports)
    {
        if (ports.Count > 0)
        {
            IEnumerable<string> values = ports.Select(port => $"new PortInfo({Literal.Of(port.Name)}, {Literal.Of(port.Shape.Extents)})");
            w.Line($"{name} = [{string.Join(", ", values)}],");
        }
    }

    private static void EmitLayers(SourceWriter w, NetworkPlan plan)
    {
        w.Line("Layers =");
        w.Line("[");
        foreach (LayerSummary layer in plan.Layers)
        {
            w.Line($"    new LayerInfo({Literal.Of(layer.Name)}, {Literal.Of(layer.Kind)}, {Literal.Of(layer.OutputShape.Extents)}, "
                + $"{layer.ParameterCount}, {layer.MultiplyAdds}),");
        }

        w.Line("],");
    }

    private static void EmitParameters(SourceWriter w, NetworkPlan plan)
    {
        w.Line("Parameters =");
        w.Line("[");
        foreach (Parameter parameter in plan.Parameters)
        {
            w.Line($"    new ParameterInfo({Literal.Of(parameter.Name)}, {Literal.Of(parameter.Shape.Extents)}, {parameter.Offset}, "
                + $"ParameterLayout.{(parameter.Transposed ? "Transposed" : "RowMajor")}, Trainable: {(parameter.Trainable ? "true" : "false")}){PenaltiesOf(parameter)},");
        }

        w.Line("],");
    }

    private static string PenaltiesOf(Parameter parameter) => parameter.IsPenalized
        ? $" {{ L1 = {Literal.Of(parameter.L1)}, L2 = {Literal.Of(parameter.L2)} }}"
        : "";

    private static SourceWriter.Block OpenInfo(SourceWriter w) => w.OpenStatement("public static readonly NetworkInfo Info = new()");
}
