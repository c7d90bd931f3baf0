namespace NetGen;

/// <summary>The formula of one optimizer's step, with the step's scalars as fields. A struct, so that it is compiled into the
/// pass.</summary>
internal interface IUpdateRule
{
    /// <summary>Updates parameters and state, so many at a time, as far as they reach.</summary>
    /// <remarks>Scalars that are used in the loop are made vectors before it: left to itself, the JIT does so for a few only, which cost
    /// Adam 15 %.</remarks>
    void Run<TVector>(Sweep<TVector> at)
        where TVector : struct, IVector<TVector>;
}
