using System.ComponentModel;

namespace NetGen.CompilerServices;

/// <summary>Work that several threads share: phase by phase, each split between all workers.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IPhases
{
    /// <summary>Does one worker's share of a phase. All shares of a phase end before the next phase begins.</summary>
    /// <param name="batch">What is worked on.</param>
    /// <param name="phase">0 predicts; 1 and more are the phases of a training step.</param>
    /// <param name="worker">Which share, from 0.</param>
    /// <param name="workers">How many shares there are.</param>
    void RunPhase(ref Batch batch, int phase, int worker, int workers);
}
