using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NetGen.CompilerServices;

/// <summary>Moves samples between rows, one sample after the other, and the kernels' blocks, [feature][sample] for 32 samples.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Panels
{
    /// <summary>Samples per block.</summary>
    public const int Lanes = 32;

    /// <summary>Blocks that hold so many samples.</summary>
    public static int CountBlocks(int samples) => (int)(((long)samples + Lanes - 1) / Lanes);

    /// <summary>Rows into blocks.</summary>
    /// <param name="rows">[samples][features].</param>
    /// <param name="panels">Blocks, <paramref name="stride"/> floats apart. Lanes behind the last sample are left as they are.</param>
    /// <param name="features">Floats per sample.</param>
    /// <param name="stride">Floats from block to block.</param>
    /// <param name="samples">Number of samples.</param>
    public static void FromRows(ref float rows, ref float panels, int features, int stride, int samples) =>
        FromRows(ref rows, ref panels, features, features, Lanes * features, stride, samples);

    /// <summary>Rows that lie inside blocks themselves into blocks.</summary>
    /// <param name="rows">Rows of <paramref name="features"/> floats.</param>
    /// <param name="panels">Blocks, <paramref name="stride"/> floats apart. Lanes behind the last sample are left as they are.</param>
    /// <param name="features">Floats per sample.</param>
    /// <param name="rowStride">Floats from row to row.</param>
    /// <param name="blockStride">Floats from the rows of one block to those of the next.</param>
    /// <param name="stride">Floats from block to block of <paramref name="panels"/>.</param>
    /// <param name="samples">Number of samples.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FromRows(ref float rows, ref float panels, int features, int rowStride, int blockStride, int stride, int samples)
    {
        for (int s = 0; s < samples; s += Lanes)
        {
            nint block = s / Lanes;
            Transpose.Run(
                ref Unsafe.Add(ref rows, block * blockStride), rowStride, ref Unsafe.Add(ref panels, block * stride), Lanes,
                Math.Min(Lanes, samples - s), features);
        }
    }

    /// <summary>Blocks into rows that lie back to back.</summary>
    /// <param name="panels">Blocks, <paramref name="stride"/> floats apart.</param>
    /// <param name="rows">[samples][features].</param>
    /// <param name="features">Floats per sample.</param>
    /// <param name="stride">Floats from block to block.</param>
    /// <param name="samples">Number of samples.</param>
    public static void ToRows(ref float panels, ref float rows, int features, int stride, int samples) =>
        ToRows(ref panels, ref rows, features, features, Lanes * features, stride, samples);

    /// <summary>Blocks into rows that lie inside blocks themselves.</summary>
    /// <param name="panels">Blocks, <paramref name="stride"/> floats apart.</param>
    /// <param name="rows">Rows of <paramref name="features"/> floats.</param>
    /// <param name="features">Floats per sample.</param>
    /// <param name="rowStride">Floats from row to row.</param>
    /// <param name="blockStride">Floats from the rows of one block to those of the next.</param>
    /// <param name="stride">Floats from block to block of <paramref name="panels"/>.</param>
    /// <param name="samples">Number of samples.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToRows(ref float panels, ref float rows, int features, int rowStride, int blockStride, int stride, int samples)
    {
        for (int s = 0; s < samples; s += Lanes)
        {
            nint block = s / Lanes;
            Transpose.Run(
                ref Unsafe.Add(ref panels, block * stride), Lanes, ref Unsafe.Add(ref rows, block * blockStride), rowStride,
                features, Math.Min(Lanes, samples - s));
        }
    }

    /// <summary>Copies rows of floats inside each block.</summary>
    /// <param name="source">First float of the first block's first row.</param>
    /// <param name="destination">Where it goes.</param>
    /// <param name="rows">Rows of a block.</param>
    /// <param name="length">Floats of a row, all samples together.</param>
    /// <param name="sourceStride">Floats from row to row of <paramref name="source"/>.</param>
    /// <param name="destinationStride">Floats from row to row of <paramref name="destination"/>.</param>
    /// <param name="stride">Floats from block to block.</param>
    /// <param name="samples">Number of samples.</param>
    public static void CopyRows(
        ref float source, ref float destination, int rows, int length, int sourceStride, int destinationStride, int stride, int samples)
    {
        for (int block = 0; block < CountBlocks(samples); block++)
        {
            for (int row = 0; row < rows; row++)
            {
                Copy(
                    ref Unsafe.Add(ref source, ((nint)block * stride) + (row * sourceStride)),
                    ref Unsafe.Add(ref destination, ((nint)block * stride) + (row * destinationStride)), length);
            }
        }
    }

    /// <summary>Zeroes the first floats of each block.</summary>
    public static void Clear(ref float panels, int length, int stride, int samples)
    {
        for (int block = 0; block < CountBlocks(samples); block++)
            MemoryMarshal.CreateSpan(ref Unsafe.Add(ref panels, (nint)block * stride), length).Clear();
    }

    /// <summary>Class labels into blocks of one-hot rows.</summary>
    /// <param name="labels">One label per sample, checked.</param>
    /// <param name="panels">Blocks, <paramref name="stride"/> floats apart.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="stride">Floats from block to block.</param>
    /// <param name="samples">Number of samples.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FromLabels(ReadOnlySpan<int> labels, ref float panels, int classes, int stride, int samples)
    {
        for (int s = 0; s < samples; s++)
        {
            ref float block = ref Unsafe.Add(ref panels, (nint)(s / Lanes) * stride);
            if (s % Lanes == 0)
                MemoryMarshal.CreateSpan(ref block, classes * Lanes).Clear();
            Unsafe.Add(ref block, (labels[s] * Lanes) + (s % Lanes)) = 1f;
        }
    }

    /// <summary>Zeroes what lies in the last block behind the last sample.</summary>
    /// <param name="panels">Blocks, <paramref name="stride"/> floats apart.</param>
    /// <param name="features">Floats per sample.</param>
    /// <param name="stride">Floats from block to block.</param>
    /// <param name="samples">Number of samples.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ClearIdleLanes(ref float panels, int features, int stride, int samples)
    {
        int used = samples % Lanes;
        if (used == 0)
            return;
        ref float lanes = ref Unsafe.Add(ref panels, ((nint)(samples / Lanes) * stride) + used);
        for (int i = 0; i < features; i++)
        {
            MemoryMarshal.CreateSpan(ref lanes, Lanes - used).Clear();
            lanes = ref Unsafe.Add(ref lanes, Lanes);
        }
    }

    /// <summary>One sample's [position][channel] as [channel][position].</summary>
    public static void ToPlanes(ref float source, ref float planes, int positions, int channels) =>
        Transpose.Run(ref source, channels, ref planes, positions, positions, channels);

    /// <summary>Copies one sample.</summary>
    public static void Copy(ref float source, ref float destination, int length) =>
        MemoryMarshal.CreateReadOnlySpan(ref source, length).CopyTo(MemoryMarshal.CreateSpan(ref destination, length));

    /// <summary>Sum of one float per sample, in the order of the samples.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Sum(ref float values, int stride, int samples)
    {
        double sum = 0;
        for (int s = 0; s < samples; s++)
            sum += Unsafe.Add(ref values, ((nint)(s / Lanes) * stride) + (s % Lanes));
        return sum;
    }
}
