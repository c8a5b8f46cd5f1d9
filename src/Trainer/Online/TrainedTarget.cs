using Atlas.Modeling;
using Atlas.Modeling.Engine;
using Atlas.Modeling.Training;

namespace Atlas.Trainer.Online;

/// <summary>The target that a trainer teaches heads to follow.</summary>
/// <param name="Engine">Where heads run; that of the target.</param>
/// <param name="Decoder">The target's weights.</param>
/// <param name="Rows">Where its last forward's states are.</param>
/// <param name="MaxDraftNodes">Most draft nodes of a sequence in one step.</param>
/// <param name="Fingerprint">Identifies its weights; checkpoints are bound to it.</param>
/// <param name="Head">Shape of the heads.</param>
public sealed record TrainedTarget(
    IComputeEngine Engine, IDecoder Decoder, ITargetRows Rows, int MaxDraftNodes, string Fingerprint, HeadConfig Head)
{
    /// <summary>What every namespace begins with; null begins with random weights, of which nothing is published.</summary>
    public LearnedWeights? Base { get; init; }

    /// <summary>A new head.</summary>
    /// <param name="initial">Its weights; null draws random ones.</param>
    /// <param name="seed">Seed of those.</param>
    internal ITrainableHead NewHead(IWeightSource? initial, ulong seed) => Engine.CreateTrainableHead(Head, Decoder, initial, seed);

    /// <summary>A head with weights and hot vocabulary in place, ready to draft.</summary>
    internal ITrainableHead NewHead(LearnedWeights weights)
    {
        var head = NewHead(weights.Weights, 0);
        // This packs the weights too, so that the first draft need not.
        if (weights.HotVocabulary.Length > 0) head.SetHotVocabulary(weights.HotVocabulary);
        return head;
    }
}
