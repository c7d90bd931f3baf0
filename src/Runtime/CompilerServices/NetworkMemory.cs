using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;

namespace NetGen.CompilerServices;

/// <summary>What one network holds: its parameters and, once it trains, gradients and working memory.</summary>
/// <param name="parameterCount">Number of parameters.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class NetworkMemory(int parameterCount)
{
    private readonly AlignedBuffer parameters = new(parameterCount);
    private AlignedBuffer? gradients, work, batch;
    private float[]? rows;
    private int busy;

    /// <summary>The parameters in storage order.</summary>
    public Span<float> Parameters => parameters.Span;

    /// <summary>The gradients in storage order. What is frozen stays 0.</summary>
    public Span<float> Gradients => (gradients ??= new AlignedBuffer(parameterCount)).Span;

    /// <summary>The first parameter.</summary>
    public ref float Start => ref parameters.Start;

    /// <summary>The first gradient.</summary>
    public ref float StartGradients() => ref (gradients ??= new AlignedBuffer(parameterCount)).Start;

    /// <summary>The first float of the working memory, as last grown.</summary>
    public ref float Work => ref work!.Start;

    /// <summary>The first float of what a whole batch shares, beside the working memory.</summary>
    public ref float Batch => ref batch!.Start;

    /// <summary>Takes the memory for one step: two at once would mix their batches in it,
    /// and one could shrink it under the other.</summary>
    /// <param name="network">The network, for the message.</param>
    /// <returns>Gives the memory back.</returns>
    /// <exception cref="InvalidOperationException">Another step has it.</exception>
    public StepTurn BeginStep(object network) =>
        Interlocked.CompareExchange(ref busy, 1, 0) == 0 ? new StepTurn(this) : throw Overlap(network.GetType().Name);

    /// <summary>Gives the memory back.</summary>
    internal void EndStep() => Volatile.Write(ref busy, 0);

    /// <summary>What refuses two threads that train one network.</summary>
    internal static InvalidOperationException Overlap(string network) =>
        new($"{network} is being trained by another thread; a network takes one training at a time.");

    /// <summary>Memory for what a whole batch shares, such as its means.</summary>
    /// <param name="floats">How many are needed.</param>
    public void StartBatch(int floats)
    {
        if (batch is null || batch.Length < floats)
            batch = new AlignedBuffer(floats);
    }

    /// <summary>Working memory for a batch. It grows with the largest batch so far and is then kept.</summary>
    /// <param name="stride">Floats per block of samples.</param>
    /// <param name="samples">Samples of the batch.</param>
    /// <exception cref="ArgumentException">The batch needs more memory than one buffer holds.</exception>
    public ref float StartWork(int stride, int samples)
    {
        long needed = (long)stride * Panels.CountBlocks(samples);
        if (work is null || work.Length < needed)
            Grow(needed, samples);
        return ref work.Start;
    }

    /// <summary>Rows for a batch whose inputs or targets come apart. They grow with the largest batch so far and are then kept.</summary>
    /// <param name="samples">Samples of the batch.</param>
    /// <param name="rowLength">Floats of a sample.</param>
    public Span<float> Rows(int samples, int rowLength)
    {
        int needed = Arguments.CountFloats(samples, rowLength, nameof(samples));
        float[]? own = rows;
        if (own is null || own.Length < needed)
            rows = own = new float[needed];
        return own.AsSpan(0, needed);
    }

    [MemberNotNull(nameof(work))]
    private void Grow(long needed, int samples)
    {
        if (needed > Array.MaxLength / 2)
        {
            throw new ArgumentException(
                $"A batch of {samples} samples needs {needed} floats of working memory; at most {Array.MaxLength / 2} are possible.",
                nameof(samples));
        }

        work = new AlignedBuffer((int)needed);
    }
}
