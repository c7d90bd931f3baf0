namespace NetGen;

/// <summary>Takes the measurements of <see cref="GradientHealth"/> on a fixed set of samples.</summary>
/// <remarks>
/// Generated code does not hand out activations, but the gradient of a single sample holds them: behind a Dense layer with inputs x, whose
/// sums have the gradient δ, lie dW = δ · xᵀ and db = δ, and so xᵢ = dW[o, i] / db[o] for every unit o with δ ≠ 0. The outputs of a layer
/// are the inputs of the next one. This needs trainable weights and biases there, and a vector as its input: over a sequence the products
/// are sums. Behind a batch normalisation samples have no gradient of their own: such a network is measured on all samples together, and
/// only its outputs are known.
/// </remarks>
internal sealed class HealthProbe
{
    private readonly ITrainableNetwork network;
    private readonly NetworkInfo info;
    private readonly SampleSource source;
    private readonly int samples;
    private readonly bool isJoint;
    private readonly float[] gradients;

    public HealthProbe(ITrainableNetwork network, Dataset data)
    {
        this.network = network;
        info = network.Info;
        gradients = new float[network.Parameters.Length];
        samples = data.Count;

        isJoint = info.Layers.Any(layer => layer.Kind.StartsWith("BatchNorm", StringComparison.Ordinal));
        int batch = isJoint ? samples : 1;
        source = SampleSource.Create(info, data, batch, gather: false, nameof(data));
        if (source.Form == TargetForm.Labels)
            source = SampleSource.Create(info, Encode(data, info.OutputLength), batch, gather: false, nameof(data));
    }

    public HealthReport Measure(int epoch)
    {
        double[] mean = new double[gradients.Length];
        double loss = 0;
        InputTrace?[] traces = [.. Enumerable.Range(0, info.Layers.Count).Select(layer => isJoint ? null : TraceInput(layer))];
        OutputTrace last = new(info.OutputLength);
        float[] outputs = new float[info.OutputLength];
        int step = source.BatchSize;
        for (int sample = 0; sample < samples; sample += step)
        {
            loss += step * (double)network.Gradients(source.Inputs(sample, step), source.Targets(sample, step), gradients);
            for (int i = 0; i < mean.Length; i++)
                mean[i] += step * (double)gradients[i];
            foreach (InputTrace? trace in traces)
                trace?.Add(network.Parameters, gradients);
        }

        for (int sample = 0; sample < samples; sample++)
        {
            network.Predict(source.Inputs(sample, 1), outputs);
            last.Add(outputs, 1);
        }

        LayerHealth[] layers = new LayerHealth[info.Layers.Count];
        for (int i = 0; i < layers.Length; i++)
        {
            OutputTrace? outputsOfLayer = i < layers.Length - 1 ? traces[i + 1]?.Found : info.Outputs.Count == 0 ? last : null;
            layers[i] = Describe(info.Layers[i], mean, outputsOfLayer);
        }

        return new HealthReport(epoch, loss / samples, layers);
    }

    /// <summary>A sentence for each layer with NaN or an infinity among its parameters.</summary>
    public IEnumerable<string> BadParameters() =>
        new HealthReport(0, 0, [.. info.Layers.Select(layer => Describe(layer, new double[gradients.Length], null))]).Warnings;

    /// <summary>Labels as a 1 among zeros: gradients are computed from values.</summary>
    private static Dataset Encode(Dataset data, int classes)
    {
        float[] targets = new float[checked(data.Count * classes)];
        for (int sample = 0; sample < data.Count; sample++)
            targets[(sample * classes) + data.Labels[sample]] = 1;
        return Dataset.FromTargets(data.Inputs.ToArray(), targets, data.Count);
    }

    private LayerHealth Describe(LayerInfo layer, double[] gradientSums, OutputTrace? outputs)
    {
        double squares = 0, gradientSquares = 0;
        int bad = 0, badGradients = 0;
        bool any = false, trainable = false;
        foreach (ParameterInfo parameter in ParametersOf(layer))
        {
            any = true;
            trainable |= parameter.Trainable;
            foreach (float value in network.Parameters.Slice(parameter.Offset, parameter.Length))
            {
                squares += (double)value * value;
                bad += float.IsFinite(value) ? 0 : 1;
            }

            foreach (double sum in gradientSums.AsSpan(parameter.Offset, parameter.Length))
            {
                gradientSquares += sum / samples * (sum / samples);
                badGradients += double.IsFinite(sum) ? 0 : 1;
            }
        }

        return new LayerHealth(
            layer.Name, layer.Kind, any ? Math.Sqrt(squares) : null, trainable ? Math.Sqrt(gradientSquares) : null, bad, badGradients,
            outputs?.Norm, outputs?.Dead);
    }

    private IEnumerable<ParameterInfo> ParametersOf(LayerInfo layer) =>
        info.Parameters.Where(parameter => parameter.Name.LastIndexOf('.') == layer.Name.Length
            && parameter.Name.StartsWith(layer.Name, StringComparison.Ordinal));

    /// <summary>What finds a layer's inputs in gradients, or null where they cannot be found.</summary>
    private InputTrace? TraceInput(int layer)
    {
        LayerInfo found = info.Layers[layer];
        ParameterInfo[] own = [.. ParametersOf(found)];
        ParameterInfo? weight = Array.Find(own, parameter => parameter.Name == found.Name + ".weight");
        ParameterInfo? bias = Array.Find(own, parameter => parameter.Name == found.Name + ".bias");
        bool vector = layer > 0 && info.Layers[layer - 1].OutputShape.Length == 1;
        bool dense = found.Kind.StartsWith("Dense(", StringComparison.Ordinal);
        bool shared = info.Layers.Count(layer => layer.Name == found.Name) > 1; // its gradients are sums over its uses
        return vector && dense && !shared && weight is { Trainable: true } && bias is { Trainable: true }
            ? new InputTrace(weight, bias)
            : null;
    }

    /// <summary>Reads a Dense layer's inputs out of the gradients of single samples.</summary>
    private sealed class InputTrace(ParameterInfo weight, ParameterInfo bias)
    {
        private readonly int units = weight.Shape[0], inputs = weight.Shape[1];
        private readonly float[] row = new float[weight.Shape[1]];

        /// <summary>What was found.</summary>
        public OutputTrace Found { get; } = new(weight.Shape[1]);

        public void Add(ReadOnlySpan<float> parameters, ReadOnlySpan<float> gradients)
        {
            // The unit with the largest gradient loses the fewest digits.
            ReadOnlySpan<float> delta = gradients.Slice(bias.Offset, units);
            int unit = 0;
            for (int o = 1; o < units; o++)
                unit = Math.Abs(delta[o]) > Math.Abs(delta[unit]) ? o : unit;
            if (!float.IsNormal(delta[unit]))
                return;
            ReadOnlySpan<float> products = gradients.Slice(weight.Offset, weight.Length);
            ReadOnlySpan<float> weights = parameters.Slice(weight.Offset, weight.Length);
            bool transposed = weight.Layout == ParameterLayout.Transposed;
            for (int i = 0; i < inputs; i++)
            {
                int place = transposed ? (i * units) + unit : (unit * inputs) + i;
                row[i] = products[place] - PenaltyGradient(weights[place]);
            }

            Found.Add(row, delta[unit]);
        }

        /// <summary>What penalties have added to a weight's gradient.</summary>
        private float PenaltyGradient(float w) => (weight.L2 * w) + (w == 0 ? 0 : float.CopySign(weight.L1, w));
    }

    /// <summary>Collects the outputs of a layer over the samples.</summary>
    private sealed class OutputTrace(int length)
    {
        private readonly bool[] alive = new bool[length];
        private double squares;
        private int count;

        /// <summary>Root of the mean over the samples of Σx²; null when no sample said anything.</summary>
        public double? Norm => count == 0 ? null : Math.Sqrt(squares / count);

        /// <summary>Share that was 0 throughout; null when no sample said anything.</summary>
        public double? Dead => count == 0 ? null : (double)alive.Count(unit => !unit) / length;

        public void Add(ReadOnlySpan<float> values, double divisor)
        {
            count++;
            for (int i = 0; i < values.Length; i++)
            {
                double value = values[i] / divisor;
                squares += value * value;
                alive[i] |= value != 0;
            }
        }
    }
}
