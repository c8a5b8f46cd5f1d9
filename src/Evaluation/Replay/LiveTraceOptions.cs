using Atlas.Modeling.Tokenization;

namespace Atlas.Evaluation.Replay;

/// <summary>The target that a trace is prepared for.</summary>
/// <param name="Model">What messages call it.</param>
/// <param name="Tokenizer">Its vocabulary; null where it has none: then only traces of token ids fit.</param>
/// <param name="VocabularySize">Its token ids are below this.</param>
/// <param name="ContextLength">Most tokens of prompt and completion together, at least 2.</param>
/// <param name="MaxTokens">Most tokens of a completion, whatever the trace allows; at least 1.</param>
public sealed record LiveTraceOptions(string Model, Tokenizer? Tokenizer, int VocabularySize, int ContextLength, int MaxTokens);
