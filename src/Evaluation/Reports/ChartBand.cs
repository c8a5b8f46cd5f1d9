namespace Atlas.Evaluation.Reports;

/// <summary>A named stretch of the horizontal axis, such as a phase of the traffic, drawn behind the series.</summary>
/// <param name="From">Where it begins.</param>
/// <param name="To">Where it ends.</param>
/// <param name="Name">Written at its top.</param>
public sealed record ChartBand(double From, double To, string Name);
