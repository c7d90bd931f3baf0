namespace NetGen.Generator.Emission;

/// <summary>Addresses relative to a managed reference.</summary>
internal static class Address
{
    /// <summary>The float <paramref name="offset"/> behind a reference, as an lvalue.</summary>
    public static string At(string reference, string offset) => offset == "0" ? reference : $"Unsafe.Add(ref {reference}, {offset})";

    public static string At(string reference, int offset) => At(reference, Identifier.Text(offset));
}
