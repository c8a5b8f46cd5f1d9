using Atlas.Modeling.Tokenization;

namespace Atlas.Evaluation.Replay;

/// <summary>A model's own tokens.</summary>
/// <param name="tokenizer">Its tokenizer.</param>
/// <param name="name">What reports call it, such as its directory.</param>
public sealed class TokenizerTokens(Tokenizer tokenizer, string name) : ITraceTokens
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public int VocabularySize => tokenizer.VocabularySize;

    /// <inheritdoc/>
    public int[] Encode(string text) => tokenizer.Encode(text, addSpecialTokens: false);
}
