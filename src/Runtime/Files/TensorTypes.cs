using System.Buffers.Binary;

namespace NetGen;

/// <summary>Element types of safetensors files, and their conversion to float.</summary>
internal static class TensorTypes
{
    /// <summary>Bytes per element of the types that can be read, else 0.</summary>
    public static int SizeOf(string type) => type switch
    {
        "F64" => 8,
        "F32" => 4,
        "F16" or "BF16" => 2,
        _ => 0,
    };

    /// <summary>Converts little-endian elements; one of each per float of the destination.</summary>
    public static void Decode(string type, ReadOnlySpan<byte> bytes, Span<float> values)
    {
        int size = SizeOf(type);
        for (int i = 0; i < values.Length; i++)
        {
            ReadOnlySpan<byte> element = bytes.Slice(i * size, size);
            values[i] = type switch
            {
                "F64" => (float)BinaryPrimitives.ReadDoubleLittleEndian(element),
                "F32" => BinaryPrimitives.ReadSingleLittleEndian(element),
                "F16" => (float)BinaryPrimitives.ReadHalfLittleEndian(element),

                // A bfloat16 is the upper half of a float.
                "BF16" => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadInt16LittleEndian(element) << 16),
                _ => throw new ArgumentOutOfRangeException(nameof(type), type, "The type cannot be read."),
            };
        }
    }
}
