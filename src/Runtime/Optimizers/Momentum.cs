using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NetGen;

/// <summary>Gradient descent with momentum: v ← μ·v + g, w ← w − lr · v, v starting at 0. PyTorch's form: the first step is plain
/// descent.</summary>
public sealed class Momentum : ElementwiseOptimizer
{
    /// <param name="learningRate">Step size, finite and positive. Typical 1e-3 to 0.1.</param>
    /// <param name="momentum">μ, at least 0 and below 1. Typical 0.9.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public Momentum(float learningRate = 0.01f, float momentum = 0.9f)
        : base(learningRate, vectors: 1)
    {
        MomentumFactor = CheckCoefficient(momentum);
    }

    /// <summary>μ: the share of the velocity that survives a step.</summary>
    public float MomentumFactor { get; }

    /// <summary>v, one float per parameter in storage order; empty before the first step.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public Span<float> Velocity => State is null ? default : State[0];

    /// <summary>The first float of v, for generated code, after <see cref="Optimizer.BeginStep"/>.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public ref float StartVelocity() => ref MemoryMarshal.GetReference(Velocity);

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
                TVector velocity = TVector.MultiplyAdd(momentum, at.First, at.Gradient);
                at.First = TVector.Flush(velocity);
                at.Parameter = TVector.MultiplyAdd(rate, velocity, at.Parameter);
            }
        }
    }
}
