namespace NetGen;

/// <summary>A picture, grey or colour, as networks take it: channels first, values from 0 (black) to 1.</summary>
/// <remarks>
/// Values are the file's integers divided by their maximum: nothing is done about gamma or colour profiles, and transparency is dropped, as
/// torchvision and Keras do.
/// </remarks>
public sealed class Image
{
    /// <summary>A picture of given values.</summary>
    /// <param name="channels">1 (grey) or 3 (red, green, blue).</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="pixels">[channels, height, width] row-major, not copied.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of its range.</exception>
    /// <exception cref="ArgumentException">The number of pixels does not fit the sizes.</exception>
    public Image(int channels, int height, int width, float[] pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        CheckShape(channels, height, width);
        long needed = (long)channels * height * width;
        if (pixels.Length != needed)
        {
            throw new ArgumentException(
                $"There are {pixels.Length} values; an image ({channels}, {height}, {width}) has {needed}.", nameof(pixels));
        }

        (Channels, Height, Width, Pixels) = (channels, height, width, pixels);
    }

    /// <summary>1 for grey, 3 for red, green and blue.</summary>
    public int Channels { get; }

    /// <summary>Number of rows.</summary>
    public int Height { get; }

    /// <summary>Number of columns.</summary>
    public int Width { get; }

    /// <summary>[Channels, Height, Width] all values, row-major.</summary>
    public float[] Pixels { get; }

    /// <summary>Reads a PNG, PGM or PPM file; its first bytes tell which.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is none of these, or broken; the message names it and what is wrong.</exception>
    public static Image Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no file '{Path.GetFullPath(path)}'.", path);
        try
        {
            return Decode(File.ReadAllBytes(path));
        }
        catch (InvalidDataException error)
        {
            throw new InvalidDataException($"'{path}': {error.Message}", error);
        }
    }

    /// <summary>Reads a PNG, PGM or PPM picture from memory.</summary>
    /// <param name="file">The whole file.</param>
    /// <exception cref="InvalidDataException">The bytes are none of these, or broken; the message says what is wrong.</exception>
    public static Image Decode(ReadOnlySpan<byte> file)
    {
        if (PngDecoder.Recognizes(file))
            return PngDecoder.Decode(file);
        if (PortableMapDecoder.Recognizes(file))
            return PortableMapDecoder.Decode(file);
        string found = file.IsEmpty ? "it is empty" : $"it starts with the bytes {Convert.ToHexString(file[..Math.Min(file.Length, 8)])}";
        throw new InvalidDataException($"this is no PNG, PGM or PPM image: {found}.");
    }

    /// <summary>Writes a PNG file of 8 bits a channel. Values beyond 0 to 1 become the nearest of the two, NaN becomes 0.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    public void SavePng(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        File.WriteAllBytes(path, PngEncoder.Encode(this));
    }

    /// <summary>This picture in grey or colour. Grey is 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601); colour made of grey has three
    /// equal channels.</summary>
    /// <param name="channels">1 or 3.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is neither.</exception>
    public Image WithChannels(int channels)
    {
        CheckShape(channels, Height, Width);
        if (channels == Channels)
            return this;
        int plane = Height * Width;
        float[] converted = new float[checked(channels * plane)];
        for (int c = 0; c < channels && Channels == 1; c++)
            Pixels.CopyTo(converted, c * plane);
        for (int i = 0; i < plane && Channels == 3; i++)
            converted[i] = (float)((0.299 * Pixels[i]) + (0.587 * Pixels[plane + i]) + (0.114 * Pixels[(2 * plane) + i]));
        return new Image(channels, Height, Width, converted);
    }

    /// <summary>This picture in another size, stretched if need be: bilinear, and averaged over what becomes one pixel when it
    /// shrinks.</summary>
    /// <remarks>
    /// In each direction, with the scale s = old size / new size, pixel i of the result is centred at c = (i + ½) s and is the mean of the
    /// old pixels j, weighted by max(0, 1 − |j + ½ − c| / max(s, 1)). These are Pillow's <c>BILINEAR</c> and torchvision's
    /// <c>antialias=True</c>.
    /// </remarks>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="width">Columns, at least 1.</param>
    public Image Resize(int height, int width)
    {
        CheckShape(Channels, height, width);
        if (height == Height && width == Width)
            return this;
        float[] wide = Resampling.Columns(Pixels, Channels * Height, Width, width);
        return new Image(Channels, height, width, Resampling.Rows(wide, Channels, Height, width, height));
    }

    internal static void CheckShape(int channels, int height, int width)
    {
        if (channels is not (1 or 3))
            throw new ArgumentOutOfRangeException(nameof(channels), channels, $"There are {channels} channels; images have 1 or 3.");
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if ((long)channels * height * width > Array.MaxLength)
        {
            throw new ArgumentOutOfRangeException(
                nameof(height), height, $"An image ({channels}, {height}, {width}) does not fit in memory.");
        }
    }
}
