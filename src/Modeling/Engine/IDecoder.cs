namespace Atlas.Modeling.Engine;

/// <summary>A decoder loaded for inference. Its methods are called from one thread at a time.</summary>
public interface IDecoder : IDisposable
{
    /// <summary>Its shape.</summary>
    ModelConfig Config { get; }

    /// <summary>Its sizes, with the context length filled in.</summary>
    DecoderOptions Options { get; }

    /// <summary>Bytes of weights that a one-row forward reads: the floor of a plain decode step.</summary>
    long WeightBytesPerStep { get; }

    /// <summary>
    /// Bytes of keys and values that one cached token takes, all layers together; a step reads those of every token that it attends to.
    /// </summary>
    long CacheBytesPerToken { get; }

    /// <summary>Opens an empty sequence on a free cache slot.</summary>
    /// <exception cref="InvalidOperationException">All <see cref="DecoderOptions.MaxSequences"/> slots are taken.</exception>
    IDecoderSequence OpenSequence();

    /// <summary>
    /// Computes all rows of the plan in one pass. Afterwards they are pending rows of their sequences. The result is valid until the next
    /// forward of this decoder.
    /// </summary>
    /// <exception cref="ArgumentException">The plan is empty, too large, or names a token outside the vocabulary.</exception>
    IForwardResult Forward(BatchPlan plan);

    /// <summary>
    /// Replaces the weights by others of the same shape (reinforcement learning changes the target between steps). Open sequences keep
    /// their cache, which is then stale: callers truncate them to nothing.
    /// </summary>
    void ReplaceWeights(IWeightSource weights);
}
