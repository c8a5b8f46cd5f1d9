namespace Atlas.Core.Decoding;

/// <summary>The model whose text comes out. Called from the decoding thread only.</summary>
public interface ITarget
{
    /// <summary>Most draft nodes one sequence may bring into a step.</summary>
    int MaxDraftNodes { get; }

    /// <summary>Most tokens of a sequence, prompt and output together.</summary>
    int ContextLength { get; }

    /// <summary>
    /// Whether the next <see cref="Verify"/> reaches the sequence's last token, so that drafting for it is of use; false while more of its
    /// prompt is unread than one forward takes.
    /// </summary>
    bool CanVerify(DecodeSequence sequence);

    /// <summary>Rows of the next <see cref="Verify"/> over the batch, without drafts and with them.</summary>
    ForwardRows RowsOf(ReadOnlySpan<DecodeSequence> batch);

    /// <summary>
    /// One forward over the batch: for each sequence the tokens its cache lacks, then its draft tree. Fills
    /// <see cref="DecodeSequence.Verified"/> with the target's own token after the last token and after every node (id -1 after a node where
    /// no token is possible, as a constraint may have it behind a draft token that it forbids). Drafts are cut, by
    /// <see cref="Drafting.DraftTree.Truncate"/>, to the rows that <see cref="RowsOf"/> leaves to them. A sequence whose missing
    /// tokens exceed its share of the forward gets a chunk of them read and stays unverified (<see cref="DecodeSequence.IsVerified"/>).
    /// </summary>
    void Verify(ReadOnlySpan<DecodeSequence> batch);

    /// <summary>Keeps the cache rows of the sequence's last token and of the draft nodes on <paramref name="path"/>; drops the others.</summary>
    void Commit(DecodeSequence sequence, ReadOnlySpan<int> path);

    /// <summary>Frees what the target holds for a sequence.</summary>
    void Release(DecodeSequence sequence);
}
