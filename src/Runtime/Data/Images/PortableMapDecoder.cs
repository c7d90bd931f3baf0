using System.Buffers.Binary;

namespace NetGen;

/// <summary>Reads portable grey maps and pixel maps (Netpbm's pgm(5) and ppm(5)): P2 and P3 in text, P5 and P6 in bytes, up to 16
/// bits.</summary>
internal ref struct PortableMapDecoder
{
    private const int MostSample = 65535;
    private readonly ReadOnlySpan<byte> file;
    private int position;

    private PortableMapDecoder(ReadOnlySpan<byte> file)
    {
        this.file = file;
        position = 2;
    }

    public static bool Recognizes(ReadOnlySpan<byte> file) =>
        file.Length >= 3 && file[0] == 'P' && file[1] is (byte)'2' or (byte)'3' or (byte)'5' or (byte)'6' && IsSpaceOrComment(file[2]);

    public static Image Decode(ReadOnlySpan<byte> file) => new PortableMapDecoder(file).Read(file[1] - '0');

    private Image Read(int kind)
    {
        int channels = kind is 3 or 6 ? 3 : 1;
        int width = Number(int.MaxValue, "width"), height = Number(int.MaxValue, "height"), most = Number(MostSample, "maximum");
        if (width == 0 || height == 0 || most == 0)
            throw new InvalidDataException($"its size is {width} × {height} and its maximum {most}; each must be at least 1.");

        // Both forms take at least so much room in the file: a header alone cannot make this reserve gigabytes.
        bool text = kind is 2 or 3;
        int sampleBytes = text || most > byte.MaxValue ? 2 : 1;
        if (!text)
            SkipOneSpace();
        Int128 needed = (Int128)sampleBytes * channels * width * height, there = file.Length - position + (text ? 1 : 0);
        if (there < needed)
        {
            throw new InvalidDataException(
                $"it is truncated: {channels} × {height} × {width} samples need {needed} bytes, {file.Length - position} are there.");
        }

        int plane = height * width;
        float[] pixels = new float[channels * plane];
        for (int i = 0; i < pixels.Length; i++)
        {
            int value = text ? Number(most, "sample") : Binary(sampleBytes, most);
            pixels[(i % channels * plane) + (i / channels)] = value / (float)most;
        }

        return new Image(channels, height, width, pixels);
    }

    private int Binary(int bytes, int most)
    {
        int value = bytes == 1 ? file[position] : BinaryPrimitives.ReadUInt16BigEndian(file[position..]);
        position += bytes;
        return value <= most ? value : throw new InvalidDataException($"a sample is {value}; its header says at most {most}.");
    }

    /// <summary>The next number of the text, after spaces and comments.</summary>
    private int Number(int most, string what)
    {
        SkipSpaces();
        int start = position;
        long value = 0;
        for (; position < file.Length && char.IsAsciiDigit((char)file[position]); position++)
        {
            value = (10 * value) + file[position] - '0';
            if (value > most)
                throw new InvalidDataException($"its {what} is above {most}.");
        }

        if (position == start)
            throw new InvalidDataException(position == file.Length ? $"it ends before its {what}." : $"its {what} is no number.");
        return (int)value;
    }

    private void SkipSpaces()
    {
        for (; position < file.Length && IsSpaceOrComment(file[position]); position++)
        {
            if (file[position] != '#')
                continue;
            int end = file[position..].IndexOfAny((byte)'\n', (byte)'\r');
            position = end < 0 ? file.Length - 1 : position + end;
        }
    }

    private void SkipOneSpace()
    {
        if (position >= file.Length || !IsSpace(file[position]))
            throw new InvalidDataException("no space follows its header.");
        position++;
    }

    private static bool IsSpaceOrComment(byte value) => value == '#' || IsSpace(value);

    private static bool IsSpace(byte value) => value is (byte)' ' or (>= 9 and <= 13);
}
