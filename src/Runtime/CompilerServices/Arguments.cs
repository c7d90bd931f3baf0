using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NetGen.CompilerServices;

/// <summary>Checks of what callers pass to generated members. Every message names what was found and what is needed.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Arguments
{
    /// <summary>How many samples the floats hold.</summary>
    /// <exception cref="ArgumentException">The length is no multiple of a sample's.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CountSamples(int length, int sampleLength, string name)
    {
        (int samples, int rest) = Math.DivRem(length, sampleLength);
        if (rest != 0)
            ThrowNoMultiple(length, sampleLength, name);
        return samples;
    }

    /// <summary>How many samples a batch holds, at least 1.</summary>
    /// <exception cref="ArgumentException">The length is 0 or no multiple of a sample's.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CountBatch(int length, int sampleLength, string name)
    {
        int samples = CountSamples(length, sampleLength, name);
        if (samples == 0)
            ThrowEmpty(sampleLength, name);
        return samples;
    }

    /// <summary>Floats of the outputs of so many samples.</summary>
    /// <exception cref="ArgumentException">They do not fit an array.</exception>
    public static int CountFloats(int samples, int sampleLength, string name)
    {
        long floats = (long)samples * sampleLength;
        if (floats > Array.MaxLength)
        {
            throw new ArgumentException(
                $"{name} holds {samples} samples, whose outputs are {floats} floats; at most {Array.MaxLength} fit an array.", name);
        }

        return (int)floats;
    }

    /// <summary>Checks a length against the number of samples.</summary>
    /// <exception cref="ArgumentException">They do not fit.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CheckLength(int length, int samples, int sampleLength, string name)
    {
        if (length != (long)samples * sampleLength)
            ThrowLength(length, samples, sampleLength, name);
    }

    /// <summary>Checks that there is a label for every sample and that each names a class.</summary>
    /// <exception cref="ArgumentException">The count or a label does not fit.</exception>
    public static void CheckLabels(ReadOnlySpan<int> labels, int samples, int classes, string name)
    {
        if (labels.Length != samples)
        {
            throw new ArgumentException(
                $"{name} holds {labels.Length} labels; the inputs hold {samples} samples, so {samples} are needed.", name);
        }

        for (int i = 0; i < labels.Length; i++)
        {
            if ((uint)labels[i] >= (uint)classes)
                throw new ArgumentException($"{name}[{i}] is {labels[i]}; a label is from 0 to {classes - 1}.", name);
        }
    }

    /// <summary>Checks that there is a weight for every sample, that each can be one and that not all are 0.</summary>
    /// <exception cref="ArgumentException">The count or a weight does not fit.</exception>
    public static void CheckWeights(ReadOnlySpan<float> weights, int samples, string name)
    {
        if (weights.Length != samples)
        {
            throw new ArgumentException(
                $"{name} holds {weights.Length} weights; the inputs hold {samples} samples, so {samples} are needed.", name);
        }

        double sum = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            if (!(weights[i] >= 0) || float.IsInfinity(weights[i]))
            {
                string found = weights[i].ToString(System.Globalization.CultureInfo.InvariantCulture);
                throw new ArgumentException($"{name}[{i}] is {found}; a weight must be finite and at least 0.", name);
            }

            sum += weights[i];
        }

        if (sum == 0)
            throw new ArgumentException($"All {samples} {name} are 0; at least one must be above 0.", name);
    }

    /// <summary>Checks that outputs do not overwrite inputs that are still to be read. Their lengths have been checked: both are empty, or
    /// neither.</summary>
    /// <exception cref="ArgumentException">They overlap.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CheckApart(ReadOnlySpan<float> inputs, ReadOnlySpan<float> outputs, string name)
    {
        // What MemoryExtensions.Overlaps does, which NativeAOT does not inline.
        ref float x = ref MemoryMarshal.GetReference(inputs), y = ref MemoryMarshal.GetReference(outputs);
        nuint ahead = (nuint)Unsafe.ByteOffset(ref x, ref y), behind = (nuint)Unsafe.ByteOffset(ref y, ref x);
        if (ahead < (nuint)inputs.Length * sizeof(float) || behind < (nuint)outputs.Length * sizeof(float))
            ThrowOverlap(name);
    }

    /// <summary>Checks that a training batch has a variance.</summary>
    /// <param name="samples">Samples of the batch.</param>
    /// <param name="layer">The layer that needs it.</param>
    /// <param name="name">The argument that holds the samples.</param>
    /// <exception cref="ArgumentException">There is one sample.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CheckPair(int samples, string layer, string name)
    {
        if (samples < 2)
            ThrowNoPair(layer, name);
    }

    private static void ThrowNoPair(string layer, string name) => throw new ArgumentException(
        $"{name} holds 1 sample; {layer} normalises by the variance of the batch, so at least 2 are needed to train.", name);

    private static void ThrowEmpty(int sampleLength, string name) =>
        throw new ArgumentException($"{name} holds 0 samples; a batch needs at least 1, of {sampleLength} floats.", name);

    private static void ThrowOverlap(string name) =>
        throw new ArgumentException($"{name} overlaps the inputs; it needs memory of its own.", name);

    private static void ThrowNoMultiple(int length, int sampleLength, string name) =>
        throw new ArgumentException($"{name} holds {length} floats; a whole number of samples of {sampleLength} floats is needed.", name);

    private static void ThrowLength(int length, int samples, int sampleLength, string name) => throw new ArgumentException(
        samples == 1
            ? $"{name} holds {length} floats; {sampleLength} are needed."
            : $"{name} holds {length} floats; {samples} samples of {sampleLength} floats, {(long)samples * sampleLength} in all, are needed.",
        name);
}
