using System.Buffers.Binary;

namespace NetGen;

/// <summary>The IHDR chunk, checked.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Depth">Bits of a sample: 1, 2, 4, 8 or 16.</param>
/// <param name="Colour">What a pixel's samples are.</param>
/// <param name="Interlaced">Whether the rows come in Adam7's seven passes.</param>
internal readonly record struct PngHeader(int Width, int Height, int Depth, PngColour Colour, bool Interlaced)
{
    /// <summary>8192 × 8192: a header must not make a reader reserve all memory.</summary>
    private const long MostPixels = 1 << 26;

    /// <summary>Samples of a pixel in the file.</summary>
    public int Samples => Colour switch
    {
        PngColour.GreyAlpha => 2,
        PngColour.Rgb => 3,
        PngColour.RgbAlpha => 4,
        _ => 1,
    };

    /// <summary>Channels of the picture that it becomes.</summary>
    public int Channels => Colour is PngColour.Grey or PngColour.GreyAlpha ? 1 : 3;

    /// <summary>Bytes from a byte to the one that filters take for its left neighbour.</summary>
    public int FilterDistance => Math.Max(1, Samples * Depth / 8);

    public static PngHeader Parse(ReadOnlySpan<byte> data)
    {
        if (data.Length != 13)
            throw new InvalidDataException($"its header has {data.Length} bytes; PNG's has 13.");
        uint width = BinaryPrimitives.ReadUInt32BigEndian(data), height = BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
        if (width == 0 || height == 0)
            throw new InvalidDataException($"its size is {width} × {height}; at least 1 × 1 is needed.");
        if ((ulong)width * height > MostPixels)
            throw new InvalidDataException($"its size is {width} × {height}; at most {MostPixels} pixels are read.");
        PngColour colour = (PngColour)data[9];
        bool depthFits = colour switch
        {
            PngColour.Grey => data[8] is 1 or 2 or 4 or 8 or 16,
            PngColour.Palette => data[8] is 1 or 2 or 4 or 8,
            PngColour.Rgb or PngColour.GreyAlpha or PngColour.RgbAlpha => data[8] is 8 or 16,
            _ => false,
        };
        if (!depthFits)
            throw new InvalidDataException($"PNG has no colour type {data[9]} with {data[8]} bits.");
        if (data[10] != 0 || data[11] != 0 || data[12] > 1)
        {
            throw new InvalidDataException(
                $"its compression, filter and interlace methods are {data[10]}, {data[11]}, {data[12]}; PNG defines 0, 0 and 0 or 1.");
        }

        return new PngHeader((int)width, (int)height, data[8], colour, data[12] == 1);
    }

    /// <summary>Bytes of a row of so many pixels, without the filter's number.</summary>
    public int RowBytes(int pixels) => (int)((((long)pixels * Samples * Depth) + 7) / 8);
}

/// <summary>PNG's colour types.</summary>
internal enum PngColour : byte
{
    Grey = 0,
    Rgb = 2,
    Palette = 3,
    GreyAlpha = 4,
    RgbAlpha = 6,
}
