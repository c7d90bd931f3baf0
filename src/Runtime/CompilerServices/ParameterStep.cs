using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NetGen.CompilerServices;

/// <summary>One worker's share of the parameter phase of a training step.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly ref struct ParameterStep
{
    /// <summary>Rows are split in whole register tiles of every vector width.</summary>
    private const int Granularity = 24;

    private readonly NetworkMemory memory;
    private readonly Optimizer? optimizer, penalizedOptimizer;
    private readonly ref float scratch, penalizedScratch;
    private readonly int worker, workers;

    /// <summary>A share that leaves gradients in the network's memory.</summary>
    /// <param name="memory">Parameters and gradients.</param>
    /// <param name="optimizer">Follows the kernels; null where there is none, or where the kernels do its work.</param>
    public ParameterStep(NetworkMemory memory, Optimizer? optimizer)
    {
        this.memory = memory;
        this.optimizer = optimizer;
        scratch = ref Unsafe.NullRef<float>();
        penalizedScratch = ref Unsafe.NullRef<float>();
        workers = 1;
    }

    /// <summary>A share whose gradients pass to the optimizer through a few kilobytes, without ever being in memory all at once.</summary>
    /// <param name="memory">Parameters and gradients.</param>
    /// <param name="optimizer">Follows the kernels; null where there is none, or where the kernels do its work.</param>
    /// <param name="scratchFloats">Floats of the gradients that wait for the optimizer at once.</param>
    /// <param name="worker">Which worker, from 0.</param>
    /// <param name="workers">How many there are.</param>
    public ParameterStep(NetworkMemory memory, Optimizer? optimizer, int scratchFloats, int worker, int workers)
        : this(memory, optimizer)
    {
        if (optimizer is not null)
            scratch = ref Scratch.OfThread(scratchFloats);
        this.worker = worker;
        this.workers = workers;
    }

    /// <summary>The same, for a network with penalties: their gradients are added before any optimizer takes a weight's.</summary>
    /// <param name="memory">Parameters and gradients.</param>
    /// <param name="optimizer">Null where there is none.</param>
    /// <param name="isFused">Whether the kernels do its work for parameters without penalties.</param>
    /// <param name="scratchFloats">Floats of the gradients that wait for the optimizer at once.</param>
    /// <param name="worker">Which worker, from 0.</param>
    /// <param name="workers">How many there are.</param>
    public ParameterStep(NetworkMemory memory, Optimizer? optimizer, bool isFused, int scratchFloats, int worker, int workers)
        : this(memory, isFused ? null : optimizer, scratchFloats, worker, workers)
    {
        penalizedOptimizer = optimizer;
        if (optimizer is not null)
            penalizedScratch = ref Scratch.OfThread(scratchFloats);
    }

    /// <summary>Whether this is a training step, which also moves the running averages.</summary>
    public bool Trains { get; init; }

    /// <summary>What follows once the sum of several gradients is known; the kernels cannot do its work then.</summary>
    public Optimizer? SumOptimizer { get; init; }

    /// <summary>Whether this worker does what is not split.</summary>
    public bool IsFirst => worker == 0;

    /// <summary>Whether the optimizer tells weights from biases; if not, neighbouring parameters may be updated together.</summary>
    public bool UsesDecay => optimizer is { UsesDecay: true };

    /// <summary>The network's first parameter, for gradients that depend on the parameter itself.</summary>
    public ref float Parameters => ref memory.Start;

    /// <summary>The first float of what gradients are written to.</summary>
    public ref float Gradients
    {
        get
        {
            if (Unsafe.IsNullRef(ref scratch))
                return ref memory.StartGradients();
            return ref scratch;
        }
    }

    /// <summary>Where the gradient of a range of parameters goes.</summary>
    /// <param name="start">The target of the first parameter.</param>
    /// <param name="offset">First parameter of the range.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref float Target(ref float start, int offset)
    {
        if (Unsafe.IsNullRef(ref scratch))
            return ref Unsafe.Add(ref start, offset);
        return ref start;
    }

    /// <summary>This worker's rows of a parameter; none are (0, 0).</summary>
    public (int First, int Last) Rows(int rows) => Rows(rows, Granularity);

    /// <summary>This worker's rows of a parameter; none are (0, 0).</summary>
    /// <param name="rows">Rows in all.</param>
    /// <param name="granularity">Rows that stay together.</param>
    public (int First, int Last) Rows(int rows, int granularity)
    {
        int tiles = (rows + granularity - 1) / granularity;
        int first = (int)((long)tiles * worker / workers) * granularity;
        int last = Math.Min(rows, (int)((long)tiles * (worker + 1) / workers) * granularity);
        return first < last ? (first, last) : (0, 0);
    }

    /// <summary>Lets the optimizer update a range of parameters whose gradients are known.</summary>
    /// <param name="offset">First float.</param>
    /// <param name="length">Number of floats.</param>
    /// <param name="decay">Whether weight decay applies.</param>
    public void Update(int offset, int length, bool decay)
    {
        if (optimizer is null)
            return;
        ReadOnlySpan<float> gradients = Unsafe.IsNullRef(ref scratch)
            ? memory.Gradients.Slice(offset, length)
            : MemoryMarshal.CreateReadOnlySpan(ref scratch, length);
        optimizer.Update(memory.Parameters.Slice(offset, length), gradients, offset, decay);
    }

    /// <summary>Where the gradient of a range of penalized parameters goes.</summary>
    /// <param name="offset">First parameter of the range.</param>
    public ref float PenalizedTarget(int offset)
    {
        if (Unsafe.IsNullRef(ref penalizedScratch))
            return ref Unsafe.Add(ref memory.StartGradients(), offset);
        return ref penalizedScratch;
    }

    /// <summary>Adds the gradients of penalties to those of a range of parameters, and lets the optimizer update it.</summary>
    /// <param name="offset">First float.</param>
    /// <param name="length">Number of floats.</param>
    /// <param name="decay">Whether weight decay applies.</param>
    /// <param name="l1">λ of λ · Σ|w|.</param>
    /// <param name="l2">λ of ½ λ · Σw².</param>
    public void UpdatePenalized(int offset, int length, bool decay, float l1, float l2)
    {
        Span<float> parameters = memory.Parameters.Slice(offset, length);
        Span<float> gradients = MemoryMarshal.CreateSpan(ref PenalizedTarget(offset), length);
        Penalty.AddGradient(parameters, gradients, l1, l2);
        penalizedOptimizer?.Update(parameters, gradients, offset, decay);
    }

    /// <summary>Adds the gradients of penalties to those in the network's memory.</summary>
    /// <param name="offset">First float.</param>
    /// <param name="length">Number of floats.</param>
    /// <param name="l1">λ of λ · Σ|w|.</param>
    /// <param name="l2">λ of ½ λ · Σw².</param>
    public void AddPenalty(int offset, int length, float l1, float l2) =>
        Penalty.AddGradient(memory.Parameters.Slice(offset, length), memory.Gradients.Slice(offset, length), l1, l2);

    /// <summary>Where the gradients of a range of parameters that are used several times are summed.</summary>
    /// <param name="offset">First parameter of the range.</param>
    public ref float Sum(int offset) => ref Unsafe.Add(ref memory.StartGradients(), offset);

    /// <summary>Lets the optimizer update a range of parameters whose gradients have been summed.</summary>
    /// <param name="offset">First float.</param>
    /// <param name="length">Number of floats.</param>
    /// <param name="decay">Whether weight decay applies.</param>
    public void UpdateSum(int offset, int length, bool decay) =>
        SumOptimizer?.Update(memory.Parameters.Slice(offset, length), memory.Gradients.Slice(offset, length), offset, decay);
}
