namespace Atlas.Trainer.Pretraining;

/// <summary>
/// An endless numbered stream of documents. The same index gives the same document in every process (a generator keys its randomness by
/// seed and index, a corpus shuffles by seed and epoch), so a resumed run sees what the interrupted one would have seen.
/// </summary>
public interface IDocumentSource
{
    /// <summary>Document <paramref name="index"/>, from 0.</summary>
    TokenDocument Document(long index);
}
