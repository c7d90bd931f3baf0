namespace NetGen;

/// <summary>Reads datasets of image files: PNG, PGM and PPM.</summary>
/// <remarks>Every image becomes grey or colour as the shape says (<see cref="Image.WithChannels"/>), is brought to its size
/// (<see cref="Image.Resize"/>), and has values from 0 to 1. Files are read on all processors; their order does not depend on
/// that.</remarks>
public static class ImageFolder
{
    private static readonly string[] Readable = [".png", ".pgm", ".ppm", ".pnm"];

    /// <summary>Pictures in formats that are not read: passing over them in silence would hide half a dataset.</summary>
    private static readonly string[] Unreadable = [".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".pbm"];

    /// <summary>Loads a directory with a directory of images for each class.</summary>
    /// <param name="directory">Its directories are the classes, numbered in ordinal order of their names; images may lie in directories
    /// below them. Files other than images, and names with a leading dot, are passed over.</param>
    /// <param name="shape">[channels, height, width] of a sample, such as a network's <c>Info.InputShape</c>; channels are 1 or 3.</param>
    /// <param name="options">What to do about broken images, and the classes.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such directory.</exception>
    /// <exception cref="InvalidDataException">There are no classes or no images, a class is not among the given ones, or an image is
    /// broken.</exception>
    public static Dataset Load(string directory, int[] shape, ImageOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        if (!Directory.Exists(directory))
            throw new DirectoryNotFoundException($"There is no directory '{Path.GetFullPath(directory)}'.");
        string[] found = [.. Directory.GetDirectories(directory).Where(IsVisible).Select(path => Path.GetFileName(path)!)];
        Array.Sort(found, StringComparer.Ordinal);
        if (found.Length == 0)
            throw new InvalidDataException($"'{directory}' holds no directories; one for each class is needed.");
        LabelTable labels = new(options?.ClassNames ?? found);
        List<ImageFile> files = [];
        foreach (string name in found)
        {
            int label = labels.Find(name, $"the directory '{Path.Combine(directory, name)}'");
            files.AddRange(ImagesBelow(Path.Combine(directory, name)).Select(path => new ImageFile(path, label)));
        }

        return ImageReader.Read(files, shape, labels.Names, options?.OnBrokenImage, $"'{directory}'");
    }

    /// <summary>Loads the images that a text file lists: a path and a label on each line, separated by blanks.</summary>
    /// <param name="listPath">The list, in UTF-8. Paths are relative to its directory and may hold blanks; empty lines are passed over. If
    /// all labels are whole numbers, they are the classes' numbers; otherwise names, numbered in ordinal order.</param>
    /// <param name="shape">[channels, height, width] of a sample; channels are 1 or 3.</param>
    /// <param name="options">What to do about broken and missing images, and the classes.</param>
    /// <exception cref="FileNotFoundException">There is no such list.</exception>
    /// <exception cref="InvalidDataException">The list is empty or has a bad line, a label is not among the given classes, or an image is
    /// broken or missing.</exception>
    public static Dataset LoadList(string listPath, int[] shape, ImageOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(listPath);
        if (!File.Exists(listPath))
            throw new FileNotFoundException($"There is no file '{Path.GetFullPath(listPath)}'.", listPath);
        (IReadOnlyList<ImageFile> files, IReadOnlyList<string>? names) = ImageList.Read(listPath, options?.ClassNames);
        return ImageReader.Read(files, shape, names, options?.OnBrokenImage, $"'{listPath}'");
    }

    private static IEnumerable<string> ImagesBelow(string directory)
    {
        string[] files = [.. Directory.GetFiles(directory).Where(path => IsVisible(path) && IsImage(path))];
        string[] directories = [.. Directory.GetDirectories(directory).Where(IsVisible)];
        Array.Sort(files, StringComparer.Ordinal);
        Array.Sort(directories, StringComparer.Ordinal);
        return files.Concat(directories.SelectMany(ImagesBelow));
    }

    private static bool IsVisible(string path) => Path.GetFileName(path)[0] != '.';

    private static bool IsImage(string path)
    {
        string extension = Path.GetExtension(path);
        return Readable.Concat(Unreadable).Contains(extension, StringComparer.OrdinalIgnoreCase);
    }
}
