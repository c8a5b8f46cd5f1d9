using Atlas.Evaluation.Comparison;

namespace Atlas.Evaluation.Scoring;

/// <summary>A row of the model card: one domain, or several together.</summary>
/// <param name="Name">The domain, or what the domains have in common.</param>
/// <param name="SeenByDraft">Whether the draft model was trained on it; null where that is not known, or differs.</param>
/// <param name="Completions">What the target's completions are worth.</param>
/// <param name="Plain">Plain decoding of the timed tasks; null without a draft model.</param>
/// <param name="Static">Static speculation of the same tasks, interleaved; null without a draft model.</param>
public sealed record CardRow(string Name, bool? SeenByDraft, CompletionScore Completions, StrategyScore? Plain, StrategyScore? Static);
