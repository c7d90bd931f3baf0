using System.ComponentModel;

namespace NetGen.CompilerServices;

/// <summary>A step's hold on its network's memory, until it ends in whatever way.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct StepTurn : IDisposable
{
    private readonly NetworkMemory memory;

    internal StepTurn(NetworkMemory memory) => this.memory = memory;

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => memory.EndStep();
}
