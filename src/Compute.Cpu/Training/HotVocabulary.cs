using Atlas.Compute.Cpu.Decoding;
using Atlas.Modeling.Training;

namespace Atlas.Compute.Cpu.Training;

/// <summary>
/// The tokens a head can propose, with the target's output rows of them, gathered as f32 when something learns. The rows are gathered again
/// when the target's weights have been replaced.
/// </summary>
internal sealed unsafe class HotVocabulary(CpuDecoder target, int capacity) : IDisposable
{
    private readonly GrowingBuffer _rows = new();
    private readonly HotTokens _tokens = new(target.Config.VocabularySize, capacity);
    private int _version = -1;

    /// <summary>Token ids, ascending; empty until some are chosen.</summary>
    public int[] Tokens => _tokens.Ids;

    /// <summary>Version of the target's weights that <see cref="Rows"/> were gathered from; -1 before.</summary>
    public int RowsVersion => _version;

    /// <summary>Index of a token among them, or -1.</summary>
    public int IndexOf(int token) => _tokens.IndexOf(token);

    /// <summary>Chooses the tokens.</summary>
    /// <exception cref="ArgumentException">None, too many, one twice, or one outside the vocabulary.</exception>
    public void Set(ReadOnlySpan<int> tokens)
    {
        _tokens.Set(tokens);
        _version = -1;
    }

    /// <summary>Throws unless tokens have been chosen.</summary>
    /// <exception cref="InvalidOperationException">None have been.</exception>
    public void CheckChosen() => _tokens.CheckChosen();

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

    private void Gather()
    {
        int count = checked(Tokens.Length * target.Config.HiddenSize);
        target.ReadHeadRows(Tokens, new Span<float>(_rows.Reserve(count), count));
        _version = target.WeightsVersion;
    }
}
