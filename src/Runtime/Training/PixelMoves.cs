namespace NetGen;

/// <summary>Changes of images that only move or blacken pixels; each takes any number of planes [height, width].</summary>
internal static class PixelMoves
{
    /// <summary>Pixel (y, x) becomes pixel (y + down, x + right); the rest is black.</summary>
    public static void Shift(Span<float> image, int height, int width, int down, int right)
    {
        int first = Math.Max(0, right), count = width - Math.Abs(right);
        for (int start = 0; start < image.Length; start += height * width)
        {
            Span<float> plane = image.Slice(start, height * width);
            for (int i = 0; i < height; i++)
            {
                int y = down > 0 ? height - 1 - i : i;        // every row is read before it is written
                Span<float> row = plane.Slice(y * width, width);
                if (y - down < 0 || y - down >= height || count <= 0)
                {
                    row.Clear();
                    continue;
                }

                plane.Slice(((y - down) * width) + first - right, count).CopyTo(row[first..]);
                row[..first].Clear();
                row[(first + count)..].Clear();
            }
        }
    }

    /// <summary>Mirrors left and right.</summary>
    public static void Flip(Span<float> image, int width)
    {
        for (int start = 0; start < image.Length; start += width)
            image.Slice(start, width).Reverse();
    }

    /// <summary>Blackens the part of a square that lies inside.</summary>
    public static void Blacken(Span<float> image, int height, int width, int top, int left, int size)
    {
        int firstX = Math.Max(0, left), endX = (int)Math.Min(width, (long)left + size);
        int firstY = Math.Max(0, top), endY = (int)Math.Min(height, (long)top + size);
        for (int start = 0; start < image.Length; start += height * width)
        {
            for (int y = firstY; y < endY; y++)
                image.Slice(start + (y * width) + firstX, endX - firstX).Clear();
        }
    }
}
