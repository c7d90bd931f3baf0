using System.Runtime.CompilerServices;

namespace NetGen;

/// <summary>RMSProp: s ← ρs + (1−ρ)g², w ← w − lr · g / (√s + ε), s starting at 0.</summary>
/// <remarks>Tieleman and Hinton, "Neural networks for machine learning", lecture 6.5, 2012; ε outside the root, as in PyTorch.</remarks>
public sealed class RMSProp : Optimizer
{
    private readonly float rest;
    private OptimizerState? state;

    /// <param name="learningRate">Step size, finite and positive. Typical 1e-3 to 1e-2.</param>
    /// <param name="decay">Decay of the mean squared gradient, at least 0 and below 1.</param>
    /// <param name="epsilon">Added to the denominator, finite and positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public RMSProp(float learningRate = 0.01f, float decay = 0.9f, float epsilon = 1e-8f)
        : base(learningRate)
    {
        Decay = CheckCoefficient(decay);
        rest = (float)(1 - AsWritten(decay));
        Epsilon = CheckEpsilon(epsilon);
    }

    /// <summary>Decay of the mean squared gradient.</summary>
    public float Decay { get; }

    /// <summary>Added to the denominator.</summary>
    public float Epsilon { get; }

    /// <inheritdoc/>
    public override bool UsesDecay => false;

    /// <inheritdoc/>
    public override bool AllowsThreads => true;

    /// <inheritdoc/>
    public override void Update(Span<float> parameters, ReadOnlySpan<float> gradients, int offset, bool decay) =>
        OptimizerState.Update(state, new Rule(-LearningRate, Decay, rest, Epsilon), parameters, gradients, offset);

    /// <inheritdoc/>
    protected override void Initialize(int parameterCount) => state = new OptimizerState(parameterCount, vectors: 1);

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
