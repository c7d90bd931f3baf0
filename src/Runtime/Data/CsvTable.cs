using System.Globalization;
using CsvHelper;

namespace NetGen;

/// <summary>One pass over a CSV text: first record, column choice, values, then classes.</summary>
internal sealed class CsvTable(CsvReader csv, CsvOptions options, string source)
{
    private readonly List<float> inputs = [];
    private readonly List<(string Text, long Line)> targets = [];
    private string[]? names;
    private bool[] ignored = [];
    private int columns, target;

    public Dataset Read()
    {
        if (!csv.Read())
            throw new InvalidDataException($"{source} is empty.");
        columns = csv.FieldCount;
        bool chosenByName = options.Target.Name is not null || options.Ignore.Any(column => column.Name is not null);
        bool named = options.Header == CsvHeader.Yes || (options.Header == CsvHeader.Auto && chosenByName);
        if (!named)
            ChooseColumns();
        if (named || (options.Header == CsvHeader.Auto && LooksLikeHeader()))
        {
            names = new string[columns];
            for (int column = 0; column < columns; column++)
                names[column] = csv.GetString(column);
            ChooseColumns();
            if (!csv.Read())
                throw new InvalidDataException($"{source} has a header, but no data.");
        }

        do
            ReadRecord();
        while (csv.Read());
        return Build();
    }

    private void ChooseColumns()
    {
        if (columns < 2)
        {
            throw new InvalidDataException(
                $"{source}, line {csv.LineNumber}: one column, '{csv.GetString(0)}'; an input column and a target column are needed.");
        }

        target = Find(options.Target, "target");
        ignored = new bool[columns];
        foreach (CsvColumn column in options.Ignore)
            ignored[Find(column, "ignored")] = true;
        if (ignored[target])
            throw new ArgumentException($"{source}: column {Describe(target)} is the target, and ignored.");
        if (ignored.Count(isIgnored => !isIgnored) < 2)
            throw new ArgumentException($"{source}: all columns but the target are ignored; an input column is needed.");
    }

    /// <summary>A column's position.</summary>
    /// <param name="column">Which one.</param>
    /// <param name="role">What it is, for messages.</param>
    private int Find(CsvColumn column, string role)
    {
        if (column.Name is { } name)
        {
            if (names is null)
            {
                throw new ArgumentException(
                    $"{source}: the {role} column {column} is chosen by name, but the file is read without a header.");
            }

            int found = Array.IndexOf(names, name);
            if (found < 0)
                throw new ArgumentException($"{source} has no column '{name}'; it has {string.Join(", ", names)}.");
            if (Array.LastIndexOf(names, name) != found)
                throw new ArgumentException($"{source} has several columns '{name}'; choose the {role} one by position.");
            return found;
        }

        int index = column.Index;
        if (index >= columns || index < -columns)
        {
            throw new ArgumentException(
                $"{source} has {columns} columns; the {role} column {index} must lie between {-columns} and {columns - 1}.");
        }

        return index < 0 ? columns + index : index;
    }

    private bool LooksLikeHeader()
    {
        for (int column = 0; column < columns; column++)
        {
            string text = csv.GetString(column);
            if (column != target && !ignored[column] && (text.Length == 0 || TryParse(text, out _)))
                return false;
        }

        return true;
    }

    private void ReadRecord()
    {
        if (csv.FieldCount != columns)
            throw new InvalidDataException($"{source}, line {csv.LineNumber}: {csv.FieldCount} fields; the first line has {columns}.");
        for (int column = 0; column < columns; column++)
        {
            if (ignored[column])
                continue;
            string text = csv.GetString(column);
            if (text.Length == 0)
                throw new InvalidDataException($"{source}, line {csv.LineNumber}, column {Describe(column)}: the field is empty.");
            if (column == target)
                targets.Add((text, csv.LineNumber));
            else if (!TryParse(text, out float value))
            {
                throw new InvalidDataException(
                    $"{source}, line {csv.LineNumber}, column {Describe(column)}: '{text}' is not a finite number; "
                    + $"{nameof(CsvOptions)}.{nameof(CsvOptions.Ignore)} leaves columns out.");
            }
            else if (!float.IsFinite(value))
            {
                throw new InvalidDataException(
                    $"{source}, line {csv.LineNumber}, column {Describe(column)}: '{text}' is not a finite number.");
            }
            else
                inputs.Add(value);
        }
    }

    private Dataset Build()
    {
        float[] values = new float[targets.Count];
        int numbers = 0;
        while (numbers < values.Length && TryParse(targets[numbers].Text, out values[numbers]))
            numbers++;
        bool numeric = numbers == values.Length;
        CsvTarget kind = options.TargetKind != CsvTarget.Auto ? options.TargetKind
            : numeric && options.ClassNames is null ? CsvTarget.Values : CsvTarget.Classes;
        if (kind == CsvTarget.Classes)
            return BuildClasses(numeric ? values : null);

        int wrong = numeric ? Array.FindIndex(values, value => !float.IsFinite(value)) : numbers;
        if (wrong >= 0)
        {
            throw new InvalidDataException(
                $"{source}, line {targets[wrong].Line}, column {Describe(target)}: '{targets[wrong].Text}' is not a finite number.");
        }

        return Dataset.FromTargets([.. inputs], values, values.Length);
    }

    /// <summary>Numbers are ordered by value, so that two files with the same classes agree on them; texts by first appearance.</summary>
    private Dataset BuildClasses(float[]? values)
    {
        Dictionary<string, int> labels = new(StringComparer.Ordinal);
        if (options.ClassNames is { } given)
        {
            foreach (string name in given)
            {
                if (!labels.TryAdd(name, labels.Count))
                    throw new ArgumentException($"The class '{name}' is named twice.", nameof(options));
            }
        }
        else
        {
            IEnumerable<string> order = targets.Select(item => item.Text);
            if (values is not null)
                order = Enumerable.Range(0, values.Length).OrderBy(i => values[i]).Select(i => targets[i].Text);
            foreach (string name in order)
                labels.TryAdd(name, labels.Count);
        }

        int[] found = new int[targets.Count];
        for (int i = 0; i < found.Length; i++)
        {
            if (!labels.TryGetValue(targets[i].Text, out found[i]))
            {
                throw new InvalidDataException(
                    $"{source}, line {targets[i].Line}, column {Describe(target)}: '{targets[i].Text}' is not one "
                    + $"of the classes {string.Join(", ", labels.Keys)}.");
            }
        }

        string[] classNames = new string[labels.Count];
        foreach ((string name, int label) in labels)
            classNames[label] = name;
        return Dataset.FromLabels([.. inputs], found, classNames);
    }

    private string Describe(int column) => names is null
        ? (column + 1).ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{column + 1} ('{names[column]}')");

    private static bool TryParse(string text, out float value) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
}
