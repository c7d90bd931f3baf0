using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NetGen;

/// <summary>Four floats in a 128-bit vector.</summary>
internal readonly struct Lanes4(Vector128<float> lanes) : IVector<Lanes4>
{
    private readonly Vector128<float> lanes = lanes;

    public static int Count => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator Lanes4(float value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 operator +(Lanes4 a, Lanes4 b) => new(a.lanes + b.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 operator *(Lanes4 a, Lanes4 b) => new(a.lanes * b.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 operator /(Lanes4 a, Lanes4 b) => new(a.lanes / b.lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 Load(ref float start, int index) => new(Unsafe.As<float, Vector128<float>>(ref Unsafe.Add(ref start, index)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes4 value, ref float start, int index) =>
        Unsafe.As<float, Vector128<float>>(ref Unsafe.Add(ref start, index)) = value.lanes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 MultiplyAdd(Lanes4 a, Lanes4 b, Lanes4 c) => new(Vector128.MultiplyAddEstimate(a.lanes, b.lanes, c.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 Sqrt(Lanes4 x) => new(Vector128.Sqrt(x.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 Min(Lanes4 a, Lanes4 b) => new(Vector128.Min(a.lanes, b.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 Max(Lanes4 a, Lanes4 b) => new(Vector128.Max(a.lanes, b.lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 BySign(Lanes4 x, Lanes4 positive, Lanes4 negative, Lanes4 other)
    {
        Vector128<float> zero = Vector128<float>.Zero;
        Vector128<float> notPositive = Vector128.ConditionalSelect(Vector128.LessThan(x.lanes, zero), negative.lanes, other.lanes);
        return new(Vector128.ConditionalSelect(Vector128.GreaterThan(x.lanes, zero), positive.lanes, notPositive));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes4 Flush(Lanes4 x) => new(Subnormal.Flush(x.lanes));
}
