namespace Atlas.Modeling.Tokenization.PreTokenization;

/// <summary>Takes the pieces that a pre-tokenizer cuts; a struct, so that the call costs nothing.</summary>
internal interface IPieceSink
{
    /// <summary>Takes the next piece, which is valid only during the call and never empty.</summary>
    void Add(ReadOnlySpan<char> piece);
}
