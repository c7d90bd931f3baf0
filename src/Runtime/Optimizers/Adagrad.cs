using System.Runtime.CompilerServices;

namespace NetGen;

/// <summary>Adagrad: s ← s + g², w ← w − lr · g / (√s + ε), s starting at 0.</summary>
/// <remarks>Duchi, Hazan and Singer, "Adaptive subgradient methods for online learning and stochastic optimization", 2011; ε outside the
/// root, as in PyTorch.</remarks>
public sealed class Adagrad : ElementwiseOptimizer
{
    /// <param name="learningRate">Step size, finite and positive. Typical 1e-2.</param>
    /// <param name="epsilon">Added to the denominator, finite and positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public Adagrad(float learningRate = 0.01f, float epsilon = 1e-10f)
        : base(learningRate, vectors: 1)
    {
        Epsilon = CheckEpsilon(epsilon);
    }

    /// <summary>Added to the denominator.</summary>
    public float Epsilon { get; }

    /// <inheritdoc/>
    public override void Update(Span<float> parameters, ReadOnlySpan<float> gradients, int offset, bool decay) =>
        OptimizerState.Update(State, new Rule(-LearningRate, Epsilon), parameters, gradients, offset);

    private readonly struct Rule(float rate, float epsilon) : IUpdateRule
    {
        private readonly float rate = rate, epsilon = epsilon;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run<TVector>(Sweep<TVector> at)
            where TVector : struct, IVector<TVector>
        {
            TVector rate = this.rate, epsilon = this.epsilon;
            for (; at.Fits; at.Advance())
            {
                TVector gradient = at.Gradient, sum = TVector.MultiplyAdd(gradient, gradient, at.First);
                at.First = sum;
                at.Parameter = TVector.MultiplyAdd(rate, gradient / (TVector.Sqrt(sum) + epsilon), at.Parameter);
            }
        }
    }
}
