namespace NetGen;

/// <summary>Mean loss of a network over a whole dataset, and its gradient, as functions of the parameters.</summary>
internal sealed class FullBatch
{
    private readonly ITrainableNetwork network;
    private readonly Dataset data;
    private readonly SampleSource source;
    private readonly float[] oneHot, part;
    private readonly int outputLength;
    private readonly double totalWeight;

    /// <summary>Checks that the dataset fits the network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="data">The dataset.</param>
    /// <param name="batchSize">Samples that are evaluated together.</param>
    /// <exception cref="ArgumentException">It does not fit.</exception>
    public FullBatch(ITrainableNetwork network, Dataset data, int batchSize)
    {
        this.network = network;
        this.data = data;
        source = SampleSource.Create(network.Info, data, batchSize, gather: false, nameof(data));
        outputLength = network.Info.OutputLength;
        part = new float[network.Parameters.Length];
        oneHot = new float[source.Form == TargetForm.Labels ? checked(source.BatchSize * outputLength) : 0];
        for (int first = 0; first < data.Count; first += source.BatchSize)
        {
            int count = Math.Min(source.BatchSize, data.Count - first);
            totalWeight += source.Weight(default, Targets(first, count), source.Weights(first, count), count);
        }
    }

    /// <summary>Times that the loss was computed.</summary>
    public int Evaluations { get; private set; }

    /// <summary>Mean loss at the network's parameters; sums over the batches are in double precision.</summary>
    /// <param name="gradient">Receives its gradient; 0 for frozen parameters.</param>
    public double Evaluate(Span<double> gradient)
    {
        Evaluations++;
        gradient.Clear();
        double loss = 0;
        for (int first = 0; first < data.Count; first += source.BatchSize)
        {
            int count = Math.Min(source.BatchSize, data.Count - first);
            ReadOnlySpan<float> inputs = source.Inputs(first, count);
            ReadOnlySpan<float> targets = Targets(first, count);
            ReadOnlySpan<float> weights = source.Weights(first, count);
            double share = source.Weight(default, targets, weights, count) / totalWeight;
            if (share == 0)
                continue;
            float mean = weights.IsEmpty
                ? network.Gradients(inputs, targets, part)
                : network.Gradients(inputs, targets, weights, part);
            loss += share * mean;
            for (int i = 0; i < part.Length; i++)
                gradient[i] += share * part[i];
        }

        return loss;
    }

    private ReadOnlySpan<float> Targets(int first, int count)
    {
        if (source.Form != TargetForm.Labels)
            return source.Targets(first, count);
        Span<float> targets = oneHot.AsSpan(0, count * outputLength);
        targets.Clear();
        ReadOnlySpan<int> labels = source.Labels(first, count);
        for (int i = 0; i < count; i++)
            targets[(i * outputLength) + labels[i]] = 1;
        return targets;
    }
}
