using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;

namespace NetGen;

/// <summary>The header of a safetensors file: an 8-byte little-endian length, then JSON that says which tensor lies where.</summary>
/// <remarks>https://huggingface.co/docs/safetensors: no gaps, no overlaps, no bytes left over.</remarks>
internal static class SafetensorsHeader
{
    public const int LengthBytes = 8;
    private const long MaxHeaderBytes = 100_000_000;   // the reference implementation's limit
    private const int Alignment = 8;                   // the data section starts at a multiple, so that readers may map it

    /// <summary>Length and JSON, padded with blanks.</summary>
    public static byte[] Write(IEnumerable<TensorEntry> entries)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            foreach (TensorEntry entry in entries)
            {
                json.WriteStartObject(entry.Name);
                json.WriteString("dtype", entry.Type);
                json.WriteStartArray("shape");
                foreach (long extent in entry.Shape)
                    json.WriteNumberValue(extent);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(entry.Begin);
                json.WriteNumberValue(entry.End);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        int length = (buffer.WrittenCount + Alignment - 1) / Alignment * Alignment;
        byte[] header = new byte[LengthBytes + length];
        BinaryPrimitives.WriteInt64LittleEndian(header, length);
        buffer.WrittenSpan.CopyTo(header.AsSpan(LengthBytes));
        header.AsSpan(LengthBytes + buffer.WrittenCount).Fill((byte)' ');
        return header;
    }

    /// <summary>Reads and checks the header. Leaves the stream at the data section.</summary>
    /// <exception cref="InvalidDataException">The header is not in the format, or does not describe the rest of the file.</exception>
    public static List<TensorEntry> Read(Stream file, string path)
    {
        Span<byte> lengthBytes = stackalloc byte[LengthBytes];
        if (file.Length < LengthBytes)
            throw Invalid(path, $"{file.Length} bytes; at least {LengthBytes} are needed for the header's length");
        file.ReadExactly(lengthBytes);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(lengthBytes);
        long available = file.Length - LengthBytes;
        if (length > (ulong)Math.Min(available, MaxHeaderBytes))
            throw Invalid(path, $"the header's length is {length} bytes, but {available} bytes follow and {MaxHeaderBytes} are the limit");
        byte[] text = new byte[(int)length];
        file.ReadExactly(text);
        List<TensorEntry> entries;
        try
        {
            entries = Parse(text, path);
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException)
        {
            throw new InvalidDataException(
                $"'{path}' is not a valid safetensors file: its header is not the JSON expected: {error.Message}", error);
        }

        CheckOffsets(entries, available - (long)length, path);
        return entries;
    }

    private static List<TensorEntry> Parse(byte[] text, string path)
    {
        Utf8JsonReader json = new(text);
        List<TensorEntry> entries = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        Expect(ref json, JsonTokenType.StartObject);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string name = json.GetString()!;
            if (!names.Add(name))
                throw Invalid(path, $"its header names '{name}' twice");
            Expect(ref json, JsonTokenType.StartObject);
            if (name == "__metadata__")
                json.Skip();
            else
                entries.Add(ParseEntry(ref json, name, path));
        }

        while (json.Read())
            throw Invalid(path, "its header goes on after the JSON object");
        return entries;
    }

    private static TensorEntry ParseEntry(ref Utf8JsonReader json, string name, string path)
    {
        string? type = null;
        List<long>? shape = null, offsets = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("dtype"))
            {
                Expect(ref json, JsonTokenType.String);
                type = json.GetString();
            }
            else if (json.ValueTextEquals("shape"))
                shape = ParseArray(ref json);
            else if (json.ValueTextEquals("data_offsets"))
                offsets = ParseArray(ref json);
            else
                throw Invalid(path, $"the tensor '{name}' has an unknown property '{json.GetString()}'");
        }

        if (type is null || shape is null || offsets is not { Count: 2 })
            throw Invalid(path, $"the tensor '{name}' needs dtype, shape and two data_offsets");
        return new TensorEntry(name, type, [.. shape], offsets[0], offsets[1]);
    }

    private static List<long> ParseArray(ref Utf8JsonReader json)
    {
        Expect(ref json, JsonTokenType.StartArray);
        List<long> values = [];
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            long value = json.GetInt64();
            values.Add(value >= 0 ? value : throw new FormatException($"{value} is negative."));
        }

        return values;
    }

    private static void CheckOffsets(List<TensorEntry> entries, long dataBytes, string path)
    {
        long position = 0;
        foreach (TensorEntry entry in entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End))
        {
            if (entry.Begin != position || entry.End < entry.Begin)
            {
                throw Invalid(path, $"the tensor '{entry.Name}' lies at bytes {entry.Begin} to {entry.End}; it must start at {position}, "
                    + "where the one before ends, without gap or overlap");
            }

            position = entry.End;
            int size = TensorTypes.SizeOf(entry.Type);
            if (size > 0 && !Holds(entry, size))
            {
                throw Invalid(path,
                    $"the tensor '{entry.Name}' of type {entry.Type} and shape {entry.Describe()} does not fill "
                    + $"its {entry.End - entry.Begin} bytes");
            }
        }

        if (position != dataBytes)
            throw Invalid(path, $"the tensors take {position} bytes, but {dataBytes} follow the header");
    }

    private static bool Holds(TensorEntry entry, int elementSize)
    {
        Int128 size = elementSize;
        foreach (long extent in entry.Shape)
        {
            size *= extent;
            if (size > long.MaxValue)
                return false;
        }

        return size == entry.End - entry.Begin;
    }

    private static void Expect(ref Utf8JsonReader json, JsonTokenType type)
    {
        if (!json.Read() || json.TokenType != type)
            throw new FormatException($"{type} is needed at byte {json.TokenStartIndex}; {json.TokenType} was found.");
    }

    private static InvalidDataException Invalid(string path, string found) => new($"'{path}' is not a valid safetensors file: {found}.");
}
