namespace NetGen;

/// <summary>A parameter whose tensor in a file has another shape, or a type that cannot be read.</summary>
/// <param name="Name">The parameter: <c>dense2.weight</c>.</param>
/// <param name="Difference">What was found and what is needed: <c>is [10, 128], needed is [5, 128]</c>.</param>
public sealed record TensorMismatch(string Name, string Difference)
{
    /// <summary>Name and difference.</summary>
    public override string ToString() => $"{Name} {Difference}";
}

/// <summary>What <see cref="Safetensors.LoadMatching"/> took from a file. <see cref="ToString"/> lists it.</summary>
/// <param name="Loaded">Parameters that came from the file, in the network's order.</param>
/// <param name="Missing">Parameters that the file does not have; unchanged.</param>
/// <param name="Mismatched">Parameters whose tensor does not fit; unchanged.</param>
/// <param name="Unused">Tensors of the file that the network does not have.</param>
public sealed record TransferResult(
    IReadOnlyList<string> Loaded, IReadOnlyList<string> Missing, IReadOnlyList<TensorMismatch> Mismatched, IReadOnlyList<string> Unused)
{
    /// <summary>A line for each list that is not empty.</summary>
    public override string ToString()
    {
        (string Title, IReadOnlyList<object> Items)[] lists =
            [("loaded", Loaded), ("missing", Missing), ("not fitting", Mismatched), ("unused", Unused)];
        return string.Join(
            '\n', lists.Where(list => list.Items.Count > 0).Select(list => $"{list.Title}: {string.Join(", ", list.Items)}"));
    }
}
