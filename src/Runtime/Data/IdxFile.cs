using System.Buffers.Binary;
using System.IO.Compression;

namespace NetGen;

/// <summary>One IDX file of unsigned bytes.</summary>
/// <param name="Extents">Extents, outermost first; each at least 1.</param>
/// <param name="Values">Row-major values: the product of the extents.</param>
internal sealed record IdxFile(int[] Extents, byte[] Values)
{
    private const int UnsignedByte = 8, MaxDimensions = 8;

    public static IdxFile Read(string path)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no file '{Path.GetFullPath(path)}'.", path);
        using FileStream file = File.OpenRead(path);
        Span<byte> magic = stackalloc byte[2];
        bool zipped = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic is [0x1F, 0x8B];
        file.Position = 0;
        try
        {
            using Stream content = zipped ? new GZipStream(file, CompressionMode.Decompress) : new BufferedStream(file);
            return Read(content, path);
        }
        catch (InvalidDataException error) when (!error.Message.Contains(path, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"'{path}' is no intact gzip file: {error.Message}", error);
        }
    }

    private static IdxFile Read(Stream content, string path)
    {
        byte[] header = content.ReadUpTo(4);
        if (header.Length < 4)
            throw new InvalidDataException($"'{path}' ends after {header.Length} bytes; an IDX file starts with 4 magic bytes.");
        if (header[0] != 0 || header[1] != 0 || header[2] != UnsignedByte || header[3] is 0 or > MaxDimensions)
        {
            throw new InvalidDataException(
                $"'{path}' starts with the bytes {Convert.ToHexString(header)}; an IDX file of unsigned bytes starts with 000008 and "
                + $"the number of dimensions, 01 to {MaxDimensions:X2}.");
        }

        byte[] extentBytes = content.ReadUpTo(4 * header[3]);
        if (extentBytes.Length < 4 * header[3])
        {
            throw new InvalidDataException(
                $"'{path}' ends in its header; {header[3]} extents of 4 bytes are needed, {extentBytes.Length} bytes are there.");
        }

        int[] extents = new int[header[3]];
        long size = 1;
        for (int i = 0; i < extents.Length; i++)
        {
            extents[i] = BinaryPrimitives.ReadInt32BigEndian(extentBytes.AsSpan(4 * i));
            if (extents[i] < 1)
            {
                throw new InvalidDataException(
                    $"'{path}' says that dimension {i} has {(uint)extents[i]} entries; 1 to {int.MaxValue} are possible.");
            }

            size = size > Array.MaxLength ? size : size * extents[i];
        }

        string shape = string.Join(" × ", extents);
        if (size > Array.MaxLength)
            throw new InvalidDataException($"'{path}' announces {shape} bytes; at most {Array.MaxLength} fit in memory.");

        byte[] values = content.ReadUpTo((int)size);
        if (values.Length < size)
        {
            throw new InvalidDataException(
                $"'{path}' is truncated: its header announces {shape} = {size} bytes, {values.Length} are there.");
        }

        if (content.ReadByte() >= 0)
            throw new InvalidDataException($"'{path}' is longer than the {shape} = {size} bytes that its header announces.");
        return new IdxFile(extents, values);
    }
}
