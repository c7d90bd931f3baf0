namespace NetGen;

/// <summary>Why training ended.</summary>
public enum StopReason
{
    /// <summary>All epochs were trained.</summary>
    Completed,

    /// <summary>The loss did not improve for <see cref="EarlyStopping.Patience"/> epochs.</summary>
    EarlyStopping,

    /// <summary>The cancellation token was cancelled.</summary>
    Cancelled,

    /// <summary>
    /// A loss or a parameter became NaN or infinite. The parameters are those of the last good epoch (with early stopping that restores:
    /// the best), or the initial ones. The optimizer's state is not; go on with a new optimizer and a lower learning rate.
    /// </summary>
    Diverged,
}
