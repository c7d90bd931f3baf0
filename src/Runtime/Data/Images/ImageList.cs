using System.Globalization;

namespace NetGen;

/// <summary>The text form of an image set: lines of <c>path label</c>.</summary>
internal static class ImageList
{
    private static readonly char[] Blanks = [' ', '\t'];

    /// <summary>The images, and the classes' names, or null where the list has numbers.</summary>
    public static (IReadOnlyList<ImageFile> Files, IReadOnlyList<string>? ClassNames) Read(string path, IReadOnlyList<string>? classNames)
    {
        List<(string Image, string Label, int Line)> entries = [];
        string directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        int line = 0;
        foreach (string text in File.ReadLines(path))
        {
            line++;
            string trimmed = text.Trim();
            if (trimmed.Length == 0)
                continue;
            int blank = trimmed.LastIndexOfAny(Blanks);
            if (trimmed.Contains('\0'))
                throw new InvalidDataException($"'{path}', line {line} holds a zero byte; the list is a text file.");
            if (blank < 0)
                throw new InvalidDataException($"'{path}', line {line}: '{trimmed}' is one word; a path and a label are needed.");
            entries.Add((Path.Combine(directory, trimmed[..blank].TrimEnd()), trimmed[(blank + 1)..], line));
        }

        bool numbered = entries.TrueForAll(entry => TryNumber(entry.Label, out _));
        LabelTable? labels = numbered ? null : new LabelTable(classNames ?? Distinct(entries.ConvertAll(entry => entry.Label)));
        List<ImageFile> files = [];
        foreach ((string image, string label, int at) in entries)
        {
            string place = $"'{path}', line {at}";
            files.Add(new ImageFile(image, labels?.Find(label, place) ?? Number(label, classNames, place)));
        }

        return (files, labels?.Names ?? classNames);
    }

    private static string[] Distinct(List<string> names)
    {
        string[] distinct = [.. names.Distinct(StringComparer.Ordinal)];
        Array.Sort(distinct, StringComparer.Ordinal);
        return distinct;
    }

    private static int Number(string text, IReadOnlyList<string>? classNames, string place)
    {
        TryNumber(text, out int number);
        return classNames is null || number < classNames.Count
            ? number
            : throw new InvalidDataException($"{place}: the label is {number}; with {classNames.Count} classes it can be at most "
                + $"{classNames.Count - 1}.");
    }

    // Far below int.MaxValue: counting the classes must not overflow.
    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number < 1 << 24;
}
