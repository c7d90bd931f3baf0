namespace NetGen.Generator.Parsing;

/// <summary>Metadata names the generator looks for.</summary>
internal static class WellKnownNames
{
    public const string Namespace = "NetGen";
    public const string NetworkAttribute = "NetGen.NetworkAttribute";
    public const string LayerAttribute = "LayerAttribute";
    public const string LossAttribute = "LossAttribute";
}
