using System.Runtime.CompilerServices;

namespace NetGen;

/// <summary>Stochastic gradient descent: w ← w − lr · g.</summary>
public sealed class SGD : Optimizer
{
    private OptimizerState? state;

    /// <param name="learningRate">Step size, finite and positive. Typical 1e-3 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not finite or not positive.</exception>
    public SGD(float learningRate = 0.01f)
        : base(learningRate)
    {
    }

    /// <inheritdoc/>
    public override bool UsesDecay => false;

    /// <inheritdoc/>
    public override bool AllowsThreads => true;

    /// <inheritdoc/>
    public override void Update(Span<float> parameters, ReadOnlySpan<float> gradients, int offset, bool decay) =>
        OptimizerState.Update(state, new Rule(-LearningRate), parameters, gradients, offset);

    /// <inheritdoc/>
    protected override void Initialize(int parameterCount) => state = new OptimizerState(parameterCount, vectors: 0);

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
