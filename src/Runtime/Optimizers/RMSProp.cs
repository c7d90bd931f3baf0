using System.Runtime.CompilerServices;

namespace NetGen;

/// <summary>RMSProp: s ← ρs + (1−ρ)g², w ← w − lr · g / (√s + ε), s starting at 0.</summary>
/// <remarks>Tieleman and Hinton, "Neural networks for machine learning", lecture 6.5, 2012; ε outside the root, as in PyTorch.</remarks>
public sealed class RMSProp : ElementwiseOptimizer
{
    private readonly float rest;

    /// <param name="learningRate">Step size, finite and positive. Typical 1e-3 to 1e-2.</param>
    /// <param name="decay">Decay of the mean squared gradient, at least 0 and below 1.</param>
    /// <param name="epsilon">Added to the denominator, finite and positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public RMSProp(float learningRate = 0.01f, float decay = 0.9f, float epsilon = 1e-8f)
        : base(learningRate, vectors: 1)
    {
        Decay = CheckCoefficient(decay);
        rest = Rest(decay);
        Epsilon = CheckEpsilon(epsilon);
    }

    /// <summary>Decay of the mean squared gradient.</summary>
    public float Decay { get; }

    /// <summary>Added to the denominator.</summary>
    public float Epsilon { get; }

    /// <inheritdoc/>
    public override void Update(Span<float> parameters, ReadOnlySpan<float> gradients, int offset, bool decay) =>
        OptimizerState.Update(State, new Rule(-LearningRate, Decay, rest, Epsilon), parameters, gradients, offset);

    private readonly struct Rule(float rate, float decay, float rest, float epsilon) : IUpdateRule
    {
        private readonly float rate = rate, decay = decay, rest = rest, epsilon = epsilon;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run<TVector>(Sweep<TVector> at)
            where TVector : struct, IVector<TVector>
        {
            TVector rate = this.rate, decay = this.decay, rest = this.rest, epsilon = this.epsilon;
            for (; at.Fits; at.Advance())
            {
                TVector gradient = at.Gradient, square = TVector.MultiplyAdd(decay, at.First, rest * gradient * gradient);
                at.First = TVector.Flush(square);
                at.Parameter = TVector.MultiplyAdd(rate, gradient / (TVector.Sqrt(square) + epsilon), at.Parameter);
            }
        }
    }
}
