using System.Buffers.Binary;
using System.IO.Compression;

namespace NetGen;

/// <summary>Reads PNG files (W3C PNG, third edition): every colour type, depth, filter and interlacing.</summary>
/// <remarks>
/// Own code because there is no small, managed, trim-safe library for it; decompression is the framework's. Transparency, gamma and other
/// chunks that pictures can be shown without are passed over.
/// </remarks>
internal static class PngDecoder
{
    public static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    public static bool Recognizes(ReadOnlySpan<byte> file) => file.StartsWith(Signature);

    public static Image Decode(ReadOnlySpan<byte> file)
    {
        PngHeader? header = null;
        ReadOnlySpan<byte> palette = default;
        using MemoryStream compressed = new();
        ReadOnlySpan<byte> rest = file[Signature.Length..];
        while (true)
        {
            (uint type, int length) = CheckChunk(rest);
            ReadOnlySpan<byte> data = rest.Slice(8, length);
            rest = rest[(12 + length)..];
            if (header is null && type != ChunkType("IHDR"u8))
                throw new InvalidDataException($"the first chunk is {Name(type)}, not IHDR.");
            if (type == ChunkType("IHDR"u8))
                header = header is null ? PngHeader.Parse(data) : throw new InvalidDataException("there are two IHDR chunks.");
            else if (type == ChunkType("PLTE"u8))
                palette = data;
            else if (type == ChunkType("IDAT"u8))
                compressed.Write(data);
            else if (type == ChunkType("IEND"u8))
                break;
            else if ((type & 0x20000000) == 0)      // a capital: the picture cannot be shown without it
                throw new InvalidDataException($"the chunk {Name(type)} is unknown, but marked as necessary.");
        }

        CheckPalette(header!.Value, palette);
        byte[] rows = Decompress(compressed, header.Value);
        return Unpack(header.Value, rows, palette);
    }

    /// <summary>A chunk's type and the length of its data, after checking that it is all there and intact.</summary>
    private static (uint Type, int Length) CheckChunk(ReadOnlySpan<byte> rest)
    {
        if (rest.Length < 12)
            throw new InvalidDataException("the file ends before its IEND chunk.");
        uint length = BinaryPrimitives.ReadUInt32BigEndian(rest), type = BinaryPrimitives.ReadUInt32BigEndian(rest[4..]);
        if (length > rest.Length - 12)
            throw new InvalidDataException($"the file ends inside its chunk {Name(type)} of {length} bytes.");
        ReadOnlySpan<byte> covered = rest.Slice(4, 4 + (int)length);
        if (Crc32.Compute(covered) != BinaryPrimitives.ReadUInt32BigEndian(rest[(8 + (int)length)..]))
            throw new InvalidDataException($"the checksum of its chunk {Name(type)} is wrong.");
        return (type, (int)length);
    }

    private static void CheckPalette(PngHeader header, ReadOnlySpan<byte> palette)
    {
        if (header.Colour == PngColour.Palette && (palette.IsEmpty || palette.Length % 3 != 0 || palette.Length > 3 * 256))
            throw new InvalidDataException($"its palette has {palette.Length} bytes; 3 for each of 1 to 256 colours are needed.");
    }

    private static byte[] Decompress(MemoryStream compressed, PngHeader header)
    {
        long size = 0;
        foreach (PngPass pass in PngPass.Of(header))
            size += pass.Bytes(header);
        compressed.Position = 0;
        byte[] rows = Inflate(compressed, (int)size);
        return rows.Length == size
            ? rows
            : throw new InvalidDataException($"it is truncated: its header announces {size} bytes of rows, {rows.Length} are there.");
    }

    private static byte[] Inflate(MemoryStream compressed, int size)
    {
        try
        {
            using ZLibStream zlib = new(compressed, CompressionMode.Decompress);
            byte[] rows = zlib.ReadUpTo(size);

            // Only at its end does the stream compare its own checksum. What a careless writer left behind the rows does no harm.
            zlib.ReadByte();
            return rows;
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            throw new InvalidDataException("its compressed rows are damaged.", error);
        }
    }

    private static Image Unpack(PngHeader header, Span<byte> rows, ReadOnlySpan<byte> palette)
    {
        float[] pixels = new float[header.Channels * header.Height * header.Width];
        int position = 0;
        foreach (PngPass pass in PngPass.Of(header))
        {
            int width = pass.Width(header), rowBytes = header.RowBytes(width), height = width == 0 ? 0 : pass.Height(header);
            Span<byte> above = default;
            for (int y = 0; y < height; y++)
            {
                Span<byte> row = rows.Slice(position + 1, rowBytes);
                PngFilter.Undo(rows[position], row, above, header.FilterDistance);
                int first = ((pass.Y + (y * pass.StepY)) * header.Width) + pass.X;
                UnpackRow(header, row, palette, pixels.AsSpan(first), width, pass.StepX);
                above = row;
                position += 1 + rowBytes;
            }
        }

        return new Image(header.Channels, header.Height, header.Width, pixels);
    }

    /// <param name="header">The header.</param>
    /// <param name="row">The row's bytes, without filter.</param>
    /// <param name="palette">Three bytes a colour.</param>
    /// <param name="pixels">The picture from the row's first pixel on.</param>
    /// <param name="width">Pixels of the row.</param>
    /// <param name="step">From one to the next.</param>
    private static void UnpackRow(
        PngHeader header, ReadOnlySpan<byte> row, ReadOnlySpan<byte> palette, Span<float> pixels, int width, int step)
    {
        int plane = header.Height * header.Width, samples = header.Samples;
        float most = (1 << header.Depth) - 1;
        for (int x = 0; x < width; x++)
        {
            for (int c = 0; c < header.Channels; c++)
            {
                int index = (x * samples) + (header.Colour == PngColour.Palette ? 0 : c);
                int value = Sample(row, index, header.Depth);
                pixels[(c * plane) + (x * step)] = header.Colour == PngColour.Palette ? PaletteValue(palette, value, c) : value / most;
            }
        }
    }

    private static float PaletteValue(ReadOnlySpan<byte> palette, int entry, int channel) => (3 * entry) + channel < palette.Length
        ? palette[(3 * entry) + channel] / 255f
        : throw new InvalidDataException($"a pixel has the colour {entry}; the palette has {palette.Length / 3}.");

    /// <summary>The row's sample with this index; the first of a byte lies in its high bits.</summary>
    private static int Sample(ReadOnlySpan<byte> row, int index, int depth)
    {
        if (depth == 16)
            return BinaryPrimitives.ReadUInt16BigEndian(row[(2 * index)..]);
        int bit = index * depth;
        return (row[bit >> 3] >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
    }

    private static uint ChunkType(ReadOnlySpan<byte> name) => BinaryPrimitives.ReadUInt32BigEndian(name);

    private static string Name(uint type)
    {
        Span<char> name = stackalloc char[4];
        for (int i = 0; i < name.Length; i++)
        {
            char letter = (char)((type >> (24 - (8 * i))) & 0xFF);
            name[i] = char.IsAsciiLetter(letter) ? letter : '?';
        }

        return new string(name);
    }
}
