using System.Runtime.CompilerServices;

namespace NetGen;

/// <summary>Gradient descent with Nesterov's momentum: v ← μ·v + g, w ← w − lr · (g + μ·v), v starting at 0. PyTorch's form.</summary>
public sealed class Nesterov : ElementwiseOptimizer
{
    /// <param name="learningRate">Step size, finite and positive. Typical 1e-3 to 0.1.</param>
    /// <param name="momentum">μ, at least 0 and below 1. Typical 0.9.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public Nesterov(float learningRate = 0.01f, float momentum = 0.9f)
        : base(learningRate, vectors: 1)
    {
        MomentumFactor = CheckCoefficient(momentum);
    }

    /// <summary>μ: the share of the velocity that survives a step.</summary>
    public float MomentumFactor { get; }

    /// <inheritdoc/>
    public override void Update(Span<float> parameters, ReadOnlySpan<float> gradients, int offset, bool decay) =>
        OptimizerState.Update(State, new Rule(-LearningRate, MomentumFactor), parameters, gradients, offset);

    private readonly struct Rule(float rate, float momentum) : IUpdateRule
    {
        private readonly float rate = rate, momentum = momentum;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run<TVector>(Sweep<TVector> at)
            where TVector : struct, IVector<TVector>
        {
            TVector rate = this.rate, momentum = this.momentum;
            for (; at.Fits; at.Advance())
            {
                TVector gradient = at.Gradient, velocity = TVector.MultiplyAdd(momentum, at.First, gradient);
                at.First = TVector.Flush(velocity);
                at.Parameter = TVector.MultiplyAdd(rate, TVector.MultiplyAdd(momentum, velocity, gradient), at.Parameter);
            }
        }
    }
}
