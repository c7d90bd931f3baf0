using System.Runtime.CompilerServices;

namespace NetGen;

/// <summary>m ← β₁m + (1−β₁)g and v ← β₂v + (1−β₂)g², with what Adam's family computes from them.</summary>
[method: MethodImpl(MethodImplOptions.AggressiveInlining)]
internal readonly struct Moments<TVector>(MomentScalars scalars)
    where TVector : struct, IVector<TVector>
{
    private readonly TVector beta1 = scalars.Beta1, beta2 = scalars.Beta2, rest1 = scalars.Rest1, rest2 = scalars.Rest2,
        rootScale = scalars.RootScale, epsilon = scalars.Epsilon;

    /// <summary>The next m.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Mean(TVector m, TVector g) => TVector.MultiplyAdd(beta1, m, rest1 * g);

    /// <summary>The next v.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Square(TVector v, TVector g) => TVector.MultiplyAdd(beta2, v, rest2 * g * g);

    /// <summary>√v̂ + ε with v̂ = v/(1−β₂ᵗ).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Denominator(TVector v) => TVector.MultiplyAdd(TVector.Sqrt(v), rootScale, epsilon);
}
