namespace NetGen.Generator.Parsing;

/// <summary>Metadata names the generator looks for.</summary>
internal static class WellKnownNames
{
    public const string DifferentiableAttribute = "NetGen.DifferentiableAttribute";
    public const string NetworkAttribute = "NetGen.NetworkAttribute";
}
