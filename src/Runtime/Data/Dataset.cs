using System.Globalization;

namespace NetGen;

/// <summary>Samples in memory: inputs with class labels, target values, or both. Immutable.</summary>
/// <remarks>
/// Inputs lie back to back, <see cref="InputLength"/> floats per sample, row-major in the network's input shape. The arrays given are not
/// copied: leave them alone afterwards.
/// </remarks>
public sealed class Dataset
{
    private readonly ReadOnlyMemory<float> inputs;
    private readonly ReadOnlyMemory<int> labels;
    private readonly ReadOnlyMemory<float> targets;
    private readonly ReadOnlyMemory<float> weights;

    internal Dataset(
        ReadOnlyMemory<float> inputs, int inputLength, ReadOnlyMemory<int> labels, int classCount,
        ReadOnlyMemory<float> targets, int targetLength, IReadOnlyList<string>? classNames, ReadOnlyMemory<float> weights = default)
    {
        this.inputs = inputs;
        this.labels = labels;
        this.targets = targets;
        this.weights = weights;
        InputLength = inputLength;
        ClassCount = classCount;
        TargetLength = targetLength;
        ClassNames = classNames;
        Count = inputs.Length / inputLength;
    }

    /// <summary>Number of samples, at least 1.</summary>
    public int Count { get; }

    /// <summary>Floats per sample.</summary>
    public int InputLength { get; }

    /// <summary>Target floats per sample; 0 without targets.</summary>
    public int TargetLength { get; }

    /// <summary>Number of classes: that of the names, or the highest label + 1; 0 without labels. Parts of a dataset keep its
    /// number.</summary>
    public int ClassCount { get; }

    /// <summary>A name per class, where they are known.</summary>
    public IReadOnlyList<string>? ClassNames { get; }

    /// <summary>Whether each sample has a class label.</summary>
    public bool HasLabels => ClassCount > 0;

    /// <summary>Whether each sample has target values.</summary>
    public bool HasTargets => TargetLength > 0;

    /// <summary>Whether the samples have weights; without, each counts 1.</summary>
    public bool HasWeights => !weights.IsEmpty;

    /// <summary>[Count] what each sample counts in losses, or empty.</summary>
    public ReadOnlySpan<float> Weights => weights.Span;

    /// <summary>[Count · InputLength] all inputs, sample after sample.</summary>
    public ReadOnlySpan<float> Inputs => inputs.Span;

    /// <summary>[Count] class labels, or empty.</summary>
    public ReadOnlySpan<int> Labels => labels.Span;

    /// <summary>[Count · TargetLength] all target values, sample after sample, or empty.</summary>
    public ReadOnlySpan<float> Targets => targets.Span;

    /// <summary>A dataset of inputs and class labels.</summary>
    /// <param name="inputs">Samples back to back; the number of labels says how many.</param>
    /// <param name="labels">A class per sample, 0 and up.</param>
    /// <param name="classNames">A name per class, if known.</param>
    /// <exception cref="ArgumentException">There are no samples, the lengths do not fit, or a label is negative or has no name.</exception>
    public static Dataset FromLabels(float[] inputs, int[] labels, IReadOnlyList<string>? classNames = null)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(labels);
        int inputLength = SampleLength(inputs.Length, labels.Length, nameof(inputs), $"{labels.Length} labels", nameof(labels));
        int classes = classNames?.Count ?? 0;
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] < 0)
                throw new ArgumentException($"The label of sample {i} is {labels[i]}; labels start at 0.", nameof(labels));
            if (labels[i] == int.MaxValue)
                throw new ArgumentException($"The label of sample {i} is {labels[i]}; labels go up to {int.MaxValue - 1}.", nameof(labels));
            if (classNames is null)
                classes = Math.Max(classes, labels[i] + 1);
            else if (labels[i] >= classes)
            {
                throw new ArgumentException(
                    $"The label of sample {i} is {labels[i]}; with {classes} class names labels go from 0 to "
                    + $"{classes - 1}.", nameof(labels));
            }
        }

        return new Dataset(inputs, inputLength, labels, classes, default, 0, classNames?.ToArray());
    }

    /// <summary>A dataset of inputs and class labels, one array per sample.</summary>
    /// <inheritdoc cref="FromLabels(float[], int[], IReadOnlyList{string}?)"/>
    public static Dataset FromLabels(float[][] inputs, int[] labels, IReadOnlyList<string>? classNames = null)
    {
        float[] flat = Flatten(inputs, nameof(inputs));
        ArgumentNullException.ThrowIfNull(labels);
        if (labels.Length != inputs.Length)
            throw new ArgumentException($"There are {labels.Length} labels for {inputs.Length} samples.", nameof(labels));
        return FromLabels(flat, labels, classNames);
    }

    /// <summary>A dataset of inputs and target values.</summary>
    /// <param name="inputs">Samples back to back.</param>
    /// <param name="targets">Targets back to back.</param>
    /// <param name="count">Number of samples, at least 1.</param>
    /// <exception cref="ArgumentException">A length is not a positive multiple of <paramref name="count"/>.</exception>
    public static Dataset FromTargets(float[] inputs, float[] targets, int count)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        int inputLength = SampleLength(inputs.Length, count, nameof(inputs), $"{count} samples", nameof(count));
        int targetLength = SampleLength(targets.Length, count, nameof(targets), $"{count} samples", nameof(count));
        return new Dataset(inputs, inputLength, default, 0, targets, targetLength, null);
    }

    /// <summary>A dataset of inputs and target values, one array per sample each.</summary>
    /// <exception cref="ArgumentException">There are no samples, or the arrays differ in length.</exception>
    public static Dataset FromTargets(float[][] inputs, float[][] targets)
    {
        float[] flatInputs = Flatten(inputs, nameof(inputs)), flatTargets = Flatten(targets, nameof(targets));
        if (targets.Length != inputs.Length)
            throw new ArgumentException($"There are {targets.Length} targets for {inputs.Length} samples.", nameof(targets));
        return FromTargets(flatInputs, flatTargets, inputs.Length);
    }

    /// <summary>[InputLength] one sample's inputs.</summary>
    public ReadOnlySpan<float> Input(int sample) => Inputs.Slice(CheckSample(sample) * InputLength, InputLength);

    /// <summary>[TargetLength] one sample's target values; empty without targets.</summary>
    public ReadOnlySpan<float> Target(int sample) => Targets.Slice(CheckSample(sample) * TargetLength, TargetLength);

    /// <summary>The class's name, or its number where names are not known.</summary>
    public string ClassName(int label) =>
        ClassNames is not null && label >= 0 && label < ClassNames.Count ? ClassNames[label] : label.ToString(CultureInfo.InvariantCulture);

    /// <summary>Shuffles, then cuts in two. The same seed gives the same parts.</summary>
    /// <param name="fraction">Share of the samples in the first part, above 0 and below 1; rounded so that both parts hold a
    /// sample.</param>
    /// <param name="seed">Seed of the shuffle.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is out of its range.</exception>
    /// <exception cref="InvalidOperationException">There is only one sample.</exception>
    public (Dataset First, Dataset Second) Split(double fraction, ulong seed = 0)
    {
        if (!(fraction > 0 && fraction < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(fraction), fraction,
                $"The fraction is {fraction.ToString(CultureInfo.InvariantCulture)}; it must lie between 0 and 1.");
        }

        if (Count < 2)
            throw new InvalidOperationException("One sample cannot be split in two.");
        int first = Math.Clamp((int)Math.Round(fraction * Count), 1, Count - 1);
        int[] order = Permutation(seed);
        return (Select(order.AsSpan(0, first)), Select(order.AsSpan(first)));
    }

    /// <summary>Cuts in two without shuffling: the first samples, and the rest.</summary>
    /// <param name="first">Samples in the first part, at least 1 and below <see cref="Count"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A part would be empty.</exception>
    public (Dataset First, Dataset Second) Split(int first)
    {
        if (first < 1 || first >= Count)
        {
            throw new ArgumentOutOfRangeException(nameof(first), first,
                $"The first part would hold {first} of {Count} samples; each part needs at least one.");
        }

        return (Slice(0, first), Slice(first, Count - first));
    }

    /// <summary>Consecutive samples. Shares the memory.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is empty or leaves the dataset.</exception>
    public Dataset Slice(int start, int count)
    {
        if (start < 0 || start >= Count)
            throw new ArgumentOutOfRangeException(nameof(start), start, $"The start is {start}; there are samples 0 to {Count - 1}.");
        if (count < 1 || count > Count - start)
        {
            throw new ArgumentOutOfRangeException(nameof(count), count,
                $"The count is {count}; from sample {start} on there are 1 to {Count - start} to take.");
        }

        return new Dataset(
            inputs.Slice(start * InputLength, count * InputLength), InputLength,
            HasLabels ? labels.Slice(start, count) : default, ClassCount,
            targets.Slice(start * TargetLength, count * TargetLength), TargetLength, ClassNames,
            HasWeights ? weights.Slice(start, count) : default);
    }

    /// <summary>The same samples in random order. The same seed gives the same order.</summary>
    public Dataset Shuffle(ulong seed) => Select(Permutation(seed));

    /// <summary>The samples with these indices, in this order; an index may repeat. Copies.</summary>
    /// <exception cref="ArgumentException">There are no indices.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index is outside the dataset.</exception>
    public Dataset Select(ReadOnlySpan<int> samples)
    {
        if (samples.IsEmpty)
            throw new ArgumentException("No samples are selected; a dataset needs at least one.", nameof(samples));
        float[] chosenInputs = new float[checked(samples.Length * InputLength)];
        float[] chosenTargets = new float[checked(samples.Length * TargetLength)];
        int[] chosenLabels = new int[HasLabels ? samples.Length : 0];
        float[] chosenWeights = new float[HasWeights ? samples.Length : 0];
        for (int i = 0; i < samples.Length; i++)
        {
            Input(samples[i]).CopyTo(chosenInputs.AsSpan(i * InputLength));
            Target(samples[i]).CopyTo(chosenTargets.AsSpan(i * TargetLength));
            if (HasLabels)
                chosenLabels[i] = Labels[samples[i]];
            if (HasWeights)
                chosenWeights[i] = Weights[samples[i]];
        }

        return new Dataset(chosenInputs, InputLength, chosenLabels, ClassCount, chosenTargets, TargetLength, ClassNames, chosenWeights);
    }

    /// <summary>The same samples with weights: the loss of sample i counts weights[i] in training and evaluation, and means divide by the
    /// sum of the weights. Metrics count every sample alike. Copies the weights; shares the rest.</summary>
    /// <param name="weights">[Count] finite and at least 0; at least one above 0.</param>
    /// <exception cref="ArgumentException">The count or a weight does not fit.</exception>
    public Dataset WithWeights(ReadOnlySpan<float> weights)
    {
        if (weights.Length != Count)
            throw new ArgumentException($"There are {weights.Length} weights for {Count} samples; each sample needs one.", nameof(weights));
        CompilerServices.Arguments.CheckWeights(weights, Count, nameof(weights));
        return new Dataset(inputs, InputLength, labels, ClassCount, targets, TargetLength, ClassNames, weights.ToArray());
    }

    /// <summary>Adds targets made of the labels: 1 for the sample's class, 0 for the others. The labels stay.</summary>
    /// <param name="classes">Number of classes; by default <see cref="ClassCount"/>.</param>
    /// <exception cref="InvalidOperationException">There are no labels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are more classes in the data, or more targets than an array holds.</exception>
    public Dataset OneHot(int? classes = null)
    {
        if (!HasLabels)
            throw new InvalidOperationException("The dataset has no labels to encode.");
        int width = classes ?? ClassCount;
        if (width < ClassCount)
        {
            throw new ArgumentOutOfRangeException(nameof(classes), width,
                $"{width} classes are asked for, but the dataset has {ClassCount}.");
        }

        if ((long)Count * width > Array.MaxLength)
        {
            throw new ArgumentOutOfRangeException(nameof(classes), width,
                $"{Count} samples with {width} classes are {(long)Count * width} targets; at most {Array.MaxLength} are possible.");
        }

        float[] encoded = new float[Count * width];
        for (int i = 0; i < Count; i++)
            encoded[(i * width) + Labels[i]] = 1;
        return new Dataset(inputs, InputLength, labels, ClassCount, encoded, width, ClassNames, weights);
    }

    /// <summary>Multiplies every input, for data with a known range: <c>Scale(1 / 16f)</c> brings 0..16 to 0..1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The factor is not finite.</exception>
    public Dataset Scale(float factor)
    {
        if (!float.IsFinite(factor))
            throw new ArgumentOutOfRangeException(nameof(factor), factor, "The factor must be finite.");
        float[] scaled = new float[inputs.Length];
        ReadOnlySpan<float> source = Inputs;
        for (int i = 0; i < scaled.Length; i++)
            scaled[i] = source[i] * factor;
        return WithInputs(scaled);
    }

    /// <summary>Number of samples and classes or targets.</summary>
    public override string ToString()
    {
        string what = HasLabels ? $", {ClassCount} classes" : "";
        string values = HasTargets ? $", {TargetLength} targets" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{Count:N0} samples of {InputLength} inputs{what}{values}");
    }

    /// <summary>The same labels and targets with other inputs of the same shape.</summary>
    internal Dataset WithInputs(float[] replacement) =>
        new(replacement, InputLength, labels, ClassCount, targets, TargetLength, ClassNames, weights);

    private static int SampleLength(int floats, int count, string name, string counted, string countName)
    {
        if (count == 0)
            throw new ArgumentException("There are no samples; a dataset needs at least one.", countName);
        if (floats == 0 || floats % count != 0)
        {
            throw new ArgumentException(
                $"There are {floats} floats in {name} for {counted}; a positive multiple of {count} is needed.", name);
        }

        return floats / count;
    }

    private static float[] Flatten(float[][] rows, string name)
    {
        ArgumentNullException.ThrowIfNull(rows, name);
        if (rows.Length == 0)
            throw new ArgumentException("There are no samples; a dataset needs at least one.", name);
        int width = rows[0]?.Length ?? 0;
        float[] flat = new float[checked(rows.Length * width)];
        for (int i = 0; i < rows.Length; i++)
        {
            int length = rows[i]?.Length ?? throw new ArgumentException($"Sample {i} in {name} is null.", name);
            if (length != width || length == 0)
            {
                throw new ArgumentException(
                    $"Sample {i} in {name} has {length} floats and sample 0 has {width}; all must have the same number, at least 1.", name);
            }

            rows[i].CopyTo(flat, i * width);
        }

        return flat;
    }

    private int[] Permutation(ulong seed)
    {
        int[] order = new int[Count];
        for (int i = 0; i < order.Length; i++)
            order[i] = i;
        new RandomSource(seed).Shuffle(order);
        return order;
    }

    private int CheckSample(int sample) => (uint)sample < (uint)Count
        ? sample
        : throw new ArgumentOutOfRangeException(nameof(sample), sample,
            $"Sample {sample} is asked for; there are samples 0 to {Count - 1}.");
}
