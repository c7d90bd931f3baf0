namespace NetGen;

/// <summary>Reading of data whose announced size nobody has checked.</summary>
internal static class StreamExtensions
{
    private const int ChunkBytes = 1 << 20;

    /// <summary>Reads <paramref name="count"/> bytes, or what is left. The array grows with what is really there: a header alone cannot
    /// make this reserve gigabytes.</summary>
    public static byte[] ReadUpTo(this Stream content, int count)
    {
        byte[] bytes = new byte[Math.Min(count, ChunkBytes)];
        int length = 0;
        while (true)
        {
            int read = content.ReadAtLeast(bytes.AsSpan(length), bytes.Length - length, throwOnEndOfStream: false);
            length += read;
            if (length == count || length < bytes.Length)
                break;
            Array.Resize(ref bytes, (int)Math.Min(count, 2L * bytes.Length));
        }

        Array.Resize(ref bytes, length);
        return bytes;
    }
}
