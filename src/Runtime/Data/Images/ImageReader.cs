namespace NetGen;

/// <summary>An image that is to be read.</summary>
/// <param name="Path">The file.</param>
/// <param name="Label">Its class.</param>
internal readonly record struct ImageFile(string Path, int Label);

/// <summary>Reads many images, each brought to one shape, into a dataset.</summary>
internal static class ImageReader
{
    /// <param name="files">The images.</param>
    /// <param name="shape">[channels, height, width] of a sample.</param>
    /// <param name="classNames">A name per class, or null where labels are numbers.</param>
    /// <param name="onBroken">Gets the broken images; null makes them errors.</param>
    /// <param name="source">Where they come from, for errors.</param>
    public static Dataset Read(
        IReadOnlyList<ImageFile> files, int[] shape, IReadOnlyList<string>? classNames, Action<BrokenImage>? onBroken, string source)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (shape.Length != 3)
        {
            throw new ArgumentException(
                $"The shape is ({string.Join(", ", shape)}); images have channels, height and width.", nameof(shape));
        }

        Image.CheckShape(shape[0], shape[1], shape[2]);
        if (files.Count == 0)
            throw new InvalidDataException($"{source} has no images.");
        int length = shape[0] * shape[1] * shape[2];
        float[] inputs = new float[checked(files.Count * length)];
        string?[] broken = new string?[files.Count];
        ParallelLoopResult result = Parallel.For(0, files.Count, (i, loop) =>
        {
            broken[i] = TryRead(files[i].Path, shape, inputs.AsSpan(i * length, length));
            if (broken[i] is not null && onBroken is null)
                loop.Break();       // all images before this one are still read, so that the error is always the same one
        });
        if (result.LowestBreakIteration is { } first)
            throw new InvalidDataException(broken[first]);
        int kept = 0;
        int[] labels = new int[files.Count];
        for (int i = 0; i < files.Count; i++)
        {
            if (broken[i] is { } reason)
            {
                onBroken!(new BrokenImage(files[i].Path, reason));
                continue;
            }

            if (kept < i)
                inputs.AsSpan(i * length, length).CopyTo(inputs.AsSpan(kept * length));
            labels[kept++] = files[i].Label;
        }

        if (kept == 0)
            throw new InvalidDataException($"{source} has no image that can be read; all {files.Count} are broken.");
        int classes = classNames?.Count ?? files.Max(file => file.Label) + 1;
        return new Dataset(
            inputs.AsMemory(0, kept * length), length, labels.AsMemory(0, kept), classes, default, 0, classNames?.ToArray());
    }

    /// <summary>Reads an image into a sample; tells what is wrong with it, or null.</summary>
    private static string? TryRead(string path, int[] shape, Span<float> sample)
    {
        try
        {
            Image.Load(path).WithChannels(shape[0]).Resize(shape[1], shape[2]).Pixels.CopyTo(sample);
            return null;
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return error.Message;
        }
    }
}
