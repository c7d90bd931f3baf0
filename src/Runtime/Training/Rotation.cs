namespace NetGen;

/// <summary>Turns images about their centre.</summary>
/// <remarks>
/// The pixel at (x, y) from the centre takes the value at (x cos a − y sin a, x sin a + y cos a), so that positive angles turn the picture
/// anticlockwise on the screen, where y points down.
/// </remarks>
internal static class Rotation
{
    /// <summary>Not from the shared pool of arrays: that one gives its arrays up when memory is short, and training shall not
    /// allocate.</summary>
    [ThreadStatic]
    private static float[]? copy;

    /// <param name="image">Planes [height, width].</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="angle">−π to π.</param>
    public static void Apply(Span<float> image, int height, int width, double angle)
    {
        (double sin, double cos) = SinCos(angle);
        if (copy is null || copy.Length < image.Length)
            copy = new float[image.Length];
        float[] before = copy;
        image.CopyTo(before);
        int plane = height * width;
        double centreX = (width - 1) / 2.0, centreY = (height - 1) / 2.0;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                double fromX = centreX + ((x - centreX) * cos) - ((y - centreY) * sin);
                double fromY = centreY + ((x - centreX) * sin) + ((y - centreY) * cos);
                int left = (int)Math.Floor(fromX), top = (int)Math.Floor(fromY);
                float right = (float)(fromX - left), below = (float)(fromY - top);
                for (int start = 0; start < image.Length; start += plane)
                {
                    ReadOnlySpan<float> source = before.AsSpan(start, plane);
                    float upper = Mix(At(source, height, width, top, left), At(source, height, width, top, left + 1), right);
                    float lower = Mix(At(source, height, width, top + 1, left), At(source, height, width, top + 1, left + 1), right);
                    image[start + (y * width) + x] = Mix(upper, lower, below);
                }
            }
        }
    }

    private static float Mix(float a, float b, float t) => a + ((b - a) * t);

    private static float At(ReadOnlySpan<float> plane, int height, int width, int y, int x) =>
        (uint)y < (uint)height && (uint)x < (uint)width ? plane[(y * width) + x] : 0;

    /// <summary>Sine and cosine for −π to π, by their series: the last bits of <see cref="Math.SinCos"/> differ between C libraries, and
    /// images shall not.</summary>
    private static (double Sin, double Cos) SinCos(double angle)
    {
        // 15 terms: π³¹ / 31! and π³⁰ / 30! are below 2⁻⁵³.
        double square = angle * angle, sin = 1, cos = 1;
        for (int k = 28; k >= 2; k -= 2)
        {
            cos = 1 - (cos * square / ((k - 1) * k));
            sin = 1 - (sin * square / (k * (k + 1)));
        }

        return (angle * sin, cos);
    }
}
