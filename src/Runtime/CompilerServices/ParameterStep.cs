using System.ComponentModel;

namespace NetGen.CompilerServices;

/// <summary>One worker's share of the parameter phase of a training step.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly ref struct ParameterStep
{
    /// <summary>Rows are split in whole register tiles of every vector width.</summary>
    private const int Granularity = 24;

    private readonly NetworkMemory memory;
    private readonly Optimizer? optimizer;
    private readonly int worker, workers;

    /// <param name="memory">Parameters and gradients.</param>
    /// <param name="optimizer">Null where the kernels themselves do what is to be done with the gradients.</param>
    /// <param name="worker">Which worker, from 0.</param>
    /// <param name="workers">How many there are.</param>
    public ParameterStep(NetworkMemory memory, Optimizer? optimizer, int worker = 0, int workers = 1)
    {
        this.memory = memory;
        this.optimizer = optimizer;
        this.worker = worker;
        this.workers = workers;
    }

    /// <summary>Whether this worker does what is not split.</summary>
    public bool IsFirst => worker == 0;

    /// <summary>Whether the optimizer tells weights from biases; if not, neighbouring parameters may be updated together.</summary>
    public bool UsesDecay => optimizer is { UsesDecay: true };

    /// <summary>This worker's rows of a parameter; none are (0, 0).</summary>
    public (int First, int Last) Rows(int rows)
    {
        int tiles = (rows + Granularity - 1) / Granularity;
        int first = (int)((long)tiles * worker / workers) * Granularity;
        int last = Math.Min(rows, (int)((long)tiles * (worker + 1) / workers) * Granularity);
        return first < last ? (first, last) : (0, 0);
    }

    /// <summary>Lets the optimizer update a range of parameters whose gradients are known.</summary>
    /// <param name="offset">First float.</param>
    /// <param name="length">Number of floats.</param>
    /// <param name="decay">Whether weight decay applies.</param>
    public void Update(int offset, int length, bool decay) =>
        optimizer?.Update(memory.Parameters.Slice(offset, length), memory.Gradients.Slice(offset, length), offset, decay);
}
