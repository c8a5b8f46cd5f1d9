using Atlas.Protocol.Messages;

namespace Atlas.Client;

/// <summary>A piece of a completion as it streams.</summary>
/// <param name="Index">Which of the n completions, from 0.</param>
/// <param name="Offset">Tokens of the completion before this piece.</param>
/// <param name="Tokens">Token ids.</param>
/// <param name="Text">Their text; it may be empty while a character is incomplete.</param>
/// <param name="Logprobs">For each token, where asked for; otherwise empty.</param>
public sealed record GenerationPiece(int Index, int Offset, IReadOnlyList<int> Tokens, string Text, IReadOnlyList<TokenLogprob> Logprobs);
