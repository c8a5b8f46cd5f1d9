namespace Atlas.Modeling.Training;

/// <summary>
/// One update of AdamW (decoupled weight decay, arXiv 1711.05101). Decay applies to matrices, not to norms and biases.
/// </summary>
/// <param name="LearningRate">Step size of this update, after any schedule.</param>
/// <param name="WeightDecay">Fraction of a weight taken away per unit of learning rate.</param>
/// <param name="ClipNorm">The gradient is scaled down to this Euclidean norm; 0 does not clip.</param>
/// <param name="Beta1">Decay of the first moment.</param>
/// <param name="Beta2">Decay of the second moment.</param>
/// <param name="Epsilon">Added to the root of the second moment.</param>
/// <param name="MuonMomentum">
/// Where above 0, the matrices of a decoder's blocks are moved by Muon with this momentum instead (arXiv 2502.16982), at the same rate; heads
/// do not look at it.
/// </param>
public sealed record AdamWStep(
    float LearningRate, float WeightDecay = 0.1f, float ClipNorm = 1f, float Beta1 = 0.9f, float Beta2 = 0.95f, float Epsilon = 1e-8f,
    float MuonMomentum = 0);
