namespace Atlas.Modeling.Tokenization;

/// <summary>A stretch of a text, in chars: an added token, or text between added tokens (<paramref name="Token"/> is null).</summary>
internal readonly record struct AddedTokenSegment(int Start, int End, AddedToken? Token);
