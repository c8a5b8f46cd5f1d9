using Atlas.Modeling.Tokenization;

namespace Atlas.Evaluation.Scoring;

/// <summary>How tasks become a model's tokens.</summary>
/// <param name="Tokenizer">The model's vocabulary.</param>
/// <param name="EndToken">The token that ends a completion; null where the model has none.</param>
/// <param name="ContextLength">Most tokens of prompt and completion together.</param>
/// <param name="MaxTokens">Most tokens of a completion.</param>
/// <param name="Model">What messages call the model: its directory.</param>
public sealed record PromptEncoding(Tokenizer Tokenizer, int? EndToken, int ContextLength, int MaxTokens, string Model);
