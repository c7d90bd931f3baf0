namespace NetGen;

/// <summary>What the target column of a CSV file becomes.</summary>
public enum CsvTarget
{
    /// <summary>Target values when all are numbers, else classes.</summary>
    Auto,

    /// <summary>Class labels. Numbers are ordered by value, texts by first appearance.</summary>
    Classes,

    /// <summary>Target values: one number per sample.</summary>
    Values,
}
