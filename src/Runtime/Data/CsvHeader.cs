namespace NetGen;

/// <summary>Whether a CSV file starts with column names.</summary>
public enum CsvHeader
{
    /// <summary>The first line is a header when none of its input columns is a number.</summary>
    Auto,

    /// <summary>The first line holds column names.</summary>
    Yes,

    /// <summary>The first line is data.</summary>
    No,
}
