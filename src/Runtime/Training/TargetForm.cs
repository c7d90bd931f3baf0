namespace NetGen;

/// <summary>In which form a dataset's targets are given to a network.</summary>
internal enum TargetForm
{
    /// <summary>Class labels.</summary>
    Labels,

    /// <summary>The dataset's target values.</summary>
    Values,

    /// <summary>Labels as one-hot targets, one float per class; a loss of signs takes -1 for the other classes.</summary>
    OneHot,

    /// <summary>Labels 0 and 1 as one float; a loss of signs takes -1 and 1.</summary>
    Binary,
}
