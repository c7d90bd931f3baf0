namespace NetGen.Generator.Model;

/// <summary>One insertion of a block's layers.</summary>
/// <param name="Instance">Counted from 1 in a network: marks inside belong to it alone.</param>
/// <param name="Prefix">What the names of its layers begin with: <c>stage1.residual2.</c>;
/// equal for insertions that share parameters.</param>
/// <param name="IsShared">Whether another insertion before it has these parameters.</param>
internal sealed record BlockDecl(int Instance, string Prefix, bool IsShared);
