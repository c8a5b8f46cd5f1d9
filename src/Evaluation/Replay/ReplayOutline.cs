namespace Atlas.Evaluation.Replay;

/// <summary>What reports say of a replayed trace.</summary>
/// <param name="Requests">Its requests, in its order; at least one.</param>
/// <param name="TokenKind">What a token is: <c>token ids of the trace</c>, or the name of the tokens that its text was turned into.</param>
/// <param name="VocabularySize">All token ids are below this.</param>
/// <param name="Skipped">Requests of the trace that were left out.</param>
/// <param name="Shortened">Requests whose prompt lost its beginning, for the target's context.</param>
public sealed record ReplayOutline(IReadOnlyList<RequestLabel> Requests, string TokenKind, int VocabularySize, int Skipped, int Shortened = 0);
