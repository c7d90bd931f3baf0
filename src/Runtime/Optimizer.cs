namespace NetGen;

/// <summary>Updates parameters from gradients. Its state belongs to the network that it first steps.</summary>
/// <remarks>
/// A generated step calls <see cref="BeginStep"/> once, then <see cref="Update"/> for each range of trainable parameters. To write an
/// optimizer of your own, derive from this class; state is one float per parameter and is addressed by the range's offset.
/// </remarks>
public abstract class Optimizer
{
    private object? owner;

    /// <param name="learningRate">Step size, finite and positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not finite or not positive.</exception>
    protected Optimizer(float learningRate)
    {
        LearningRate = learningRate;
    }

    /// <summary>Step size; schedules change it between steps.</summary>
    public float LearningRate { get; set; }

    /// <summary>Steps taken so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Starts one step: binds the optimizer to its network at the first one and advances <see cref="Steps"/>.</summary>
    /// <param name="network">The network that is stepped.</param>
    /// <param name="parameterCount">Its number of parameters.</param>
    /// <exception cref="InvalidOperationException">The optimizer's state belongs to another network.</exception>
    public void BeginStep(object network, int parameterCount)
    {
        if (owner is null)
        {
            Initialize(parameterCount);
            owner = network;
        }
        else if (!ReferenceEquals(owner, network))
        {
            throw new InvalidOperationException(
                $"This {GetType().Name} belongs to another network, a {owner.GetType().Name}; give each network an optimizer of its own.");
        }

        Steps++;
        Prepare();
    }

    /// <summary>Updates one range of parameters in place.</summary>
    /// <param name="parameters">The range.</param>
    /// <param name="gradients">Mean gradient over the batch, same length.</param>
    /// <param name="offset">Where the range starts in the flat parameter vector.</param>
    /// <param name="decay">Whether weight decay applies: true for weights, false for biases and normalisation parameters.</param>
    public abstract void Update(Span<float> parameters, ReadOnlySpan<float> gradients, int offset, bool decay);

    /// <summary>Allocates the state. Called once, before the first step.</summary>
    protected abstract void Initialize(int parameterCount);

    /// <summary>Computes what is the same for all ranges of a step, such as bias corrections. <see cref="Steps"/> has advanced.</summary>
    protected virtual void Prepare()
    {
    }
}
