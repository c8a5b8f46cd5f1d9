using Atlas.Core.Decoding;

namespace Atlas.Host.Service.Sidecar;

/// <summary>The target of another server, as the controller plans for it: it verifies there, and what came out is committed here.</summary>
/// <param name="maxDraftNodes">Most draft nodes of a sequence in one call.</param>
/// <param name="contextLength">Most tokens of a session.</param>
internal sealed class RemoteTarget(int maxDraftNodes, int contextLength) : ITarget
{
    /// <inheritdoc/>
    public int MaxDraftNodes => maxDraftNodes;

    /// <inheritdoc/>
    public int ContextLength => contextLength;

    /// <inheritdoc/>
    public bool CanVerify(DecodeSequence sequence) => true;

    /// <inheritdoc/>
    public ForwardRows RowsOf(ReadOnlySpan<DecodeSequence> batch)
    {
        int drafts = batch.Length * maxDraftNodes;
        return new(batch.Length, drafts, batch.Length + drafts);
    }

    /// <summary>Not to be called: the other server verifies.</summary>
    public void Verify(ReadOnlySpan<DecodeSequence> batch) => throw new NotSupportedException("the target runs in another server, which verifies");

    /// <summary>Nothing: the other server keeps its own caches.</summary>
    public void Commit(DecodeSequence sequence, ReadOnlySpan<int> path) { }

    /// <summary>Nothing: the other server keeps its own caches.</summary>
    public void Release(DecodeSequence sequence) { }
}
