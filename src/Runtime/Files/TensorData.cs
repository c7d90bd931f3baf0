using System.Buffers.Binary;

namespace NetGen;

/// <summary>The data of F32 tensors, a few kilobytes at a time.</summary>
internal static class TensorData
{
    private const int ChunkFloats = 1024;

    public static void Write(Stream stream, ReadOnlySpan<float> values)
    {
        Span<byte> bytes = stackalloc byte[ChunkFloats * sizeof(float)];
        for (; !values.IsEmpty; values = values[Math.Min(ChunkFloats, values.Length)..])
        {
            int count = Math.Min(ChunkFloats, values.Length);
            for (int i = 0; i < count; i++)
                BinaryPrimitives.WriteSingleLittleEndian(bytes[(i * sizeof(float))..], values[i]);
            stream.Write(bytes[..(count * sizeof(float))]);
        }
    }

    public static void Read(Stream stream, Span<float> values)
    {
        Span<byte> bytes = stackalloc byte[ChunkFloats * sizeof(float)];
        for (; !values.IsEmpty; values = values[Math.Min(ChunkFloats, values.Length)..])
        {
            int count = Math.Min(ChunkFloats, values.Length);
            stream.ReadExactly(bytes[..(count * sizeof(float))]);
            for (int i = 0; i < count; i++)
                values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);
        }
    }
}
