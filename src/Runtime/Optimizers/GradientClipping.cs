namespace NetGen;

/// <summary>Bounds gradients before the optimizer gets them: see <see cref="TrainingOptions.Clipping"/>.</summary>
public sealed class GradientClipping
{
    private GradientClipping(bool byNorm, float limit)
    {
        IsByNorm = byNorm;
        Limit = limit;
    }

    /// <summary>Whether the norm of all gradients is bounded, or each gradient by itself.</summary>
    public bool IsByNorm { get; }

    /// <summary>The largest norm, or the largest absolute value.</summary>
    public float Limit { get; }

    /// <summary>Bounds each gradient by itself: g ← min(max(g, −limit), limit).</summary>
    /// <remarks>Costs one more pass over a few kilobytes at a time. It changes the direction of the step.</remarks>
    /// <param name="limit">The largest absolute value, positive and finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is out of its range.</exception>
    public static GradientClipping ByValue(float limit) => new(false, Optimizer.CheckEpsilon(limit));

    /// <summary>Bounds the Euclidean norm of all gradients together: g ← g · limit / ‖g‖ where ‖g‖ &gt; limit.</summary>
    /// <remarks>
    /// Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks", 2013. The norm is known only when all
    /// gradients are. So they are kept, one more float per parameter, instead of passing to the optimizer while they are in the cache, and
    /// one thread does the update.
    /// </remarks>
    /// <param name="limit">The largest norm, positive and finite. Typical 0.5 to 5.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is out of its range.</exception>
    public static GradientClipping ByNorm(float limit) => new(true, Optimizer.CheckEpsilon(limit));

    /// <summary>What stands between a network and its optimizer.</summary>
    internal ClippingOptimizer Bind(ITrainableNetwork network, Optimizer optimizer) => IsByNorm
        ? new NormClippingOptimizer(network, optimizer, Limit)
        : new ValueClippingOptimizer(network, optimizer, Limit);
}
