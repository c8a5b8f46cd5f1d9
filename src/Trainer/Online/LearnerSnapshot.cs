using Atlas.Modeling;
using Atlas.Modeling.Training;

namespace Atlas.Trainer.Online;

/// <summary>What a checkpoint of a learner holds, copied at one moment: the published version, and the weights and moments that go on learning.</summary>
internal sealed class LearnerSnapshot
{
    public LearnerSnapshot(string name, string fingerprint, LearnedWeights published, ITrainableHead head, long updates)
    {
        State = new LearnerState(name, fingerprint, published.Number, published.ShadowScore, updates, published.HotVocabulary);
        head.ExportWeights(Learner);
        Published = WeightsInMemory.CopyOf(published.Weights, Learner.Tensors.Select(t => t.Name));
        head.ExportOptimizer(Learner);
    }

    /// <summary>Everything but tensors.</summary>
    public LearnerState State { get; }

    /// <summary>The published version's weights.</summary>
    public WeightsInMemory Published { get; }

    /// <summary>The learner's weights and moments.</summary>
    public WeightsInMemory Learner { get; } = new("a learner's weights and moments");
}
