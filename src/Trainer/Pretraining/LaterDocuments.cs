namespace Atlas.Trainer.Pretraining;

/// <summary>A stream of documents from a later one on: what a second run over it has not seen.</summary>
/// <param name="source">The whole stream.</param>
/// <param name="first">Its document that becomes number 0.</param>
public sealed class LaterDocuments(IDocumentSource source, long first) : IDocumentSource
{
    /// <inheritdoc/>
    public TokenDocument Document(long index) => source.Document(first + index);
}
