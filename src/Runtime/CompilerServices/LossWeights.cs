using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NetGen.CompilerServices;

/// <summary>Weighted means of losses: Σ wᵢ lᵢ / Σ wᵢ, the weight of a sample being its own times that of its class.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class LossWeights
{
    /// <summary>Σ of the samples' weights; without weights each counts 1.</summary>
    public static double Total(ReadOnlySpan<float> weights, int samples)
    {
        if (weights.IsEmpty)
            return samples;
        double total = 0;
        foreach (float weight in weights)
            total += weight;
        return total;
    }

    /// <summary>Σ of the samples' weights with those of their classes.</summary>
    /// <param name="classWeights">A weight per class; empty for none.</param>
    /// <param name="labels">A class per sample, checked; empty where there are targets.</param>
    /// <param name="targets">[samples][classes]; empty where there are labels.</param>
    /// <param name="weights">A weight per sample, or empty.</param>
    /// <param name="samples">Number of samples.</param>
    public static double Total(
        ReadOnlySpan<float> classWeights, ReadOnlySpan<int> labels, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights, int samples)
    {
        if (classWeights.IsEmpty)
            return Total(weights, samples);
        double total = 0;
        for (int s = 0; s < samples; s++)
        {
            double sum = 0;
            if (labels.IsEmpty)
            {
                for (int c = 0; c < classWeights.Length; c++)
                    sum += (double)classWeights[c] * targets[(s * classWeights.Length) + c];
            }
            else
            {
                sum = classWeights[labels[s]];
            }

            total += weights.IsEmpty ? sum : sum * weights[s];
        }

        return total;
    }

    /// <summary>What gradients of losses are multiplied with for that of their mean; 0 where all weights are 0.</summary>
    public static float Scale(double total) => total > 0 ? (float)(1 / total) : 0f;

    /// <summary>The mean of losses with a known sum; 0 where all weights are 0.</summary>
    public static float Mean(double sum, double total) => total > 0 ? (float)(sum / total) : 0f;

    /// <summary>Multiplies a value of each sample with the sample's weight; without weights it is left as it is.</summary>
    /// <param name="weights">A weight per sample, or empty.</param>
    /// <param name="values">Blocks [feature][lane], <paramref name="stride"/> floats apart.</param>
    /// <param name="features">Floats per sample.</param>
    /// <param name="stride">Floats from block to block.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply(ReadOnlySpan<float> weights, ref float values, int features, int stride)
    {
        if (!weights.IsEmpty)
            Multiply(weights, ref values, features, stride);
    }

    /// <summary>Σ wᵢ lᵢ in the order of the samples; without weights Σ lᵢ.</summary>
    /// <param name="weights">A weight per sample, or empty.</param>
    /// <param name="losses">One float per sample, in blocks <paramref name="stride"/> floats apart.</param>
    /// <param name="stride">Floats from block to block.</param>
    /// <param name="samples">Number of samples.</param>
    public static double Sum(ReadOnlySpan<float> weights, ref float losses, int stride, int samples)
    {
        if (weights.IsEmpty)
            return Panels.Sum(ref losses, stride, samples);
        double sum = 0;
        for (int s = 0; s < samples; s++)
            sum += (double)weights[s] * Unsafe.Add(ref losses, ((nint)(s / Panels.Lanes) * stride) + (s % Panels.Lanes));
        return sum;
    }

    /// <summary>Sets floats to 0.</summary>
    public static void Clear(ref float values, int length) => MemoryMarshal.CreateSpan(ref values, length).Clear();

    /// <summary>Adds one sample's gradients to a sum.</summary>
    public static void Add(ref float values, ref float sums, int length)
    {
        for (int i = 0; i < length; i++)
            Unsafe.Add(ref sums, i) += Unsafe.Add(ref values, i);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply(ReadOnlySpan<float> weights, ref float values, int features, int stride)
    {
        for (int first = 0; first < weights.Length; first += Panels.Lanes)
        {
            ReadOnlySpan<float> own = weights.Slice(first, Math.Min(Panels.Lanes, weights.Length - first));
            ref float block = ref Unsafe.Add(ref values, (nint)(first / Panels.Lanes) * stride);
            for (int feature = 0; feature < features; feature++)
            {
                Span<float> row = MemoryMarshal.CreateSpan(ref Unsafe.Add(ref block, feature * Panels.Lanes), own.Length);
                for (int lane = 0; lane < own.Length; lane++)
                    row[lane] *= own[lane];
            }
        }
    }
}
