namespace NetGen;

/// <summary>Why a minimisation by <see cref="LBFGS"/> ended.</summary>
public enum LBFGSStop
{
    /// <summary>The gradient is within <see cref="LBFGSOptions.GradientTolerance"/>.</summary>
    GradientTolerance,

    /// <summary>The last iteration changed the loss within <see cref="LBFGSOptions.LossTolerance"/>.</summary>
    LossTolerance,

    /// <summary>No step lowered the loss any more: a minimum to the precision of floats.</summary>
    NoFurtherProgress,

    /// <summary><see cref="LBFGSOptions.MaximumIterations"/> are done.</summary>
    MaximumIterations,

    /// <summary>The cancellation token was cancelled.</summary>
    Cancelled,

    /// <summary>The loss or its gradient was NaN or infinite at the start.</summary>
    NotFinite,
}
