namespace NetGen;

/// <summary>Evaluates one network on one dataset, as often as asked, in chunks of bounded memory.</summary>
internal sealed class Evaluator
{
    private const int ChunkSamples = 1024;
    private readonly ITrainableNetwork network;
    private readonly Dataset data;
    private readonly SampleSource source;
    private readonly float[] outputs;
    private readonly int outputLength;
    private readonly Metric metric;
    private readonly float threshold;

    public Evaluator(ITrainableNetwork network, Dataset data, string name)
    {
        NetworkInfo info = network.Info;
        this.network = network;
        this.data = data;
        source = SampleSource.Create(info, data, ChunkSamples, gather: false, name);
        outputLength = info.OutputLength;
        outputs = new float[checked(source.BatchSize * outputLength)];
        metric = ChooseMetric(info);
        threshold = info.TakesSigns ? 0 : 0.5f;
    }

    private enum Metric
    {
        /// <summary>One class per sample, from labels.</summary>
        Labels,

        /// <summary>One class per sample, from one target float per class.</summary>
        Probabilities,

        /// <summary>One output, on one side of the threshold.</summary>
        Binary,

        /// <summary>Several outputs, each on one side of the threshold.</summary>
        MultiLabel,

        Regression,
    }

    public Evaluation Evaluate()
    {
        double loss = 0, weightSum = 0;
        long right = 0;
        bool single = metric is Metric.Labels or Metric.Probabilities or Metric.Binary;
        ConfusionMatrix? confusion = single ? new ConfusionMatrix(Math.Max(2, outputLength), data.ClassNames) : null;
        RegressionSums? errors = metric == Metric.Regression ? new RegressionSums(outputLength) : null;
        for (int first = 0; first < data.Count; first += source.BatchSize)
        {
            int count = Math.Min(source.BatchSize, data.Count - first);
            Span<float> predictions = outputs.AsSpan(0, count * outputLength);
            ReadOnlySpan<float> targets = source.Form == TargetForm.Labels ? default : source.Targets(first, count);
            double weight = EvaluateChunk(first, count, targets, predictions, out float mean);
            loss += mean * weight;
            weightSum += weight;
            errors?.Add(predictions, targets);
            if (metric == Metric.MultiLabel)
            {
                for (int i = 0; i < predictions.Length; i++)
                    right += IsYes(predictions[i]) == IsYes(targets[i]) ? 1 : 0;
            }

            for (int i = 0; confusion is not null && i < count; i++)
                confusion.Add(Actual(first + i, targets, i), Class(predictions.Slice(i * outputLength, outputLength)));
        }

        return new Evaluation
        {
            Loss = weightSum > 0 ? loss / weightSum : 0,
            Count = data.Count,
            Accuracy = metric == Metric.MultiLabel ? (double)right / ((long)data.Count * outputLength) : confusion?.Accuracy,
            ConfusionMatrix = confusion,
            RootMeanSquaredError = errors?.RootMeanSquaredError,
            MeanAbsoluteError = errors?.MeanAbsoluteError,
            R2 = errors?.R2,
        };
    }

    /// <summary>Predicts consecutive samples and computes their mean loss; returns what it counts beside other chunks.</summary>
    private double EvaluateChunk(int first, int count, ReadOnlySpan<float> targets, Span<float> predictions, out float mean)
    {
        ReadOnlySpan<float> inputs = source.Inputs(first, count), weights = source.Weights(first, count);
        ReadOnlySpan<int> labels = source.Form == TargetForm.Labels ? source.Labels(first, count) : default;
        bool weighted = weights.ContainsAnyExcept(0f);
        mean = (labels.IsEmpty, weighted) switch
        {
            (true, true) => network.Evaluate(inputs, targets, weights, predictions),
            (true, false) => network.Evaluate(inputs, targets, predictions),
            (false, true) => network.Evaluate(inputs, labels, weights, predictions),
            (false, false) => network.Evaluate(inputs, labels, predictions),
        };
        return source.Weight(labels, targets, weights, count);
    }

    private bool IsYes(float value) => value >= threshold;

    /// <summary>The highest value's position, the first of equal ones; of a single value, whether it is at least the threshold.</summary>
    private int Class(ReadOnlySpan<float> values)
    {
        if (values.Length == 1)
            return IsYes(values[0]) ? 1 : 0;
        int best = 0;
        for (int i = 1; i < values.Length; i++)
        {
            if (values[i] > values[best])
                best = i;
        }

        return best;
    }

    private int Actual(int sample, ReadOnlySpan<float> targets, int indexInChunk) => metric == Metric.Labels
        ? data.Labels[sample]
        : Class(targets.Slice(indexInChunk * outputLength, outputLength));

    private Metric ChooseMetric(NetworkInfo info)
    {
        // Labels beyond the outputs can only stand beside values of their own, which then decide.
        int classes = Math.Max(2, outputLength);
        bool labelsFit = data.HasLabels;
        for (int i = 0; i < data.Labels.Length && labelsFit; i++)
            labelsFit = data.Labels[i] < classes;
        if (labelsFit)
            return Metric.Labels;
        if (info.Targets == TargetKind.LabelsOrValues)
            return outputLength == 1 ? Metric.Binary : Metric.Probabilities;
        if (info.Loss == "BinaryCrossEntropy" || info.TakesSigns)
            return outputLength == 1 ? Metric.Binary : Metric.MultiLabel;
        return Metric.Regression;
    }
}
