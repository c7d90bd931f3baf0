using System.Globalization;
using CsvHelper;

namespace NetGen;

/// <summary>Reads datasets from CSV files: one sample a line, one column the target, all others numbers or left out.</summary>
/// <remarks>Numbers are read in the invariant culture: <c>0.5</c>, <c>1e-3</c>. Blank lines are skipped.</remarks>
public static class Csv
{
    /// <summary>Loads a file whose last column is the target.</summary>
    /// <inheritdoc cref="Load(string, CsvOptions)"/>
    public static Dataset Load(string path) => Load(path, new CsvOptions());

    /// <summary>Loads a file.</summary>
    /// <param name="path">The file, in UTF-8 or with a byte order mark.</param>
    /// <param name="target">The target column: a name, or a position (-1 is the last).</param>
    /// <inheritdoc cref="Load(string, CsvOptions)"/>
    public static Dataset Load(string path, CsvColumn target) => Load(path, new CsvOptions { Target = target });

    /// <summary>Loads a file.</summary>
    /// <param name="path">The file, in UTF-8 or with a byte order mark.</param>
    /// <param name="options">Header, target column and the rest.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A line does not fit; the message names file, line, column and the text found.</exception>
    /// <exception cref="ArgumentException">There is no such column, or no input is left.</exception>
    public static Dataset Load(string path, CsvOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no file '{Path.GetFullPath(path)}'.", path);
        using StreamReader reader = new(path);
        return Load(reader, options, path);
    }

    /// <summary>Loads from a reader.</summary>
    /// <param name="reader">The text; it stays open.</param>
    /// <param name="options">Header, target column and the rest; null for a last column as target.</param>
    /// <param name="source">What error messages call the text.</param>
    /// <inheritdoc cref="Load(string, CsvOptions)"/>
    public static Dataset Load(TextReader reader, CsvOptions? options = null, string source = "CSV")
    {
        ArgumentNullException.ThrowIfNull(reader);
        options ??= new CsvOptions();
        CsvReaderOptions format = new()
        {
            HasHeader = false,               // decided here, by the first record
            Separator = options.Separator,
            CommentPrefix = options.Comment,
            TrimWhitespace = true,
            TrackLineNumbers = true,
            MalformedData = CsvMalformedDataHandling.Throw,
            FormatProvider = CultureInfo.InvariantCulture,
        };

        using CsvReader csv = CsvReader.Create(reader, format, leaveOpen: true);
        try
        {
            return new CsvTable(csv, options, source).Read();
        }
        catch (CsvFormatException error)
        {
            throw new InvalidDataException($"{source}: {error.Message}", error);
        }
    }
}
