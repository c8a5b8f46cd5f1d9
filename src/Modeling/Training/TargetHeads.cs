using Atlas.Modeling.Engine;

namespace Atlas.Modeling.Training;

/// <summary>Heads over a target's hidden states.</summary>
/// <param name="engine">Where heads run; that of the target.</param>
/// <param name="target">The target's weights.</param>
/// <param name="config">Shape of the heads.</param>
public sealed class TargetHeads(IComputeEngine engine, IDecoder target, HeadConfig config) : IHeadFactory
{
    /// <inheritdoc/>
    public int VocabularySize => target.Config.VocabularySize;

    /// <inheritdoc/>
    public int StateWidth => target.Config.HiddenSize;

    /// <inheritdoc/>
    public int HotVocabularySize => Math.Min(config.HotVocabularySize, VocabularySize);

    /// <inheritdoc/>
    public int MaxRows => config.MaxRows;

    /// <inheritdoc/>
    public long LearnerBytes
    {
        get
        {
            // Weights, gradient and moments of the learner, weights of the reference and of one or two drafting heads, and what these have packed.
            long weights = 6L * StateWidth * config.IntermediateSize, rows = (long)StateWidth * config.HotVocabularySize;
            return 4 * (4 * weights + 3 * weights + 3 * rows) + 2 * 4 * (weights + rows);
        }
    }

    /// <inheritdoc/>
    public ITrainableHead Create(IWeightSource? initial, ulong seed) => engine.CreateTrainableHead(config, target, initial, seed);
}
