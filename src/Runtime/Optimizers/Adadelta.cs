using System.Runtime.CompilerServices;

namespace NetGen;

/// <summary>Adadelta: s ← ρs + (1−ρ)g², δ = √(u + ε) / √(s + ε) · g, u ← ρu + (1−ρ)δ², w ← w − lr · δ, s and u starting at 0.</summary>
/// <remarks>Zeiler, "ADADELTA: an adaptive learning rate method", 2012, whose learning rate is 1; ε inside the roots, as there and in
/// PyTorch.</remarks>
public sealed class Adadelta : ElementwiseOptimizer
{
    private readonly float rest;

    /// <param name="learningRate">Scale of the steps, finite and positive. 1 is the published method.</param>
    /// <param name="decay">ρ: decay of both means, at least 0 and below 1.</param>
    /// <param name="epsilon">Added under both roots, finite and positive: the first step is about √ε.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public Adadelta(float learningRate = 1f, float decay = 0.9f, float epsilon = 1e-6f)
        : base(learningRate, vectors: 2)
    {
        Decay = CheckCoefficient(decay);
        rest = Rest(decay);
        Epsilon = CheckEpsilon(epsilon);
    }

    /// <summary>ρ: decay of both means.</summary>
    public float Decay { get; }

    /// <summary>Added under both roots.</summary>
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
                TVector change = TVector.Sqrt(at.Second + epsilon) / TVector.Sqrt(square + epsilon) * gradient;
                at.First = TVector.Flush(square);
                at.Second = TVector.Flush(TVector.MultiplyAdd(decay, at.Second, rest * change * change));
                at.Parameter = TVector.MultiplyAdd(rate, change, at.Parameter);
            }
        }
    }
}
