namespace Atlas.Modeling.Training;

/// <summary>The tokens a head can propose (its hot vocabulary), whatever the engine: ascending ids and the place of each. Not thread-safe.</summary>
/// <param name="vocabulary">The target's full vocabulary.</param>
/// <param name="capacity">Most tokens.</param>
public sealed class HotTokens(int vocabulary, int capacity)
{
    private readonly int[] _indices = NewIndices(vocabulary);

    /// <summary>Token ids, ascending, a new array for every choice; empty until some are chosen.</summary>
    public int[] Ids { get; private set; } = [];

    /// <summary>Index of a token among them, or -1.</summary>
    public int IndexOf(int token) => (uint)token < (uint)_indices.Length ? _indices[token] : -1;

    /// <summary>Chooses the tokens.</summary>
    /// <exception cref="ArgumentException">None, too many, one twice, or one outside the vocabulary.</exception>
    public void Set(ReadOnlySpan<int> tokens)
    {
        if (tokens.Length < 1 || tokens.Length > capacity)
            throw new ArgumentException($"{tokens.Length} hot tokens, expected 1 to {capacity}", nameof(tokens));
        int[] sorted = tokens.ToArray();
        Array.Sort(sorted);
        for (int i = 0; i < sorted.Length; i++)
        {
            if ((uint)sorted[i] >= (uint)_indices.Length)
                throw new ArgumentException($"hot token {sorted[i]} is outside the vocabulary of {_indices.Length}", nameof(tokens));
            if (i > 0 && sorted[i] == sorted[i - 1]) throw new ArgumentException($"hot token {sorted[i]} comes twice", nameof(tokens));
        }
        foreach (int token in Ids) _indices[token] = -1;
        for (int i = 0; i < sorted.Length; i++) _indices[sorted[i]] = i;
        Ids = sorted;
    }

    /// <summary>Throws unless tokens have been chosen.</summary>
    /// <exception cref="InvalidOperationException">None have been.</exception>
    public void CheckChosen()
    {
        if (Ids.Length == 0) throw new InvalidOperationException("the head has no hot vocabulary yet: call SetHotVocabulary first");
    }

    private static int[] NewIndices(int vocabulary)
    {
        var indices = new int[vocabulary];
        Array.Fill(indices, -1);
        return indices;
    }
}
