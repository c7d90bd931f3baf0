using System.Runtime.CompilerServices;

namespace NetGen;

/// <summary>Updates parameters from gradients. Its state belongs to the network that it first steps.</summary>
/// <remarks>
/// A generated step calls <see cref="BeginStep"/> once, then <see cref="Update"/> for each range of trainable parameters. To write an
/// optimizer of your own, derive from this class; state is one float per parameter and is addressed by the range's offset.
/// </remarks>
public abstract class Optimizer
{
    private object? owner;
    private float learningRate;

    /// <param name="learningRate">Step size, finite and positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not finite or not positive.</exception>
    protected Optimizer(float learningRate)
    {
        if (!(learningRate > 0) || !float.IsFinite(learningRate))
            throw OutOfRange(learningRate, "positive and finite", nameof(learningRate));
        this.learningRate = learningRate;
    }

    /// <summary>Step size; schedules change it between steps. Finite and not negative: 0 stands still.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rate is negative, infinite or NaN.</exception>
    public float LearningRate
    {
        get => learningRate;
        set
        {
            if (!(value >= 0) || !float.IsFinite(value))
                throw OutOfRange(value, "at least 0 and finite", nameof(LearningRate));
            learningRate = value;
        }
    }

    /// <summary>Steps taken so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Whether the <c>decay</c> of <see cref="Update"/> matters.
    /// Where not, neighbouring parameters are updated in one call.</summary>
    public virtual bool UsesDecay => true;

    /// <summary>Whether ranges may be updated by several threads at once. Not unless the class says so: then one thread does all.</summary>
    public virtual bool AllowsThreads => false;

    /// <summary>What it remembers of the parameters; null where there is nothing, or nothing yet.</summary>
    internal virtual OptimizerState? State => null;

    /// <summary>Starts one step: binds the optimizer to its network at the first one and advances <see cref="Steps"/>.</summary>
    /// <param name="network">The network that is stepped.</param>
    /// <param name="parameterCount">Its number of parameters.</param>
    /// <exception cref="InvalidOperationException">The optimizer's state belongs to another network.</exception>
    public void BeginStep(object network, int parameterCount)
    {
        CheckOwner(network);
        if (owner is null)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(parameterCount);
            Initialize(parameterCount);
            owner = network;
        }

        Steps++;
        Prepare();
    }

    /// <summary>Updates one range of parameters in place.</summary>
    /// <param name="parameters">The range.</param>
    /// <param name="gradients">Mean gradient over the batch, same length.</param>
    /// <param name="offset">Where the range starts in the flat parameter vector.</param>
    /// <param name="decay">Whether weight decay applies: true for weights, false for biases and normalisation parameters.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the range leaves the parameter vector given to <see
    /// cref="BeginStep"/>.</exception>
    public abstract void Update(Span<float> parameters, ReadOnlySpan<float> gradients, int offset, bool decay);

    /// <summary>Allocates the state. Called once, before the first step.</summary>
    protected abstract void Initialize(int parameterCount);

    /// <summary>Computes what is the same for all ranges of a step, such as bias corrections. <see cref="Steps"/> has advanced.</summary>
    protected virtual void Prepare()
    {
    }

    /// <summary>Goes on where another optimizer of this kind has been.</summary>
    /// <param name="network">The network that it belongs to from now on.</param>
    /// <param name="steps">Steps that the other one had taken.</param>
    private protected void Resume(object network, long steps)
    {
        owner = network;
        Steps = steps;
    }

    /// <summary>Throws when the optimizer has stepped another network. Changes nothing.</summary>
    internal void CheckOwner(object network)
    {
        if (owner is not null && !ReferenceEquals(owner, network))
            throw OfAnother(owner);
    }

    /// <summary>A coefficient as it was written: 0.999 for 0.999f, whose binary value is 0.99900001287.</summary>
    /// <remarks>1 − β loses all leading digits, so the float's own error would change it by 1e-5.</remarks>
    internal static double AsWritten(float coefficient) => (double)(decimal)coefficient;

    /// <summary>1 − β for a coefficient as it was written.</summary>
    internal static float Rest(float coefficient) => (float)(1 - AsWritten(coefficient));

    /// <summary>Checks a coefficient of a moving average.</summary>
    internal static float CheckCoefficient(float value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value is >= 0 and < 1 ? value : throw OutOfRange(value, "at least 0 and below 1", name);

    /// <summary>Checks the small number that keeps a denominator from 0.</summary>
    internal static float CheckEpsilon(float value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value > 0 && float.IsFinite(value) ? value : throw OutOfRange(value, "positive and finite", name);

    /// <summary>Checks a coefficient that may be 0, such as that of a weight decay.</summary>
    internal static float CheckNotNegative(float value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value >= 0 && float.IsFinite(value) ? value : throw OutOfRange(value, "at least 0 and finite", name);

    /// <summary>Checks that a value lies between two others, which are excluded.</summary>
    internal static float CheckBetween(
        float value, float low, float high, [CallerArgumentExpression(nameof(value))] string? name = null) => value > low && value < high
        ? value
        : throw OutOfRange(value, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"above {low} and below {high}"), name);

    /// <summary>Checks that a range of parameters has as many gradients and lies inside the state.</summary>
    internal static void CheckRange(int parameters, int gradients, int offset, int stateLength)
    {
        if (parameters != gradients)
            throw Unequal(parameters, gradients);
        if (offset < 0 || offset > stateLength - parameters)
            throw Outside(parameters, offset, stateLength);
    }

    // Messages are built apart from the checks, which are then small enough to inline.
    private InvalidOperationException OfAnother(object owner) =>
        new($"This {GetType().Name} belongs to another network, a {owner.GetType().Name}; give each network an optimizer of its own.");

    private static ArgumentException Unequal(int parameters, int gradients) =>
        new($"There are {gradients} gradients for {parameters} parameters; the lengths must be equal.", nameof(gradients));

    private static ArgumentException Outside(int parameters, int offset, int stateLength) =>
        new(
            $"Parameters {offset} to {(long)offset + parameters - 1} are outside the {stateLength} parameters of the network.",
            nameof(offset));

    private static ArgumentOutOfRangeException OutOfRange(float value, string needed, string? name) =>
        new(name, value, $"{name} is {value.ToString(System.Globalization.CultureInfo.InvariantCulture)}; it must be {needed}.");
}
