namespace Atlas.Modeling.Engine;

/// <summary>
/// A sequence's key/value cache: committed rows in logical order, and behind them pending rows, a tree that forwards have computed and
/// nobody has committed. Disposing frees the slot. Used from the decoder's thread.
/// </summary>
public interface IDecoderSequence : IDisposable
{
    /// <summary>Committed rows: the next token's absolute position.</summary>
    int Length { get; }

    /// <summary>Pending rows. A plan's row may name any of them as its parent.</summary>
    int Pending { get; }

    /// <summary>
    /// Commits the pending rows of <paramref name="path"/> and drops all others; the cache is compacted. The path begins with a row without
    /// parent and each next row is a child of the one before it. An empty path drops all pending rows.
    /// </summary>
    void CommitPath(ReadOnlySpan<int> path);

    /// <summary>Commits the first <paramref name="count"/> pending rows, which must form a chain (a prompt's chunk), and drops the others.</summary>
    void CommitChain(int count);

    /// <summary>Drops all pending rows and the committed rows from <paramref name="length"/> on.</summary>
    void Truncate(int length);

    /// <summary>
    /// Replaces the content by the first <paramref name="length"/> committed rows of another sequence of the same decoder: prefixes that
    /// requests share are computed once.
    /// </summary>
    void CopyPrefix(IDecoderSequence source, int length);
}
