namespace NetGen;

/// <summary>How a CSV file is read.</summary>
public sealed class CsvOptions
{
    /// <summary>The target column; all others but those in <see cref="Ignore"/> are inputs. By default the last.</summary>
    public CsvColumn Target { get; init; } = -1;

    /// <summary>Columns that are left out, such as a date or a row's number. Their fields may hold anything, or nothing.</summary>
    public IReadOnlyList<CsvColumn> Ignore { get; init; } = [];

    /// <summary>Whether there is a header.</summary>
    public CsvHeader Header { get; init; }

    /// <summary>What the target column becomes.</summary>
    public CsvTarget TargetKind { get; init; }

    /// <summary>The classes, in label order. Give those of the training file when a test file is loaded, so that labels mean the
    /// same.</summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>Between fields; null finds out whether it is a comma, a semicolon, a tab or a bar.</summary>
    public char? Separator { get; init; }

    /// <summary>Lines that start with this character are skipped; null skips none.</summary>
    public char? Comment { get; init; } = '#';
}
