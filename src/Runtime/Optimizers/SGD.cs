using System.Runtime.CompilerServices;

namespace NetGen;

/// <summary>Stochastic gradient descent: w ← w − lr · g.</summary>
public sealed class SGD : ElementwiseOptimizer
{
    /// <param name="learningRate">Step size, finite and positive. Typical 1e-3 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not finite or not positive.</exception>
    public SGD(float learningRate = 0.01f)
        : base(learningRate, vectors: 0)
    {
    }

    /// <inheritdoc/>
    public override void Update(Span<float> parameters, ReadOnlySpan<float> gradients, int offset, bool decay) =>
        OptimizerState.Update(State, new Rule(-LearningRate), parameters, gradients, offset);

    private readonly struct Rule(float rate) : IUpdateRule
    {
        private readonly float rate = rate;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run<TVector>(Sweep<TVector> at)
            where TVector : struct, IVector<TVector>
        {
            TVector rate = this.rate;
            for (; at.Fits; at.Advance())
                at.Parameter = TVector.MultiplyAdd(rate, at.Gradient, at.Parameter);
        }
    }
}
