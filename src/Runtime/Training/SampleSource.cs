using System.Globalization;
using NetGen.CompilerServices;

namespace NetGen;

/// <summary>Feeds a dataset to a network in batches, in the form of targets that its loss takes. Allocates only when made.</summary>
internal sealed class SampleSource
{
    private readonly Dataset data;
    private readonly int inputLength, outputLength;

    /// <summary>The target of an output whose class a sample is not of.</summary>
    private readonly float other;
    private readonly float[] inputBuffer, targetBuffer;
    private readonly int[] labelBuffer;
    private readonly float[] weightBuffer;
    private readonly float[]? classWeights;

    private SampleSource(Dataset data, NetworkInfo info, TargetForm form, int batchSize, bool gather)
    {
        this.data = data;
        inputLength = info.InputLength;
        outputLength = info.OutputLength;
        other = info.TakesSigns ? -1 : 0;
        Form = form;
        BatchSize = Math.Min(batchSize, data.Count);

        // Without gathering, batches are slices of the dataset; only encoded labels need room.
        inputBuffer = new float[gather ? checked(BatchSize * inputLength) : 0];
        labelBuffer = new int[gather && form == TargetForm.Labels ? BatchSize : 0];
        weightBuffer = new float[gather && data.HasWeights ? BatchSize : 0];
        classWeights = info.ClassWeights;
        bool encoded = form is TargetForm.OneHot or TargetForm.Binary;
        targetBuffer = new float[encoded || (gather && form == TargetForm.Values) ? checked(BatchSize * outputLength) : 0];
    }

    public TargetForm Form { get; }

    /// <summary>Samples in a full batch.</summary>
    public int BatchSize { get; }

    /// <summary>Floats of a sample.</summary>
    public int InputLength => inputLength;

    /// <summary>Checks that the dataset fits the network, and prepares the buffers.</summary>
    /// <param name="info">The network.</param>
    /// <param name="data">The dataset.</param>
    /// <param name="batchSize">Samples in a full batch.</param>
    /// <param name="gather">Whether batches take samples in any order.</param>
    /// <param name="name">What the caller's parameter is called, for errors.</param>
    public static SampleSource Create(NetworkInfo info, Dataset data, int batchSize, bool gather, string name)
    {
        TargetForm form = Resolve(info, data, name);
        CheckFinite(data.Inputs, data.InputLength, "Input", name);
        if (form == TargetForm.Values)
        {
            CheckFinite(data.Targets, data.TargetLength, "Target", name);
            CheckMeaning(info, data, name);
        }

        if (data.HasWeights && !data.Weights.ContainsAnyExcept(0f))
            throw new ArgumentException($"The weights of all {data.Count} samples are 0; at least one must be above 0.", name);
        return new SampleSource(data, info, form, batchSize, gather);
    }

    /// <summary>The batch's inputs, consecutive samples.</summary>
    public ReadOnlySpan<float> Inputs(int first, int count) => data.Inputs.Slice(first * inputLength, count * inputLength);

    /// <summary>The batch's inputs, chosen samples.</summary>
    public ReadOnlySpan<float> Inputs(ReadOnlySpan<int> samples)
    {
        CopyInputs(samples, inputBuffer);
        return inputBuffer.AsSpan(0, samples.Length * inputLength);
    }

    /// <summary>Copies the inputs of chosen samples. Safe beside everything else here.</summary>
    public void CopyInputs(ReadOnlySpan<int> samples, Span<float> target)
    {
        ReadOnlySpan<float> source = data.Inputs;
        for (int i = 0; i < samples.Length; i++)
            source.Slice(samples[i] * inputLength, inputLength).CopyTo(target.Slice(i * inputLength, inputLength));
    }

    /// <summary>The batch's labels, consecutive samples.</summary>
    public ReadOnlySpan<int> Labels(int first, int count) => data.Labels.Slice(first, count);

    /// <summary>The batch's labels, chosen samples.</summary>
    public ReadOnlySpan<int> Labels(ReadOnlySpan<int> samples)
    {
        ReadOnlySpan<int> source = data.Labels;
        for (int i = 0; i < samples.Length; i++)
            labelBuffer[i] = source[samples[i]];
        return labelBuffer.AsSpan(0, samples.Length);
    }

    /// <summary>The batch's weights, consecutive samples; empty without weights.</summary>
    public ReadOnlySpan<float> Weights(int first, int count) => data.HasWeights ? data.Weights.Slice(first, count) : default;

    /// <summary>The batch's weights, chosen samples; empty without weights.</summary>
    public ReadOnlySpan<float> Weights(ReadOnlySpan<int> samples)
    {
        if (!data.HasWeights)
            return default;
        ReadOnlySpan<float> source = data.Weights;
        for (int i = 0; i < samples.Length; i++)
            weightBuffer[i] = source[samples[i]];
        return weightBuffer.AsSpan(0, samples.Length);
    }

    /// <summary>What a batch counts beside others: what its mean loss was divided by.</summary>
    /// <param name="labels">As they were given to the network; empty where there are targets.</param>
    /// <param name="targets">Likewise; empty where there are labels.</param>
    /// <param name="weights">Likewise; empty where there are none.</param>
    /// <param name="count">Number of samples.</param>
    public double Weight(ReadOnlySpan<int> labels, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights, int count) =>
        LossWeights.Total(classWeights, labels, targets, weights, count);

    /// <summary>The batch's target values, consecutive samples.</summary>
    public ReadOnlySpan<float> Targets(int first, int count)
    {
        if (Form == TargetForm.Values)
            return data.Targets.Slice(first * outputLength, count * outputLength);
        Span<float> buffer = targetBuffer.AsSpan(0, count * outputLength);
        buffer.Fill(other);
        ReadOnlySpan<int> source = data.Labels.Slice(first, count);
        for (int i = 0; i < count; i++)
            Encode(buffer, i, source[i]);
        return buffer;
    }

    /// <summary>The batch's target values, chosen samples.</summary>
    public ReadOnlySpan<float> Targets(ReadOnlySpan<int> samples)
    {
        Span<float> buffer = targetBuffer.AsSpan(0, samples.Length * outputLength);
        if (Form == TargetForm.Values)
        {
            ReadOnlySpan<float> values = data.Targets;
            for (int i = 0; i < samples.Length; i++)
                values.Slice(samples[i] * outputLength, outputLength).CopyTo(buffer.Slice(i * outputLength, outputLength));
            return buffer;
        }

        buffer.Fill(other);
        ReadOnlySpan<int> source = data.Labels;
        for (int i = 0; i < samples.Length; i++)
            Encode(buffer, i, source[samples[i]]);
        return buffer;
    }

    private void Encode(Span<float> buffer, int sample, int label)
    {
        if (Form == TargetForm.Binary)
            buffer[sample] = label == 0 ? other : 1;
        else
            buffer[(sample * outputLength) + label] = 1;
    }

    private static TargetForm Resolve(NetworkInfo info, Dataset data, string name)
    {
        int outputs = info.OutputLength;
        if (data.InputLength != info.InputLength)
        {
            string shape = info.InputShape.Length > 1 ? $", of shape ({string.Join(", ", info.InputShape)})" : "";
            throw new ArgumentException(
                $"The dataset has {data.InputLength} inputs per sample; {info.Name} needs {info.InputLength}{shape}.", name);
        }

        if (info.Targets == TargetKind.None)
            throw new ArgumentException($"{info.Name} has no loss: it predicts only.", name);

        // Labels come first where the loss takes both; a loss of values takes the dataset's own values, if they fit.
        if (info.Targets == TargetKind.LabelsOrValues && data.HasLabels)
            return CheckLabels(info, data, outputs, TargetForm.Labels, name);
        if (data.HasTargets && data.TargetLength == outputs)
            return TargetForm.Values;
        if (!data.HasLabels)
        {
            throw new ArgumentException(
                $"The dataset has {data.TargetLength} target values per sample; {info.Name} needs {outputs}.", name);
        }

        if (outputs == 1)
            return CheckLabels(info, data, 2, TargetForm.Binary, name);
        if (data.ClassCount != outputs)
        {
            throw new ArgumentException(
                $"The dataset has {data.ClassCount} classes; {info.Name} with its {outputs} outputs and the loss "
                + $"{info.Loss} needs {outputs} "
                + $"classes; {nameof(Dataset)}.{nameof(Dataset.OneHot)}({outputs}) makes room for classes that do not occur.", name);
        }

        return TargetForm.OneHot;
    }

    private static TargetForm CheckLabels(NetworkInfo info, Dataset data, int classes, TargetForm form, string name)
    {
        ReadOnlySpan<int> labels = data.Labels;
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] >= classes)
                throw new ArgumentException($"The label of sample {i} is {labels[i]}; {info.Name} takes 0 to {classes - 1}.", name);
        }

        return form;
    }

    /// <summary>Refuses targets that the loss would follow without a word, into nonsense: signs where it takes probabilities, and the other
    /// way round.</summary>
    private static void CheckMeaning(NetworkInfo info, Dataset data, string name)
    {
        // Probabilities may come out of float arithmetic.
        const float Slack = 1e-3f;
        bool takesProbabilities = info.Loss is "CrossEntropy" or "BinaryCrossEntropy" or "KLDivergence";
        if (!takesProbabilities && !info.TakesSigns)
            return;
        ReadOnlySpan<float> targets = data.Targets;
        for (int i = 0; i < targets.Length; i++)
        {
            bool fits = takesProbabilities ? targets[i] is >= -Slack and <= 1 + Slack : targets[i] is -1 or 1;
            if (!fits)
            {
                throw new ArgumentException(
                    $"Target {i % data.TargetLength} of sample {i / data.TargetLength} is {targets[i].ToString(CultureInfo.InvariantCulture)}; "
                    + $"{info.Loss} takes {(takesProbabilities ? "probabilities, 0 to 1" : "-1 and 1")}.", name);
            }
        }
    }

    private static void CheckFinite(ReadOnlySpan<float> values, int length, string what, string name)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                throw new ArgumentException(
                    $"{what} {i % length} of sample {i / length} is "
                    + $"{values[i].ToString(CultureInfo.InvariantCulture)}; finite numbers are needed.", name);
            }
        }
    }
}
