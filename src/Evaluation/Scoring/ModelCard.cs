namespace Atlas.Evaluation.Scoring;

/// <summary>The figures of a model pair on held-out tasks.</summary>
/// <param name="Domains">One row for each domain.</param>
/// <param name="Totals">Rows over several domains: those the draft has seen, those it has not (where both are known), and all.</param>
/// <param name="Samples">One task of each domain.</param>
/// <param name="Differences">Timed tasks whose output under speculation was not plain decoding's; 0 without a draft model.</param>
public sealed record ModelCard(
    IReadOnlyList<CardRow> Domains, IReadOnlyList<CardRow> Totals, IReadOnlyList<CardSample> Samples, int Differences);
