using Atlas.Trainer.Pretraining;

namespace Atlas.Evaluation.Recipes;

/// <summary>
/// Two streams of documents mixed so that the second has a given share of the tokens. Which stream a document comes from depends on its
/// index alone: the second one's turns are spread evenly. Lengths are estimated from the first documents of each.
/// </summary>
public sealed class MixedDocuments : IDocumentSource
{
    // The mean length of a stream is known to some percent from so many.
    private const int Sample = 512;

    private readonly IDocumentSource _main;
    private readonly IDocumentSource _added;
    private readonly double _turns;

    /// <summary>Mixes <paramref name="added"/> into <paramref name="main"/>.</summary>
    /// <param name="main">The larger part.</param>
    /// <param name="added">What is mixed in.</param>
    /// <param name="share">Its share of the tokens; 0 to less than 1.</param>
    public MixedDocuments(IDocumentSource main, IDocumentSource added, double share)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(share, 1);
        _main = main;
        _added = added;
        double a = share / MeanLength(added), b = (1 - share) / MeanLength(main);
        _turns = a / (a + b);
    }

    /// <inheritdoc/>
    public TokenDocument Document(long index)
    {
        long before = Added(index);
        return Added(index + 1) > before ? _added.Document(before) : _main.Document(index - before);
    }

    // How many of the first documents are of the second stream.
    private long Added(long index) => (long)Math.Floor(index * _turns);

    private static double MeanLength(IDocumentSource source)
    {
        double sum = 0;
        for (int i = 0; i < Sample; i++) sum += source.Document(i).Tokens.Length;
        return sum / Sample;
    }
}
