namespace Atlas.Evaluation.Scoring;

/// <summary>What a model thinks of given tokens.</summary>
/// <param name="Tokens">How many.</param>
/// <param name="Loss">Sum of their negative log-probabilities at temperature 1, in nats.</param>
/// <param name="Entropy">Sum of the entropies of the distributions they stand for, over the whole vocabulary at temperature 1, in nats.</param>
public readonly record struct SequenceScore(int Tokens, double Loss, double Entropy);
