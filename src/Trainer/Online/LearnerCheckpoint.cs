using Atlas.Modeling.Checkpoints;

namespace Atlas.Trainer.Online;

/// <summary>A whole checkpoint of a learner, open for reading.</summary>
/// <param name="State">Everything but tensors.</param>
/// <param name="Published">The published version's weights.</param>
/// <param name="Learner">The learner's weights and moments.</param>
internal sealed record LearnerCheckpoint(LearnerState State, SafetensorsFile Published, SafetensorsFile Learner) : IDisposable
{
    /// <summary>The published version, copied to memory.</summary>
    public LearnedWeights Weights() => new(
        State.Version, Modeling.WeightsInMemory.CopyOf(Published, Published.Names), State.HotVocabulary, State.ShadowScore);

    /// <inheritdoc/>
    public void Dispose()
    {
        Published.Dispose();
        Learner.Dispose();
    }
}
