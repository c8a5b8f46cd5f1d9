namespace Atlas.Evaluation.Reports;

/// <summary>A table of a report. Cells that are numbers stand right.</summary>
/// <param name="Columns">Headings, unit included.</param>
/// <param name="Rows">As many cells as there are columns in each.</param>
public sealed record ReportTable(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);
