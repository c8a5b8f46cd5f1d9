namespace Atlas.Evaluation.Reports;

/// <summary>An event on the horizontal axis: a vertical line with a sign at its foot.</summary>
/// <param name="X">When.</param>
/// <param name="Kind">Which sign.</param>
/// <param name="Title">What a pointer over it shows.</param>
public sealed record Marker(double X, MarkerKind Kind, string Title);
