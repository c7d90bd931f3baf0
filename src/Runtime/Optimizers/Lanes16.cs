using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NetGen;

/// <summary>Sixteen floats in a 512-bit vector.</summary>
internal readonly struct Lanes16(Vector512<float> lanes) : IVector<Lanes16>
{
    private readonly Vector512<float> lanes = lanes;

    public static int Count => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator Lanes16(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 operator +(Lanes16 a, Lanes16 b) => new(a.lanes + b.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 operator *(Lanes16 a, Lanes16 b) => new(a.lanes * b.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 operator /(Lanes16 a, Lanes16 b) => new(a.lanes / b.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 Load(ref float start, int index) => new(Unsafe.As<float, Vector512<float>>(ref Unsafe.Add(ref start, index)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes16 value, ref float start, int index) =>
        Unsafe.As<float, Vector512<float>>(ref Unsafe.Add(ref start, index)) = value.lanes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 MultiplyAdd(Lanes16 a, Lanes16 b, Lanes16 c) => new(Vector512.MultiplyAddEstimate(a.lanes, b.lanes, c.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 Sqrt(Lanes16 x) => new(Vector512.Sqrt(x.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 Min(Lanes16 a, Lanes16 b) => new(Vector512.Min(a.lanes, b.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 Max(Lanes16 a, Lanes16 b) => new(Vector512.Max(a.lanes, b.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 BySign(Lanes16 x, Lanes16 positive, Lanes16 negative, Lanes16 other)
    {
        Vector512<float> zero = Vector512<float>.Zero;
        Vector512<float> notPositive = Vector512.ConditionalSelect(Vector512.LessThan(x.lanes, zero), negative.lanes, other.lanes);
        return new(Vector512.ConditionalSelect(Vector512.GreaterThan(x.lanes, zero), positive.lanes, notPositive));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes16 Flush(Lanes16 x) => new(Subnormal.Flush(x.lanes));
}
