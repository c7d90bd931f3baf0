using System.ComponentModel;

namespace NetGen.CompilerServices;

/// <summary>What one call of Train or Predict works on. It stays on the caller's stack while workers read it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public ref struct Batch
{
    /// <summary>[samples][InputLength].</summary>
    public ReadOnlySpan<float> Inputs;

    /// <summary>[samples][OutputLength]; empty when there are labels, and when predicting.</summary>
    public ReadOnlySpan<float> Targets;

    /// <summary>One label per sample, or empty.</summary>
    public ReadOnlySpan<int> Labels;

    /// <summary>A weight per sample, or empty: then each counts 1.</summary>
    public ReadOnlySpan<float> Weights;

    /// <summary>What gradients of single losses are multiplied with: 1 / Σ of the weights.</summary>
    public float Scale;

    /// <summary>Receives [samples][OutputLength] when predicting.</summary>
    public Span<float> Outputs;

    /// <summary>Number of samples.</summary>
    public int Samples;

    /// <summary>Updates the parameters; null computes gradients only.</summary>
    public Optimizer? Optimizer;

    /// <summary>The weights of a worker's samples.</summary>
    public readonly ReadOnlySpan<float> WeightsOf(int first, int count) => Weights.IsEmpty ? default : Weights.Slice(first, count);

    /// <summary>A worker's samples: whole groups, so that where the split falls changes no bit.</summary>
    /// <param name="group">Samples that stay together.</param>
    /// <param name="worker">Which worker, from 0.</param>
    /// <param name="workers">How many there are.</param>
    public readonly (int First, int Count) Share(int group, int worker, int workers)
    {
        long groups = ((long)Samples + group - 1) / group;
        int first = (int)(groups * worker / workers) * group;
        long end = groups * (worker + 1) / workers * group;
        return (first, (int)Math.Min(Samples, end) - first);
    }
}
