using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NetGen.CompilerServices;

/// <summary>Transposes matrices of floats in 8 x 8 blocks, held in registers.</summary>
internal static class Transpose
{
    private const int Block = 8;

    /// <summary>destination[c][r] = source[r][c].</summary>
    /// <param name="source">[rows][columns], rows <paramref name="sourceStride"/> floats apart.</param>
    /// <param name="sourceStride">Floats from row to row.</param>
    /// <param name="destination">[columns][rows], rows <paramref name="destinationStride"/> floats apart.</param>
    /// <param name="destinationStride">Floats from row to row.</param>
    /// <param name="rows">Rows of the source.</param>
    /// <param name="columns">Columns of the source.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(ref float source, int sourceStride, ref float destination, int destinationStride, int rows, int columns)
    {
        int wholeRows = 0, wholeColumns = 0;
        if (Avx.IsSupported && rows >= Block && columns >= Block)
        {
            wholeRows = rows / Block * Block;
            wholeColumns = columns / Block * Block;
            for (int c = 0; c < wholeColumns; c += Block)
            {
                for (int r = 0; r < wholeRows; r += Block)
                {
                    RunBlock(
                        ref Unsafe.Add(ref source, ((nint)r * sourceStride) + c), sourceStride,
                        ref Unsafe.Add(ref destination, ((nint)c * destinationStride) + r), destinationStride);
                }
            }
        }

        for (int c = wholeColumns; c < columns; c++)
        {
            for (int r = 0; r < wholeRows; r++)
                Unsafe.Add(ref destination, ((nint)c * destinationStride) + r) = Unsafe.Add(ref source, ((nint)r * sourceStride) + c);
        }

        for (int r = wholeRows; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
                Unsafe.Add(ref destination, ((nint)c * destinationStride) + r) = Unsafe.Add(ref source, ((nint)r * sourceStride) + c);
        }
    }

    /// <summary>Rows i and i + 4 share a register, so that two rounds of in-lane shuffles finish the transposition.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RunBlock(ref float source, int sourceStride, ref float destination, int destinationStride)
    {
        Vector256<float> a0 = Halves(ref source, 0, sourceStride), a1 = Halves(ref source, 1, sourceStride);
        Vector256<float> a2 = Halves(ref source, 2, sourceStride), a3 = Halves(ref source, 3, sourceStride);
        Vector256<float> b0 = Halves(ref Unsafe.Add(ref source, 4), 0, sourceStride);
        Vector256<float> b1 = Halves(ref Unsafe.Add(ref source, 4), 1, sourceStride);
        Vector256<float> b2 = Halves(ref Unsafe.Add(ref source, 4), 2, sourceStride);
        Vector256<float> b3 = Halves(ref Unsafe.Add(ref source, 4), 3, sourceStride);
        StoreFour(a0, a1, a2, a3, ref destination, destinationStride);
        StoreFour(b0, b1, b2, b3, ref Unsafe.Add(ref destination, 4 * (nint)destinationStride), destinationStride);
    }

    /// <summary>Four floats of row i, and of row i + 4 above them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Halves(ref float source, nint i, int stride) => Vector256.Create(
        Unsafe.As<float, Vector128<float>>(ref Unsafe.Add(ref source, i * stride)),
        Unsafe.As<float, Vector128<float>>(ref Unsafe.Add(ref source, (i + 4) * stride)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreFour(
        Vector256<float> r0, Vector256<float> r1, Vector256<float> r2, Vector256<float> r3, ref float destination, nint stride)
    {
        Vector256<double> t0 = Avx.UnpackLow(r0, r1).AsDouble(), t1 = Avx.UnpackHigh(r0, r1).AsDouble();
        Vector256<double> t2 = Avx.UnpackLow(r2, r3).AsDouble(), t3 = Avx.UnpackHigh(r2, r3).AsDouble();
        Unsafe.As<float, Vector256<double>>(ref destination) = Avx.UnpackLow(t0, t2);
        Unsafe.As<float, Vector256<double>>(ref Unsafe.Add(ref destination, stride)) = Avx.UnpackHigh(t0, t2);
        Unsafe.As<float, Vector256<double>>(ref Unsafe.Add(ref destination, 2 * stride)) = Avx.UnpackLow(t1, t3);
        Unsafe.As<float, Vector256<double>>(ref Unsafe.Add(ref destination, 3 * stride)) = Avx.UnpackHigh(t1, t3);
    }
}
