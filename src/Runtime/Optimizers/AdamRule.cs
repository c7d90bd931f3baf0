using System.Runtime.CompilerServices;

namespace NetGen;

/// <summary>w ← κ·w − lr · m̂ / (√v̂ + ε). The state is m and v.</summary>
internal readonly struct AdamRule : IUpdateRule
{
    private readonly MomentScalars scalars;
    private readonly float rate, keep;

    /// <param name="scalars">The scalars of the step.</param>
    /// <param name="correctedRate">lr/(1−β₁ᵗ), which m takes instead of lr · m̂.</param>
    /// <param name="keep">κ: 1, or 1 − lr·λ for decoupled weight decay.</param>
    public AdamRule(MomentScalars scalars, float correctedRate, float keep = 1)
    {
        this.scalars = scalars;
        this.keep = keep;
        rate = -correctedRate;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<TVector>(Sweep<TVector> at)
        where TVector : struct, IVector<TVector>
    {
        Moments<TVector> moments = new(scalars);
        TVector rate = this.rate, keep = this.keep;
        for (; at.Fits; at.Advance())
        {
            TVector mean = moments.Mean(at.First, at.Gradient), square = moments.Square(at.Second, at.Gradient);
            at.First = TVector.Flush(mean);
            at.Second = TVector.Flush(square);
            at.Parameter = TVector.MultiplyAdd(rate, mean / moments.Denominator(square), keep * at.Parameter);
        }
    }
}
