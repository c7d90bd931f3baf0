namespace NetGen.Generator;

/// <summary>Names of the pipeline's steps, by which tests ask what was cached.</summary>
internal static class StepNames
{
    public const string Parse = "Parse";
    public const string Declaration = "Declaration";
    public const string Differentiable = "Differentiable";
    public const string Diagnostics = "Diagnostics";
}
