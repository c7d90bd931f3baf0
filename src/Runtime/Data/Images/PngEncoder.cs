using System.Buffers.Binary;
using System.IO.Compression;

namespace NetGen;

/// <summary>Writes PNG files (W3C PNG, third edition): 8 bits a channel, grey or colour, unfiltered.</summary>
internal static class PngEncoder
{
    public static byte[] Encode(Image image)
    {
        using MemoryStream file = new();
        file.Write(PngDecoder.Signature);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, image.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], image.Height);
        header[8] = 8;
        header[9] = image.Channels == 1 ? (byte)0 : (byte)2;
        header[10..].Clear();
        WriteChunk(file, "IHDR"u8, header);
        WriteChunk(file, "IDAT"u8, Compress(image));
        WriteChunk(file, "IEND"u8, default);
        return file.ToArray();
    }

    private static byte[] Compress(Image image)
    {
        using MemoryStream compressed = new();
        using (ZLibStream zlib = new(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            int plane = image.Height * image.Width;
            byte[] row = new byte[1 + (image.Width * image.Channels)];
            for (int y = 0; y < image.Height; y++)
            {
                for (int i = 1; i < row.Length; i++)
                {
                    int channel = (i - 1) % image.Channels, x = (i - 1) / image.Channels;
                    row[i] = ToByte(image.Pixels[(channel * plane) + (y * image.Width) + x]);
                }

                zlib.Write(row);
            }
        }

        return compressed.ToArray();
    }

    // Written so that NaN fails both comparisons.
    private static byte ToByte(float value) => value >= 1 ? (byte)255 : value > 0 ? (byte)((value * 255) + 0.5f) : (byte)0;

    private static void WriteChunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        int start = (int)file.Length;
        file.Write(type);
        file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.Compute(file.GetBuffer().AsSpan(start, (int)file.Length - start)));
        file.Write(number);
    }
}
