namespace Atlas.Modeling.Training;

/// <summary>
/// A loss that depends on the model through the log-probabilities of the targets: cross-entropy, and policy gradients with clipped ratios
/// and a divergence penalty too.
/// </summary>
public interface ITokenLoss
{
    /// <summary>
    /// Returns the loss and writes its derivative by each position's log-probability. Positions without a target have log-probability 0, and
    /// their derivative is ignored.
    /// </summary>
    double Evaluate(TokenBatch batch, ReadOnlySpan<float> logProbs, Span<float> derivative);
}
