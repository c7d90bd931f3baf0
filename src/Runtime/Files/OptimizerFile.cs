using System.Buffers.Binary;

namespace NetGen;

/// <summary>An optimizer's state as a safetensors file: the number of its steps, and its vectors in storage order.</summary>
/// <remarks>Names begin with the optimizer's own, <c>Adam.steps</c> and <c>Adam.state1</c>, so that no other one takes them for its
/// own.</remarks>
internal static class OptimizerFile
{
    private const string StepsType = "I64", StateType = "F32";

    public static void Write(Stream stream, string optimizer, OptimizerState state, long steps)
    {
        stream.Write(SafetensorsHeader.Write(Entries(optimizer, state.Length, state.Count)));
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, steps);
        stream.Write(bytes);
        for (int i = 0; i < state.Count; i++)
            TensorData.Write(stream, state[i]);
    }

    /// <summary>Reads a file that is exactly what the optimizer would write.</summary>
    /// <param name="file">It stands at its start.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="optimizer">The optimizer's name.</param>
    /// <param name="length">Number of parameters.</param>
    /// <param name="count">Vectors of state.</param>
    /// <exception cref="InvalidDataException">The file is damaged, of another optimizer or of another network.</exception>
    public static (OptimizerState State, long Steps) Read(Stream file, string name, string optimizer, int length, int count)
    {
        List<TensorEntry> found = SafetensorsHeader.Read(file, name);
        TensorEntry[] needed = [.. Entries(optimizer, length, count)];
        if (!found.Select(Describe).SequenceEqual(needed.Select(Describe)))
        {
            throw new InvalidDataException(
                $"'{name}' does not fit this {optimizer}: it holds {List(found)}; {List(needed)} are needed.");
        }

        Span<byte> bytes = stackalloc byte[sizeof(long)];
        file.ReadExactly(bytes);
        long steps = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        if (steps < 1)
            throw new InvalidDataException($"'{name}' is damaged: its optimizer has done {steps} steps; at least 1 is needed.");
        OptimizerState state = new(length, count);
        for (int i = 0; i < count; i++)
            TensorData.Read(file, state[i]);
        return (state, steps);
    }

    private static IEnumerable<TensorEntry> Entries(string optimizer, int length, int count)
    {
        yield return new TensorEntry($"{optimizer}.steps", StepsType, [], 0, sizeof(long));
        long bytes = sizeof(float) * (long)length, position = sizeof(long);
        for (int i = 1; i <= count; i++, position += bytes)
        {
            yield return new TensorEntry(
                string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{optimizer}.state{i}"), StateType, [length], position,
                position + bytes);
        }
    }

    private static string Describe(TensorEntry entry) =>
        $"{entry.Name} {entry.Type} {entry.Describe()}, bytes {entry.Begin} to {entry.End}";

    private static string List(IEnumerable<TensorEntry> entries) =>
        string.Join(", ", entries.Select(entry => $"{entry.Name} {entry.Type} {entry.Describe()}"));
}
