using Atlas.Core.Decoding;

namespace Atlas.Engine;

/// <summary>Never drafts: plain decoding, one token per target forward. Stateless.</summary>
public sealed class NoSpeculator : ISpeculator
{
    /// <inheritdoc/>
    public string Name => "none";

    /// <inheritdoc/>
    public void Propose(ReadOnlySpan<DecodeSequence> batch) { }

    /// <inheritdoc/>
    public void Release(DecodeSequence sequence) { }
}
