using System.Globalization;
using System.Runtime.CompilerServices;

namespace NetGen;

/// <summary>RProp: each parameter has its own step η, which grows by η⁺ while the gradient keeps its sign and shrinks by η⁻ when it turns;
/// w ← w − η · sign(g). For full batches only: the signs of small batches' gradients are noise.</summary>
/// <remarks>Riedmiller and Braun, "A direct adaptive method for faster backpropagation learning: the RPROP algorithm", 1993; as in PyTorch,
/// a parameter whose gradient turned waits for one step.</remarks>
public sealed class RProp : ElementwiseOptimizer
{
    private readonly float initialStep;

    /// <param name="learningRate">The first η of every parameter, finite and positive. When a schedule changes the rate, steps are scaled
    /// by its ratio to this one.</param>
    /// <param name="etaMinus">η⁻, above 0 and below 1.</param>
    /// <param name="etaPlus">η⁺, above 1 and finite.</param>
    /// <param name="minimumStep">The smallest η, finite and positive.</param>
    /// <param name="maximumStep">The largest η, finite and at least the smallest.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public RProp(
        float learningRate = 0.01f, float etaMinus = 0.5f, float etaPlus = 1.2f, float minimumStep = 1e-6f, float maximumStep = 50f)
        : base(learningRate, vectors: 2)
    {
        initialStep = learningRate;
        EtaMinus = CheckBetween(etaMinus, 0, 1);
        EtaPlus = CheckBetween(etaPlus, 1, float.PositiveInfinity);
        MinimumStep = CheckEpsilon(minimumStep);
        MaximumStep = CheckBetween(maximumStep, 0, float.PositiveInfinity);
        if (maximumStep < minimumStep)
        {
            throw new ArgumentOutOfRangeException(nameof(maximumStep), maximumStep, string.Create(
                CultureInfo.InvariantCulture, $"maximumStep is {maximumStep}; it must be at least minimumStep, {minimumStep}."));
        }
    }

    /// <summary>η⁻: factor of a step whose gradient turned.</summary>
    public float EtaMinus { get; }

    /// <summary>η⁺: factor of a step whose gradient kept its sign.</summary>
    public float EtaPlus { get; }

    /// <summary>The smallest η.</summary>
    public float MinimumStep { get; }

    /// <summary>The largest η.</summary>
    public float MaximumStep { get; }

    /// <inheritdoc/>
    public override void Update(Span<float> parameters, ReadOnlySpan<float> gradients, int offset, bool decay) =>
        OptimizerState.Update(State, new Rule(EtaMinus, EtaPlus, MinimumStep, MaximumStep, -LearningRate / initialStep),
            parameters, gradients, offset);

    /// <inheritdoc/>
    protected override void Initialize(int parameterCount)
    {
        base.Initialize(parameterCount);
        State![1].Fill(initialStep);
    }

    /// <summary>The state is the direction of the last step, −1, 0 or 1, and η.</summary>
    private readonly struct Rule(float minus, float plus, float minimum, float maximum, float scale) : IUpdateRule
    {
        private readonly float minus = minus, plus = plus, minimum = minimum, maximum = maximum, scale = scale;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Run<TVector>(Sweep<TVector> at)
            where TVector : struct, IVector<TVector>
        {
            TVector minus = this.minus, plus = this.plus, minimum = this.minimum, maximum = this.maximum, scale = this.scale;
            TVector one = 1f, minusOne = -1f, zero = 0f;
            for (; at.Fits; at.Advance())
            {
                TVector gradient = at.Gradient;

                // 0 · gradient is 0, or NaN where the gradient is, which must not go unnoticed.
                TVector sign = TVector.BySign(gradient, one, minusOne, zero * gradient);
                TVector turn = sign * at.First;
                TVector step = TVector.Min(TVector.Max(at.Second * TVector.BySign(turn, plus, minus, one), minimum), maximum);
                TVector direction = TVector.BySign(turn, sign, zero, sign);
                at.First = direction;
                at.Second = step;
                at.Parameter = TVector.MultiplyAdd(scale, direction * step, at.Parameter);
            }
        }
    }
}
