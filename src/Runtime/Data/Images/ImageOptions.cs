namespace NetGen;

/// <summary>How a set of image files is read.</summary>
public sealed class ImageOptions
{
    /// <summary>Gets every image that cannot be read, in the order of the files, and training goes on without it: <c>skipped.Add</c>
    /// collects them. Null makes the first one an error.</summary>
    public Action<BrokenImage>? OnBrokenImage { get; init; }

    /// <summary>The classes, in label order. Give those of the training images when test images are loaded, so that labels mean the same.
    /// By default they are found in the data.</summary>
    public IReadOnlyList<string>? ClassNames { get; init; }
}
