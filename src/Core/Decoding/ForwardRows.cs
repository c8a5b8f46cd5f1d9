namespace Atlas.Core.Decoding;

/// <summary>What the next target forward over a batch has room for.</summary>
/// <param name="Base">Rows it computes without any draft: the last token of every decoding sequence, and the prompt tokens that fit.</param>
/// <param name="Drafts">Most rows that drafts may take: those of decoding sequences' last tokens and the share of waiting prompts are left out.</param>
/// <param name="Most">Most rows of a forward; where prompts fill it up, drafts displace prompt tokens.</param>
public readonly record struct ForwardRows(int Base, int Drafts, int Most)
{
    /// <summary>Rows of the forward when drafts of <paramref name="nodes"/> nodes in all are verified in it.</summary>
    public int With(int nodes) => Math.Min(Base + nodes, Most);
}
