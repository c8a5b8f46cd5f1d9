namespace Atlas.Core.Drafting;

/// <summary>
/// The distribution q each draft token of a chain was drawn from, for classical rejection sampling (Leviathan et al., arXiv 2211.17192).
/// One row of probabilities over the vocabulary per draft node. Reused from step to step; not thread-safe.
/// </summary>
public sealed class DraftDistributions
{
    private readonly float[] _probabilities;

    /// <summary>Room for <paramref name="capacity"/> nodes over a vocabulary.</summary>
    public DraftDistributions(int capacity, int vocabularySize)
    {
        VocabularySize = vocabularySize;
        _probabilities = new float[checked(capacity * vocabularySize)];
    }

    /// <summary>Length of one row.</summary>
    public int VocabularySize { get; }

    /// <summary>The row of draft node <paramref name="node"/>.</summary>
    public Span<float> Row(int node) => _probabilities.AsSpan(node * VocabularySize, VocabularySize);

    /// <summary>
    /// Gives every node's token all of the probability: what is drafted without chance has to be seen so by rejection sampling.
    /// </summary>
    public void WritePointMasses(DraftTree draft)
    {
        for (int node = 0; node < draft.Count; node++)
        {
            var row = Row(node);
            row.Clear();
            row[draft.Tokens[node]] = 1f;
        }
    }
}
