namespace Atlas.Evaluation.Scoring;

/// <summary>A column of the model card.</summary>
/// <param name="Key">Its name in JSON.</param>
/// <param name="Header">Its name for people.</param>
/// <param name="Format">Number format, invariant.</param>
/// <param name="Value">The figure of a row; NaN where there is none.</param>
public sealed record CardFigure(string Key, string Header, string Format, Func<CardRow, double> Value)
{
    /// <summary>What the target's completions are worth.</summary>
    public static IReadOnlyList<CardFigure> Completions { get; } =
    [
        new("requests", "tasks", "F0", row => row.Completions.Requests),
        new("ended", "ended by itself", "P1", row => row.Completions.Ended),
        new("repeating", "repeats", "P1", row => row.Completions.Repeating),
        new("exact_match", "exact match", "P1", row => row.Completions.ExactMatch),
        new("loss", "loss", "F3", row => row.Completions.Loss),
        new("draft_loss", "draft's loss", "F3", row => row.Completions.DraftLoss),
        new("entropy", "entropy", "F2", row => row.Completions.Entropy),
    ];

    /// <summary>What static speculation does.</summary>
    public static IReadOnlyList<CardFigure> Speculation { get; } =
    [
        new("acceptance_length", "acceptance length", "F2", row => row.Static?.Statistics.AcceptanceLength ?? double.NaN),
        new("acceptance_rate", "acceptance rate", "F2", row => row.Static?.Statistics.AcceptanceRate ?? double.NaN),
        new("plain_tokens_per_s", "plain tokens/s", "F0", row => row.Plain?.Goodput ?? double.NaN),
        new("static_tokens_per_s", "static tokens/s", "F0", row => row.Static?.Goodput ?? double.NaN),
        new("speedup", "speedup", "F2", row => row.Static is null ? double.NaN : row.Static.Goodput / row.Plain!.Goodput),
    ];

    /// <summary>All columns in their order.</summary>
    public static IReadOnlyList<CardFigure> All { get; } = [.. Completions, .. Speculation];

    /// <summary>The figure of a row as text; empty where there is none.</summary>
    public string Text(CardRow row) =>
        Value(row) is var value && double.IsFinite(value) ? value.ToString(Format, System.Globalization.CultureInfo.InvariantCulture) : "";
}
