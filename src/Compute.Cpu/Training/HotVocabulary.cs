using Atlas.Compute.Cpu.Decoding;

namespace Atlas.Compute.Cpu.Training;

/// <summary>
/// The tokens a head can propose, with the target's output rows of them, gathered as f32 when something learns. The rows are gathered again
/// when the target's weights have been replaced.
/// </summary>
internal sealed unsafe class HotVocabulary(CpuDecoder target, int capacity) : IDisposable
{
    private readonly GrowingBuffer _rows = new();
    private readonly int[] _indices = NewIndices(target.Config.VocabularySize);
    private int _version = -1;

    /// <summary>Token ids, ascending; empty until some are chosen.</summary>
    public int[] Tokens { get; private set; } = [];

    /// <summary>Version of the target's weights that <see cref="Rows"/> were gathered from; -1 before.</summary>
    public int RowsVersion => _version;

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
        foreach (int token in Tokens) _indices[token] = -1;
        for (int i = 0; i < sorted.Length; i++) _indices[sorted[i]] = i;
        Tokens = sorted;
        _version = -1;
    }

    /// <summary>Throws unless tokens have been chosen.</summary>
    /// <exception cref="InvalidOperationException">None have been.</exception>
    public void CheckChosen()
    {
        if (Tokens.Length == 0) throw new InvalidOperationException("the head has no hot vocabulary yet: call SetHotVocabulary first");
    }

    /// <summary>The target's output rows, [tokens, hidden].</summary>
    /// <exception cref="InvalidOperationException">No tokens have been chosen.</exception>
    public float* Rows()
    {
        CheckChosen();
        if (_version != target.WeightsVersion) Gather();
        return _rows.Data;
    }

    /// <inheritdoc/>
    public void Dispose() => _rows.Dispose();

    private static int[] NewIndices(int vocabulary)
    {
        var indices = new int[vocabulary];
        Array.Fill(indices, -1);
        return indices;
    }

    private void Gather()
    {
        int count = checked(Tokens.Length * target.Config.HiddenSize);
        target.ReadHeadRows(Tokens, new Span<float>(_rows.Reserve(count), count));
        _version = target.WeightsVersion;
    }
}
