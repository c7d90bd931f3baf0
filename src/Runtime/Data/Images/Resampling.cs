namespace NetGen;

/// <summary>Stretches images along one axis, by the formula of <see cref="Image.Resize"/>.</summary>
internal static class Resampling
{
    /// <summary>[rows, width] to [rows, newWidth].</summary>
    public static float[] Columns(float[] pixels, int rows, int width, int newWidth)
    {
        if (width == newWidth)
            return pixels;
        float[] result = new float[checked(rows * newWidth)];
        double[] weights = new double[MostTaps(width, newWidth)];
        for (int x = 0; x < newWidth; x++)
        {
            (int first, int count) = Weigh(x, width, newWidth, weights);
            for (int row = 0; row < rows; row++)
            {
                double sum = 0;
                for (int i = 0; i < count; i++)
                    sum += weights[i] * pixels[(row * width) + first + i];
                result[(row * newWidth) + x] = (float)sum;
            }
        }

        return result;
    }

    /// <summary>[planes, height, width] to [planes, newHeight, width].</summary>
    public static float[] Rows(float[] pixels, int planes, int height, int width, int newHeight)
    {
        if (height == newHeight)
            return pixels;
        float[] result = new float[checked(planes * newHeight * width)];
        double[] weights = new double[MostTaps(height, newHeight)], sums = new double[width];
        for (int y = 0; y < newHeight; y++)
        {
            (int first, int count) = Weigh(y, height, newHeight, weights);
            for (int plane = 0; plane < planes; plane++)
            {
                Array.Clear(sums);
                for (int i = 0; i < count; i++)
                {
                    ReadOnlySpan<float> source = pixels.AsSpan(((plane * height) + first + i) * width, width);
                    for (int x = 0; x < width; x++)
                        sums[x] += weights[i] * source[x];
                }

                Span<float> target = result.AsSpan(((plane * newHeight) + y) * width, width);
                for (int x = 0; x < width; x++)
                    target[x] = (float)sums[x];
            }
        }

        return result;
    }

    /// <summary>Old pixels that one new pixel can be made of.</summary>
    private static int MostTaps(int size, int newSize) => (2 * (int)Math.Ceiling(Math.Max(1, (double)size / newSize))) + 2;

    /// <summary>The old pixels that a new one is made of, and their weights, which add up to 1.</summary>
    private static (int First, int Count) Weigh(int index, int size, int newSize, Span<double> weights)
    {
        double scale = (double)size / newSize, reach = Math.Max(1, scale), centre = (index + 0.5) * scale;
        int first = Math.Max(0, (int)Math.Floor(centre - reach)), end = Math.Min(size, (int)Math.Ceiling(centre + reach));
        double total = 0;
        for (int j = first; j < end; j++)
            total += Triangle(j);
        for (int j = first; j < end; j++)
            weights[j - first] = Triangle(j) / total;
        return (first, end - first);

        double Triangle(int j) => Math.Max(0, 1 - (Math.Abs(j + 0.5 - centre) / reach));
    }
}
