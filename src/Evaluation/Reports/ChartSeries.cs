namespace Atlas.Evaluation.Reports;

/// <summary>A named series of a chart.</summary>
/// <param name="Name">As the legend has it.</param>
/// <param name="Points">In the order of their places.</param>
public sealed record ChartSeries(string Name, IReadOnlyList<ChartPoint> Points)
{
    /// <summary>Which of the report's colours it has, counted from 0; null goes by its place among the chart's series.</summary>
    public int? Color { get; init; }
}
