using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace NetGen.Benchmarks.Kernels;

/// <summary>Mean time divided by the number of parameters, in nanoseconds: the figure that compares passes over any size.</summary>
public sealed class TimePerParameterColumn : IColumn
{
    /// <inheritdoc/>
    public string Id => nameof(TimePerParameterColumn);

    /// <inheritdoc/>
    public string ColumnName => "ns/parameter";

    /// <inheritdoc/>
    public string Legend => "Mean time divided by the number of parameters, in nanoseconds";

    /// <inheritdoc/>
    public bool AlwaysShow => true;

    /// <inheritdoc/>
    public ColumnCategory Category => ColumnCategory.Custom;

    /// <inheritdoc/>
    public int PriorityInCategory => 0;

    /// <inheritdoc/>
    public bool IsNumeric => true;

    /// <inheritdoc/>
    public UnitType UnitType => UnitType.Dimensionless;

    /// <inheritdoc/>
    public bool IsAvailable(Summary summary) => true;

    /// <inheritdoc/>
    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    /// <inheritdoc/>
    public string GetValue(Summary summary, BenchmarkCase benchmarkCase)
    {
        int count = (int)benchmarkCase.Parameters[nameof(OptimizerBenchmarks.Count)];
        return summary[benchmarkCase]?.ResultStatistics is { } statistics
            ? (statistics.Mean / count).ToString("F3", CultureInfo.InvariantCulture)
            : "NA";
    }

    /// <inheritdoc/>
    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);
}
