namespace Atlas.Evaluation.Reports;

/// <summary>A point of a series.</summary>
/// <param name="X">Place on the horizontal axis.</param>
/// <param name="Y">Value; NaN leaves a gap.</param>
/// <param name="Title">What a pointer over it shows; null shows series and value.</param>
public readonly record struct ChartPoint(double X, double Y, string? Title = null);
