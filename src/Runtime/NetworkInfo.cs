using System.Globalization;
using System.Text;

namespace NetGen;

/// <summary>What a loss is compared with.</summary>
public enum TargetKind
{
    /// <summary>The network has no loss: it predicts only.</summary>
    None,

    /// <summary>Floats: <see cref="NetworkInfo.OutputLength"/> per sample.</summary>
    Values,

    /// <summary>A class label per sample, or one probability per class.</summary>
    LabelsOrValues,
}

/// <summary>How a parameter lies in the flat parameter vector.</summary>
public enum ParameterLayout
{
    /// <summary>Row-major in the documented shape.</summary>
    RowMajor,

    /// <summary>A matrix whose documented shape is [rows, columns], stored as [columns, rows].</summary>
    Transposed,
}

/// <summary>One parameter of a network.</summary>
/// <param name="Name">For example <c>dense1.weight</c>.</param>
/// <param name="Shape">Documented shape, PyTorch's: <c>[out, in]</c> for a dense weight.</param>
/// <param name="Offset">Position of its first float in the flat parameter vector.</param>
/// <param name="Layout">How it lies there.</param>
/// <param name="Trainable">False where the declaration froze it.</param>
public sealed record ParameterInfo(string Name, int[] Shape, int Offset, ParameterLayout Layout, bool Trainable)
{
    /// <summary>Number of floats.</summary>
    public int Length => NetworkInfo.Product(Shape);

    /// <summary>λ of the penalty λ · Σ|w| in the training loss.</summary>
    public float L1 { get; init; }

    /// <summary>λ of the penalty ½ λ · Σw² in the training loss.</summary>
    public float L2 { get; init; }
}

/// <summary>An input or an output of a network that has several.</summary>
/// <param name="Name">As declared.</param>
/// <param name="Shape">Without the batch.</param>
public sealed record PortInfo(string Name, int[] Shape);

/// <summary>One layer of a network.</summary>
/// <param name="Name">For example <c>dense1</c> or <c>relu1</c>.</param>
/// <param name="Kind">The attribute's name, with what was given to it: <c>Dense(128)</c>.</param>
/// <param name="OutputShape">Shape of its output, batch excluded.</param>
/// <param name="ParameterCount">Floats it holds.</param>
/// <param name="MultiplyAdds">Multiply-adds of one sample's forward pass.</param>
public sealed record LayerInfo(string Name, string Kind, int[] OutputShape, int ParameterCount, long MultiplyAdds);

/// <summary>What a generated network is made of. <see cref="ToString"/> is the summary table.</summary>
public sealed class NetworkInfo
{
    /// <summary>The class's name.</summary>
    public required string Name { get; init; }

    /// <summary>Shape of one input sample.</summary>
    public required int[] InputShape { get; init; }

    /// <summary>The inputs, where there are several: a sample is all of them back to back.</summary>
    public IReadOnlyList<PortInfo> Inputs { get; init; } = [];

    /// <summary>The outputs, where there are several: a prediction is all of them back to back.</summary>
    public IReadOnlyList<PortInfo> Outputs { get; init; } = [];

    /// <summary>Layers in the order in which data flows.</summary>
    public required IReadOnlyList<LayerInfo> Layers { get; init; }

    /// <summary>Parameters in storage order.</summary>
    public required IReadOnlyList<ParameterInfo> Parameters { get; init; }

    /// <summary>The loss's name, or null for a network that predicts only.</summary>
    public string? Loss { get; init; }

    /// <summary>A weight per class in the loss; null where all count alike.</summary>
    public float[]? ClassWeights { get; init; }

    /// <summary>What the loss takes.</summary>
    public TargetKind Targets { get; init; }

    /// <summary>Whether a loss of signs tells two sides apart: targets are -1 and 1 then, not 0 and 1.</summary>
    internal bool TakesSigns => Loss is "Hinge" or "SquaredHinge";

    /// <summary>Samples that a training batch must have: 2 where <c>BatchNorm</c> takes the variance of one value a sample, otherwise
    /// 1.</summary>
    public int SmallestBatch { get; init; } = 1;

    /// <summary>Bytes of working memory for one block of <see cref="BlockSize"/> samples when predicting.</summary>
    public required long PredictionBytes { get; init; }

    /// <summary>Bytes of working memory for one block of <see cref="BlockSize"/> samples when training; 0 without a loss.</summary>
    public required long TrainingBytes { get; init; }

    /// <summary>Bytes of working memory for each sample of a block when predicting.</summary>
    public long PredictionBytesPerSample => PredictionBytes / BlockSize;

    /// <summary>Bytes of working memory for each sample of a batch when training; 0 without a loss.</summary>
    public long TrainingBytesPerSample => TrainingBytes / BlockSize;

    /// <summary>Samples that the kernels work on together.</summary>
    public required int BlockSize { get; init; }

    /// <summary>Shape of one output sample.</summary>
    public int[] OutputShape
    {
        get => field ?? (Layers.Count == 0 ? InputShape : Layers[^1].OutputShape);
        init;
    }

    /// <summary>Floats per input sample.</summary>
    public int InputLength => Product(InputShape);

    /// <summary>Floats per output sample.</summary>
    public int OutputLength => Product(OutputShape);

    /// <summary>Number of parameters.</summary>
    public int ParameterCount => Layers.Sum(layer => layer.ParameterCount);

    /// <summary>Multiply-adds of one sample's forward pass.</summary>
    public long MultiplyAdds => Layers.Sum(layer => layer.MultiplyAdds);

    /// <summary>The summary table: a line per layer, then the totals.</summary>
    public override string ToString()
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        List<(string Layer, string Kind, string Shape, string Parameters, string MultiplyAdds)> rows =
            [("layer", "kind", "output", "parameters", "multiply-adds")];
        rows.AddRange((Inputs.Count == 0 ? [new PortInfo("input", InputShape)] : Inputs).Select(input => (input.Name, "", Format(input.Shape), "", "")));
        foreach (LayerInfo layer in Layers)
        {
            rows.Add((layer.Name, layer.Kind, Format(layer.OutputShape),
                layer.ParameterCount.ToString("N0", culture), layer.MultiplyAdds.ToString("N0", culture)));
        }

        int name = rows.Max(row => row.Layer.Length), kind = rows.Max(row => row.Kind.Length), shape = rows.Max(row => row.Shape.Length);
        int parameters = rows.Max(row => row.Parameters.Length), multiplyAdds = rows.Max(row => row.MultiplyAdds.Length);
        StringBuilder text = new();
        text.Append(culture, $"{Name}{(Loss is null ? " (predicts only)" : $", trained on {Loss}")}\n");
        foreach (var row in rows)
        {
            string line = $"  {row.Layer.PadRight(name)}  {row.Kind.PadRight(kind)}  {row.Shape.PadRight(shape)}  "
                + $"{row.Parameters.PadLeft(parameters)}  {row.MultiplyAdds.PadLeft(multiplyAdds)}";
            text.Append(line.TrimEnd()).Append('\n');
        }

        text.Append(culture,
            $"  {ParameterCount:N0} parameters, {4L * ParameterCount:N0} bytes; {MultiplyAdds:N0} multiply-adds a sample\n");
        text.Append(culture, $"  working memory for {BlockSize} samples: {PredictionBytes:N0} bytes to predict");
        if (TrainingBytes > 0)
            text.Append(culture, $", {TrainingBytes:N0} to train");
        text.Append(culture, $"; for one: {PredictionBytesPerSample:N0}");
        return TrainingBytes == 0 ? text.ToString() : text.Append(culture, $" and {TrainingBytesPerSample:N0}").ToString();
    }

    /// <summary>Floats of a tensor of this shape.</summary>
    internal static int Product(int[] shape)
    {
        int length = 1;
        foreach (int extent in shape)
            length = checked(length * extent);
        return length;
    }

    private static string Format(int[] shape) => $"[{string.Join(", ", shape)}]";
}
