using Atlas.Trainer.Pretraining;

namespace Atlas.Evaluation.Recipes;

/// <summary>
/// A tokenized text cut into documents of equal length, in an order that is shuffled anew in every epoch: document i of epoch e is a function
/// of seed, e and i.
/// </summary>
public sealed class TextDocuments : IDocumentSource
{
    private readonly int[] _tokens;
    private readonly int _length;
    private readonly EpochOrder _order;

    /// <summary>Cuts <paramref name="tokens"/> into documents of <paramref name="length"/> tokens; the last one may be shorter.</summary>
    /// <exception cref="RecipeException">There are fewer than two tokens.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Documents of fewer than two tokens predict nothing.</exception>
    public TextDocuments(int[] tokens, int length, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 2);
        if (tokens.Length < 2) throw new RecipeException($"the text has {tokens.Length} tokens; expected at least 2");
        _tokens = tokens;
        _length = length;
        // A last piece of one token predicts nothing.
        _order = new EpochOrder((tokens.Length + length - 2) / length, seed);
    }

    /// <summary>Documents per epoch.</summary>
    public int Count => _order.Count;

    /// <inheritdoc/>
    public TokenDocument Document(long index)
    {
        int start = _order.At(index) * _length;
        return TokenDocument.Text(_tokens[start..Math.Min(start + _length, _tokens.Length)]);
    }
}
