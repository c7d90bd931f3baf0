namespace NetGen.Generator.Graph;

/// <summary>An input or an output of a network that has several.</summary>
/// <param name="Name">As declared.</param>
/// <param name="Shape">Without the batch.</param>
internal sealed record Port(string Name, Shape Shape);
