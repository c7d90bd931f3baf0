using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace NetGen.CompilerServices;

/// <summary>Sums over the lanes of vectors, and vectors of their lanes.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Lanes
{
    /// <summary>The four sums of four vectors: pairs first, so that three instructions do it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sums(Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d)
    {
        if (Sse3.IsSupported)
            return Sse3.HorizontalAdd(Sse3.HorizontalAdd(a, b), Sse3.HorizontalAdd(c, d));
        if (AdvSimd.Arm64.IsSupported)
            return AdvSimd.Arm64.AddPairwise(AdvSimd.Arm64.AddPairwise(a, b), AdvSimd.Arm64.AddPairwise(c, d));
        return Vector128.Create(Vector128.Sum(a), Vector128.Sum(b), Vector128.Sum(c), Vector128.Sum(d));
    }

    /// <summary>Pairs of lanes: a₀ b₀ a₁ b₁ a₂ b₂ a₃ b₃.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Interleave(Vector128<float> a, Vector128<float> b) =>
        Vector256.Shuffle(Vector256.Create(a, b), Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7));

    /// <summary>The sums of the four pairs of lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SumsOfPairs(Vector256<float> a)
    {
        if (Sse3.IsSupported)
            return Sse3.HorizontalAdd(a.GetLower(), a.GetUpper());
        if (AdvSimd.Arm64.IsSupported)
            return AdvSimd.Arm64.AddPairwise(a.GetLower(), a.GetUpper());
        return Vector128.Create(a[0] + a[1], a[2] + a[3], a[4] + a[5], a[6] + a[7]);
    }

    /// <summary>Lane 0 of four vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> First(Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d) =>
        Sse.IsSupported ? Sse.MoveLowToHigh(Sse.UnpackLow(a, b), Sse.UnpackLow(c, d)) : Vector128.Create(a[0], b[0], c[0], d[0]);

    /// <summary>Lane 1 of four vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Second(Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d) =>
        Sse.IsSupported ? Sse.MoveHighToLow(Sse.UnpackLow(c, d), Sse.UnpackLow(a, b)) : Vector128.Create(a[1], b[1], c[1], d[1]);

    /// <summary>Lane 2 of four vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Third(Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d) =>
        Sse.IsSupported ? Sse.MoveLowToHigh(Sse.UnpackHigh(a, b), Sse.UnpackHigh(c, d)) : Vector128.Create(a[2], b[2], c[2], d[2]);

    /// <summary>Lane 3 of four vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Fourth(Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d) =>
        Sse.IsSupported ? Sse.MoveHighToLow(Sse.UnpackHigh(c, d), Sse.UnpackHigh(a, b)) : Vector128.Create(a[3], b[3], c[3], d[3]);

    /// <summary>The four sums of four vectors of eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sums(Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d) => Sums(
        a.GetLower() + a.GetUpper(), b.GetLower() + b.GetUpper(), c.GetLower() + c.GetUpper(), d.GetLower() + d.GetUpper());

    /// <summary>The four sums of four vectors of sixteen.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sums(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d) => Sums(
        a.GetLower() + a.GetUpper(), b.GetLower() + b.GetUpper(), c.GetLower() + c.GetUpper(), d.GetLower() + d.GetUpper());
}
