using System.Buffers.Binary;
using System.IO.Compression;

namespace NetGen.Tests;

/// <summary>Writes PNG files of every kind from the text of the standard; shares nothing with the product's code.</summary>
internal sealed class PngFile
{
    public static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    /// <summary>Which of the seven passes each pixel of an 8 × 8 block comes in: the picture in section 8 of the standard.</summary>
    private static readonly string[] Adam7 =
        ["16462646", "77777777", "56565656", "77777777", "36463646", "77777777", "56565656", "77777777"];

    public required int Width { get; init; }

    public required int Height { get; init; }

    public int Depth { get; init; } = 8;

    /// <summary>0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha.</summary>
    public int Colour { get; init; }

    public bool Interlaced { get; init; }

    public byte[]? Palette { get; init; }

    /// <summary>The filter of the n-th row in the file.</summary>
    public Func<int, int> Filter { get; init; } = _ => 0;

    /// <summary>Stored blocks, written by hand, instead of the framework's compression.</summary>
    public bool Stored { get; init; }

    /// <summary>Bytes of each IDAT chunk.</summary>
    public int ChunkBytes { get; init; } = int.MaxValue;

    public static int SamplesOf(int colour) => colour switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };

    /// <param name="sample">The value of a sample: row, column, index in the pixel.</param>
    public byte[] Write(Func<int, int, int, int> sample)
    {
        byte[] rows = Rows(sample), compressed = Stored ? Store(rows) : Deflate(rows);
        List<byte> file = [.. Signature, .. Chunk("IHDR", Header(Width, Height, Depth, Colour, Interlaced ? 1 : 0))];
        if (Palette is not null)
            file.AddRange(Chunk("PLTE", Palette));
        file.AddRange(Chunk("tEXt", "Title\0a picture"u8.ToArray()));
        foreach (byte[] part in compressed.Chunk(ChunkBytes))
            file.AddRange(Chunk("IDAT", part));
        return [.. file, .. Chunk("IEND", [])];
    }

    public static byte[] Header(long width, long height, int depth, int colour, int interlace)
    {
        byte[] header = new byte[13];
        BinaryPrimitives.WriteUInt32BigEndian(header, (uint)width);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), (uint)height);
        (header[8], header[9], header[12]) = ((byte)depth, (byte)colour, (byte)interlace);
        return header;
    }

    public static byte[] Chunk(string type, byte[] data)
    {
        byte[] covered = [.. type.Select(letter => (byte)letter), .. data];
        uint crc = uint.MaxValue;
        foreach (byte value in covered)
        {
            for (int bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ (((crc ^ (uint)(value >> bit)) & 1) * 0xEDB88320);
        }

        return [.. BigEndian((uint)data.Length), .. covered, .. BigEndian(~crc)];
    }

    public static byte[] Deflate(byte[] bytes)
    {
        using MemoryStream compressed = new();
        using (ZLibStream zlib = new(compressed, CompressionLevel.SmallestSize))
            zlib.Write(bytes);
        return compressed.ToArray();
    }

    /// <summary>RFC 1950 and 1951: uncompressed blocks.</summary>
    private static byte[] Store(byte[] bytes)
    {
        List<byte> stream = [0x78, 0x01];
        uint a = 1, b = 0;
        for (int start = 0; start < bytes.Length; start += 1000)
        {
            int length = Math.Min(1000, bytes.Length - start);
            byte last = start + length == bytes.Length ? (byte)1 : (byte)0;
            stream.AddRange([last, (byte)length, (byte)(length >> 8), (byte)~length, (byte)(~length >> 8)]);
            foreach (byte value in bytes.AsSpan(start, length))
            {
                stream.Add(value);
                a = (a + value) % 65521;
                b = (b + a) % 65521;
            }
        }

        return [.. stream, .. BigEndian((b << 16) | a)];
    }

    private byte[] Rows(Func<int, int, int, int> sample)
    {
        List<byte> rows = [];
        int number = 0;
        foreach (char pass in Interlaced ? "1234567" : "-")
        {
            byte[]? above = null;
            for (int y = 0; y < Height; y++)
            {
                int[] columns = [.. Enumerable.Range(0, Width).Where(x => pass == '-' || Adam7[y % 8][x % 8] == pass)];
                if (columns.Length == 0)
                    continue;
                byte[] row = Pack([.. columns.SelectMany(x => Enumerable.Range(0, SamplesOf(Colour)).Select(i => sample(y, x, i)))]);
                int filter = Filter(number++);
                rows.Add((byte)filter);
                rows.AddRange(Filtered(filter, row, above ?? new byte[row.Length]));
                above = row;
            }
        }

        return [.. rows];
    }

    private byte[] Pack(int[] samples)
    {
        string bits = string.Concat(samples.Select(value => Convert.ToString(value, 2).PadLeft(Depth, '0')));
        bits = bits.PadRight((bits.Length + 7) / 8 * 8, '0');
        return [.. bits.Chunk(8).Select(octet => Convert.ToByte(new string(octet), 2))];
    }

    private byte[] Filtered(int filter, byte[] row, byte[] above)
    {
        int distance = Math.Max(1, SamplesOf(Colour) * Depth / 8);
        byte[] filtered = new byte[row.Length];
        for (int i = 0; i < row.Length; i++)
        {
            int a = i < distance ? 0 : row[i - distance], b = above[i], c = i < distance ? 0 : above[i - distance];
            int estimate = a + b - c;
            int paeth = new[] { a, b, c }.MinBy(value => Math.Abs(estimate - value));      // the first of equal ones
            filtered[i] = (byte)(row[i] - filter switch { 1 => a, 2 => b, 3 => (a + b) / 2, 4 => paeth, _ => 0 });
        }

        return filtered;
    }

    private static byte[] BigEndian(uint value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];
}
