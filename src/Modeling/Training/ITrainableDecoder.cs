namespace Atlas.Modeling.Training;

/// <summary>
/// A decoder whose weights learn, in f32: pre-training and policy gradient alike. Deterministic: the same calls give the same bits. Called
/// from one thread at a time.
/// </summary>
public interface ITrainableDecoder : IDisposable
{
    /// <summary>Its shape.</summary>
    ModelConfig Config { get; }

    /// <summary>Optimizer updates applied so far.</summary>
    long UpdateCount { get; }

    /// <summary>
    /// Forward, loss, backward: adds the batch's gradient to the accumulated one. Returns the loss. Gradients of several batches add up
    /// until <see cref="Update"/>.
    /// </summary>
    double Accumulate(TokenBatch batch, ITokenLoss loss);

    /// <summary>
    /// Log-probability of each position's target under the current weights, in the batch's order; nothing is learned. Positions without a
    /// target get 0.
    /// </summary>
    void LogProbs(TokenBatch batch, Span<float> destination);

    /// <summary>Clips the accumulated gradient, applies one AdamW step and clears the gradient.</summary>
    UpdateReport Update(AdamWStep step);

    /// <summary>Writes the weights under their Hugging Face names.</summary>
    void ExportWeights(IWeightSink sink);

    /// <summary>Writes what resuming to the bit needs beside the weights: both moments of every tensor, under the tensor's name with a suffix.</summary>
    void ExportOptimizer(IWeightSink sink);

    /// <summary>Takes back what <see cref="ExportOptimizer"/> wrote, and the update count it belongs to.</summary>
    void ImportOptimizer(IWeightSource source, long updateCount);
}
