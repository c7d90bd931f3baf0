using NetGen.Generator.Model;

namespace NetGen.Generator.Lints;

/// <summary>Advice on a declaration that compiles: what the mathematics says about it. One class per rule.</summary>
internal delegate IEnumerable<Problem> Lint(LintedNetwork network);
