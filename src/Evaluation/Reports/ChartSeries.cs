namespace Atlas.Evaluation.Reports;

/// <summary>A named series of a chart. Its place among the chart's series gives it its colour, in every chart of a report alike.</summary>
/// <param name="Name">As the legend has it.</param>
/// <param name="Points">In the order of their places.</param>
public sealed record ChartSeries(string Name, IReadOnlyList<ChartPoint> Points);
