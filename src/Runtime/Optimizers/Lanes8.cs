using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NetGen;

/// <summary>Eight floats in a 256-bit vector.</summary>
internal readonly struct Lanes8(Vector256<float> lanes) : IVector<Lanes8>
{
    private readonly Vector256<float> lanes = lanes;

    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator Lanes8(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 operator +(Lanes8 a, Lanes8 b) => new(a.lanes + b.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 operator *(Lanes8 a, Lanes8 b) => new(a.lanes * b.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 operator /(Lanes8 a, Lanes8 b) => new(a.lanes / b.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Load(ref float start, int index) => new(Unsafe.As<float, Vector256<float>>(ref Unsafe.Add(ref start, index)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes8 value, ref float start, int index) =>
        Unsafe.As<float, Vector256<float>>(ref Unsafe.Add(ref start, index)) = value.lanes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 MultiplyAdd(Lanes8 a, Lanes8 b, Lanes8 c) => new(Vector256.MultiplyAddEstimate(a.lanes, b.lanes, c.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Sqrt(Lanes8 x) => new(Vector256.Sqrt(x.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Min(Lanes8 a, Lanes8 b) => new(Vector256.Min(a.lanes, b.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Max(Lanes8 a, Lanes8 b) => new(Vector256.Max(a.lanes, b.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 BySign(Lanes8 x, Lanes8 positive, Lanes8 negative, Lanes8 other)
    {
        Vector256<float> zero = Vector256<float>.Zero;
        Vector256<float> notPositive = Vector256.ConditionalSelect(Vector256.LessThan(x.lanes, zero), negative.lanes, other.lanes);
        return new(Vector256.ConditionalSelect(Vector256.GreaterThan(x.lanes, zero), positive.lanes, notPositive));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes8 Flush(Lanes8 x) => new(Subnormal.Flush(x.lanes));
}
