namespace NetGen;

/// <summary>How the members of an <see cref="Ensemble{TNetwork}"/> answer together.</summary>
public enum Combination
{
    /// <summary>The mean of the members' outputs.</summary>
    Average,

    /// <summary>
    /// The share of the members that vote for each class: a member votes for its highest output, the first of equal ones. One output, and
    /// each of several yes-or-no outputs (the loss BinaryCrossEntropy), is voted on by itself: yes from 0.5 on.
    /// </summary>
    Vote,
}
