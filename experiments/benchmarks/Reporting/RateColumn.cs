using System.Globalization;
using Atlas.Benchmarks.Kernels;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace Atlas.Benchmarks.Reporting;

/// <summary>A column that divides a count of the case's work by its mean time.</summary>
internal sealed class RateColumn : IColumn
{
    private static readonly string[] Prefixes = ["", "k", "M", "G", "T"];

    private readonly Func<KernelWork, (double Count, string Unit)> _count;

    private RateColumn(string name, string legend, Func<KernelWork, (double Count, string Unit)> count)
    {
        ColumnName = name;
        Legend = legend;
        _count = count;
    }

    /// <summary>Bytes per second.</summary>
    public static RateColumn Bytes { get; } = new("Bytes/s", "Bytes read and written at least, over the mean time", work => (work.Bytes, "B"));

    /// <summary>Operations per second, in the unit of the benchmark.</summary>
    public static RateColumn Operations { get; } =
        new("Operations/s", "Operations over the mean time; a multiply-add is two flop", work => (work.Operations, work.Unit));

    public string Id => nameof(RateColumn) + "." + ColumnName;

    public string ColumnName { get; }

    public string Legend { get; }

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    /// <summary>A rate with the largest prefix that leaves a digit before the point, such as <c>38.2 GB/s</c>; <c>-</c> for none.</summary>
    public static string Text(double count, string unit, double seconds)
    {
        double rate = count / seconds;
        if (!(rate > 0) || double.IsInfinity(rate)) return "-";
        int prefix = 0;
        while (rate >= 1000 && prefix < Prefixes.Length - 1)
        {
            rate /= 1000;
            prefix++;
        }
        return string.Create(CultureInfo.InvariantCulture, $"{rate:G4} {Prefixes[prefix]}{unit}/s");
    }

    public bool IsAvailable(Summary summary) => true;

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase)
    {
        if (WorkRates.Of(benchmarkCase) is not { } work || summary[benchmarkCase]?.ResultStatistics is not { } statistics) return "-";
        var (count, unit) = _count(work);
        return Text(count, unit, statistics.Mean / 1e9);
    }

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);

    public override string ToString() => ColumnName;
}
